#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mcusim::viewer {

/// Keys that the viewer knows; letters stand in the order of the alphabet, digits of their value.
enum class Key : std::uint8_t {
  tab,
  left,
  right,
  up,
  down,
  page_up,
  page_down,
  home,
  end,
  insert,
  del,
  backspace,
  space,
  enter,
  escape,
  plus,
  minus,
  f1,
  f5,
  digit_0,
  digit_1,
  digit_2,
  digit_3,
  digit_4,
  digit_5,
  digit_6,
  digit_7,
  digit_8,
  digit_9,
  a,
  b,
  c,
  d,
  e,
  f,
  g,
  h,
  i,
  j,
  k,
  l,
  m,
  n,
  o,
  p,
  q,
  r,
  s,
  t,
  u,
  v,
  w,
  x,
  y,
  z,
  count
};
using KeySet = std::bitset<static_cast<std::size_t>(Key::count)>;

enum class MouseButton : std::uint8_t { left, right, middle };
inline constexpr std::size_t kMouseButtons = 3;

/// What the user did since the frame before. A window fills it; tests fill it by hand.
struct Input {
  float width = 1280, height = 800;  ///< Pixels to draw on.
  float dpi_scale = 1;               ///< Of the display: 2 where everything is to be twice as large.
  float seconds = 1.0f / 60;         ///< Since the frame before.
  float mouse_x = -1, mouse_y = -1;  ///< Pixels; negative: not over the window.
  std::bitset<kMouseButtons> buttons;
  float wheel = 0;  ///< Steps, away from the user.
  KeySet keys;      ///< Held down.
  KeySet pressed;   ///< Went down in this frame.
  bool ctrl = false, shift = false, alt = false;
  std::u32string text;
  std::vector<std::string> dropped_files;
  bool was_uncovered = false;  ///< The desktop lost what the window showed.

  /// Whether the user did nothing since `before`, so that a frame would look as the last one.
  bool is_quiet_since(const Input& before) const {
    return wheel == 0 && pressed.none() && keys.none() && buttons == before.buttons && text.empty() &&
           dropped_files.empty() && mouse_x == before.mouse_x && mouse_y == before.mouse_y &&
           width == before.width && height == before.height && dpi_scale == before.dpi_scale &&
           ctrl == before.ctrl && shift == before.shift && !was_uncovered;
  }
  bool is_down(Key key) const { return keys[static_cast<std::size_t>(key)]; }
  bool is_pressed(Key key) const { return pressed[static_cast<std::size_t>(key)]; }
};

}  // namespace mcusim::viewer
