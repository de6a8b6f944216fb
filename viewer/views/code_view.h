#pragma once

#include <optional>
#include <string>

#include "viewer/model/code.h"
#include "viewer/views/view.h"

namespace mcusim::viewer {

/// The functions, and of the selected one its source beside its instructions, each with what it cost.
class CodeView : public View {
 public:
  explicit CodeView(const profiler::Profile& profile);
  void draw(Frame& frame) override;
  void take_over(const View& before) override;
  const Table* table() const override { return &functions_; }

 private:
  /// Whether one was chosen.
  bool draw_functions(Frame& frame, ImVec2 size);
  void draw_function_choice(Frame& frame);
  void draw_source(Frame& frame);
  void draw_source_row(Frame& frame, const SourceRow& row, unsigned selected_line);
  void draw_instructions(Frame& frame);
  void draw_instruction(Frame& frame, const CodeRow& row);
  void draw_search(Frame& frame);

  const profiler::Profile& profile_;
  Table functions_;
  std::string filter_, search_;
  std::optional<std::size_t> shown_;  ///< The function that code_ is of.
  FunctionCode code_;
  std::optional<std::size_t> scroll_to_;  ///< A row of code_.instructions.
  float function_share_ = 0.24f, source_share_ = 0.36f;
};

}  // namespace mcusim::viewer
