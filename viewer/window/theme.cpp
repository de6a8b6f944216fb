#include "viewer/window/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mcusim::viewer {
namespace {

constexpr ImU32 rgb(unsigned hex) {
  return IM_COL32((hex >> 16) & 0xff, (hex >> 8) & 0xff, hex & 0xff, 0xff);
}

constexpr std::array kCategories = {rgb(0x56b4e9), rgb(0xe69f00), rgb(0x009e73), rgb(0xcc79a7),
                                    rgb(0xf0e442), rgb(0xd55e00), rgb(0x3f8fd0), rgb(0xa5a5a5)};

ImU32 mixed(ImU32 from, ImU32 to, double share) {
  ImU32 colour = 0;
  for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT, IM_COL32_A_SHIFT}) {
    const double a = (from >> shift) & 0xff, b = (to >> shift) & 0xff;
    colour |= static_cast<ImU32>(a + (b - a) * share + 0.5) << shift;
  }
  return colour;
}

ImVec4 as_vector(ImU32 colour) { return ImGui::ColorConvertU32ToFloat4(colour); }

}  // namespace

ImU32 Theme::category(std::size_t n) const {
  // Behind the eighth the colours come again, mixed with the background.
  const std::size_t round = std::min<std::size_t>(n / kCategories.size(), 2);
  return mixed(kCategories[n % kCategories.size()], background, 0.3 * static_cast<double>(round));
}

ImU32 Theme::of_name(std::string_view name) const {
  std::size_t hash = 5381;
  for (const char c : name) hash = hash * 33 + static_cast<unsigned char>(c);
  return category(hash % kCategories.size());
}

ImU32 Theme::heat(double share) const {
  // Its lightness alone tells the value; the hue only helps.
  return mixed(background, is_dark ? rgb(0xe69f00) : rgb(0xd55e00), 0.85 * std::clamp(share, 0.0, 1.0));
}

ImU32 Theme::text_over(ImU32 colour) const {
  // Contrast by WCAG 2.2: with relative luminances, (lighter + 0.05) / (darker + 0.05).
  const auto luminance = [](ImU32 of) {
    const auto linear = [&](int shift) {
      const double value = ((of >> shift) & 0xff) / 255.0;
      return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(IM_COL32_R_SHIFT) + 0.7152 * linear(IM_COL32_G_SHIFT) +
           0.0722 * linear(IM_COL32_B_SHIFT);
  };
  const double below = luminance(colour) + 0.05;
  return 1.05 / below > below / 0.05 ? IM_COL32_WHITE : IM_COL32_BLACK;
}

const Theme& dark_theme() {
  static const Theme theme{true,          rgb(0xe6e6e6), rgb(0x9aa0a6), rgb(0x1b1d21),
                           rgb(0x25282d), rgb(0x44484f), rgb(0xffffff), rgb(0x3d434c),
                           rgb(0x24587a), rgb(0xe69f00), rgb(0x6a6f77)};
  return theme;
}

const Theme& light_theme() {
  static const Theme theme{false,         rgb(0x1a1a1a), rgb(0x5f6368), rgb(0xffffff),
                           rgb(0xf1f3f4), rgb(0xc4c8cc), rgb(0x000000), rgb(0xdfe3e8),
                           rgb(0xa9d3ee), rgb(0xb04a00), rgb(0xb5b9bf)};
  return theme;
}

void apply(const Theme& theme, float font_pixels) {
  ImGuiStyle style;
  if (theme.is_dark) {
    ImGui::StyleColorsDark(&style);
  } else {
    ImGui::StyleColorsLight(&style);
  }
  const ImVec4 accent = as_vector(theme.bar);
  const std::pair<ImGuiCol, ImVec4> colours[] = {{ImGuiCol_Text, as_vector(theme.text)},
                                                 {ImGuiCol_TextDisabled, as_vector(theme.dim_text)},
                                                 {ImGuiCol_WindowBg, as_vector(theme.background)},
                                                 {ImGuiCol_PopupBg, as_vector(theme.panel)},
                                                 {ImGuiCol_MenuBarBg, as_vector(theme.panel)},
                                                 {ImGuiCol_FrameBg, as_vector(theme.panel)},
                                                 {ImGuiCol_Border, as_vector(theme.line)},
                                                 {ImGuiCol_Separator, as_vector(theme.line)},
                                                 {ImGuiCol_TableHeaderBg, as_vector(theme.panel)},
                                                 {ImGuiCol_Header, as_vector(theme.selected_row)},
                                                 {ImGuiCol_HeaderHovered, as_vector(theme.selected_row)},
                                                 {ImGuiCol_HeaderActive, as_vector(theme.selected_row)},
                                                 {ImGuiCol_Tab, as_vector(theme.panel)},
                                                 {ImGuiCol_TabActive, accent},
                                                 {ImGuiCol_TabHovered, accent},
                                                 {ImGuiCol_TabUnfocused, as_vector(theme.panel)},
                                                 {ImGuiCol_TabUnfocusedActive, accent},
                                                 {ImGuiCol_Button, as_vector(theme.panel)},
                                                 {ImGuiCol_ButtonHovered, accent},
                                                 {ImGuiCol_ButtonActive, accent}};
  for (const auto& [which, colour] : colours) style.Colors[which] = colour;
  // ImGui's distances suit its font of 13 pixels.
  style.ScaleAllSizes(std::max(1.0f, font_pixels / 14));
  style.WindowRounding = 0;
  style.FrameBorderSize = 1;
  ImGui::GetStyle() = style;
}

}  // namespace mcusim::viewer
