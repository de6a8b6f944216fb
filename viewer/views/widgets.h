#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "viewer/model/axis.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// The height of a line of text; sizes that are to grow with the font are multiples of it.
float em();

void dim_text(const Frame& frame, std::string_view text);
/// Wraps; says why a view is empty and what to do about it.
void empty_note(const Frame& frame, std::string_view text);
void heading(const Frame& frame, std::string_view text);
/// Behind the last item, or below it where there is no room; wraps.
void note_beside(const Frame& frame, std::string_view text);

/// Keeps where the last item was drawn.
void mark_item(Frame& frame, std::string name);

/// Text on the rest of the line or cell, or in `least_room` where that is wider. Where it is too wide it is
/// cut with "..", and pointing at it shows it.
void draw_cut_text(std::string_view text, float least_room = 0);

/// Text inside a box, cut with ".." where it is too wide, left out where nothing would be readable.
void draw_text_in(ImDrawList& list, const Rectangle& box, ImU32 colour, std::string_view text);

/// "used of size" as a bar of this width with `text` on it; `share` above 1 fills it in the warning colour.
void draw_bar(const Frame& frame, double share, float width, std::string_view text);

/// Cycles by cause as one bar, with a legend of the causes below when `with_legend`.
void draw_causes(const Frame& frame, const profiler::Profile& profile, const profiler::CyclesByCause& stalls,
                 float width, bool with_legend);

/// A box for the word that rows must contain.
void draw_filter(Frame& frame, const char* id, std::string& text, Table& table, std::string_view hint);

/// A number at the right edge of a table's cell over a bar; colour 0 is that of bars.
void draw_bar_cell(const Frame& frame, double share, std::string_view text, ImU32 colour = 0);

/// How a table of many columns is shown.
enum class TableFit : std::uint8_t {
  scrolls,  ///< All of them, side by side.
  /// The first, as wide as there is room, and the second; a click on a heading with the right button shows
  /// the others.
  two_columns
};

/// The rows of a table with sortable columns; a click or Enter chooses a row. Columns without a value of
/// their own are aligned left. Returns what was chosen in this frame.
std::optional<std::size_t> draw_table(Frame& frame, const char* id, Table& table,
                                      std::optional<std::size_t> selected, ImVec2 size = {0, 0},
                                      TableFit fit = TableFit::scrolls);

/// Round values of an axis that lies above or below `box`: their marks and, where there is room, what
/// `text_of` says of them.
void draw_axis(const Frame& frame, const Rectangle& box, const Axis& axis, double unit,
               const std::function<std::string(double)>& text_of);

/// Wheel, W, S and + - zoom, dragging with the right button, A and D pan what lies in `box`, Home shows all.
void navigate(const Frame& frame, const Rectangle& box, bool is_hovered, Axis& axis);

/// The gap between two parts of the current window; dragging it changes the `share` of the first. Call it
/// between the two.
void splitter(const char* id, bool side_by_side, float& share);

}  // namespace mcusim::viewer
