#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// Columns of one row of the diagram that were spent on the same: [begin, end), cycles since the window
/// began.
struct PipelineCell {
  static constexpr std::size_t kUnknown = ~std::size_t{0};

  Cycles begin = 0, end = 0;
  std::size_t cause = kUnknown;  ///< Index into Profile::stall_causes; kUnknown: the timing does not tell.
};

/// One step of a trace window. Cycles count from the begin of the window.
struct PipelineRow {
  Cycles begin = 0, end = 0;    ///< Equal where it was issued beside the row before.
  std::optional<Cycles> issue;  ///< The cycle of its issue.
  bool is_younger = false;      ///< In the second slot.
  bool is_landing = false;      ///< It does not stand behind the row before in memory.
};

/// The diagram that a student draws of a trace window: instructions downwards, cycles to the right.
///
/// A step's cycles stand in the order in which the timing spent them: what an instruction waited for before
/// its issue, and what it took or waited for behind it.
class PipelineDiagram {
 public:
  /// The profile must outlive it.
  explicit PipelineDiagram(const profiler::Profile& profile);

  const std::vector<PipelineRow>& rows() const { return rows_; }
  Cycles cycles() const { return rows_.empty() ? 0 : rows_.back().end; }
  /// What the whole window was spent on.
  const profiler::CyclesByCause& spent() const { return spent_; }

  const profiler::TracedStep& step(std::size_t row) const { return trace_.steps[row]; }
  /// The row's columns but for its issue, from left to right.
  std::vector<PipelineCell> cells(std::size_t row) const;
  /// The instruction, or what stands for it.
  std::string text(std::size_t row) const;

  /// The next row from `row` on, itself excluded, that loses a cycle; nothing when there is none.
  std::optional<std::size_t> next_stall(std::size_t row) const;
  std::optional<std::size_t> previous_stall(std::size_t row) const;

 private:
  bool stalls(std::size_t row) const;
  const profiler::TraceWindow::Code* code_at(Address address) const;

  const profiler::TraceWindow& trace_;
  const std::vector<std::string>& causes_;
  std::size_t issue_ = PipelineCell::kUnknown;  ///< The cause that is no stall.
  std::vector<PipelineRow> rows_;
  profiler::CyclesByCause spent_;
};

/// Two letters that stand for a cause in a narrow cell: "lu" for load_use.
std::string cause_code(std::string_view name);

}  // namespace mcusim::viewer
