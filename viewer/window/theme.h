#pragma once

#include <imgui.h>

#include <cstddef>
#include <string_view>

namespace mcusim::viewer {

/// Colours of everything that is drawn. Bars, boxes and curves take the colours of Okabe and Ito (Color
/// Universal Design, 2008), which readers with any colour vision tell apart; a word or number always says
/// the same as a colour.
struct Theme {
  bool is_dark = true;
  ImU32 text = 0, dim_text = 0, background = 0, panel = 0, line = 0;
  ImU32 selected = 0;  ///< Frame around what is selected.
  ImU32 selected_row = 0;
  ImU32 bar = 0;  ///< Behind numbers.
  ImU32 warning = 0;
  ImU32 merged = 0;  ///< Several things in one pixel.

  /// A colour for the n-th kind of thing.
  ImU32 category(std::size_t n) const;
  /// The same name has the same colour in every view.
  ImU32 of_name(std::string_view name) const;
  /// Black or white, whichever is easier to read over a colour.
  ImU32 text_over(ImU32 colour) const;
  /// From cold (0) to hot (1), darker or brighter all the way.
  ImU32 heat(double share) const;
};

const Theme& dark_theme();
const Theme& light_theme();

/// Sets ImGui's own colours and its distances, which grow with the font.
void apply(const Theme& theme, float font_pixels);

}  // namespace mcusim::viewer
