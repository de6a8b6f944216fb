#include "viewer/window/theme.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace mcusim::viewer {
namespace {

/// Relative luminance of WCAG 2.2.
double luminance(ImU32 colour) {
  const ImVec4 of = ImGui::ColorConvertU32ToFloat4(colour);
  const auto linear = [](double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(of.x) + 0.7152 * linear(of.y) + 0.0722 * linear(of.z);
}

double contrast(ImU32 a, ImU32 b) {
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

constexpr double kReadable = 4.5;  ///< WCAG 2.2, 1.4.3.

TEST(Theme, TextIsReadableOverAnyHeat) {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    for (int percent = 0; percent <= 100; ++percent) {
      const ImU32 heat = theme->heat(percent / 100.0);
      EXPECT_GE(contrast(theme->text_over(heat), heat), kReadable) << percent;
    }
  }
}

TEST(Theme, TextIsReadableOnBackgroundPanelsAndBars) {
  for (const Theme* theme : {&dark_theme(), &light_theme()}) {
    for (const ImU32 below : {theme->background, theme->panel, theme->bar, theme->selected_row})
      EXPECT_GE(contrast(theme->text, below), kReadable);
    EXPECT_GE(contrast(theme->dim_text, theme->background), kReadable);
  }
}

TEST(Theme, TextIsReadableOnEveryKindOfThing) {
  for (const Theme* theme : {&dark_theme(), &light_theme()})
    for (std::size_t i = 0; i < 24; ++i)
      EXPECT_GE(contrast(theme->text_over(theme->category(i)), theme->category(i)), kReadable) << i;
}

}  // namespace
}  // namespace mcusim::viewer
