#include "viewer/model/pipeline.h"

#include <fmt/format.h>

#include <algorithm>

namespace mcusim::viewer {

using profiler::TracedStep;
using profiler::TraceWindow;

PipelineDiagram::PipelineDiagram(const profiler::Profile& profile)
    : trace_(profile.trace), causes_(profile.stall_causes), spent_(profile.stall_causes.size()) {
  const auto issue = std::ranges::find(causes_, "issue");
  if (issue != causes_.end()) issue_ = static_cast<std::size_t>(issue - causes_.begin());
  Cycles now = 0;
  std::optional<Address> next;
  for (const TracedStep& step : trace_.steps) {
    PipelineRow& row = rows_.emplace_back();
    row.begin = now;
    row.end = now += step.cycles;
    row.is_landing = step.address != next;
    const TraceWindow::Code* code = code_at(step.address);
    next.reset();
    if (code != nullptr && step.kind != TracedStep::Kind::exception) next = code->address + code->size;
    for (const TracedStep::Part& part : step.spent) spent_[part.cause] += part.cycles;
    if (step.kind == TracedStep::Kind::exception) continue;
    // Without a cycle of issue it shared that of the row before, even if memory then made it wait.
    const bool has_issue = step.spent.empty()
                               ? step.cycles != 0
                               : std::ranges::any_of(step.spent, [&](const TracedStep::Part& part) {
                                   return part.cause == issue_;
                                 });
    row.is_younger = !has_issue;
    if (!has_issue) {
      // Of the first row that was before the window.
      if (row.begin != 0) row.issue = row.begin - 1;
      continue;
    }
    row.issue = row.begin;
    for (const TracedStep::Part& part : step.spent) {
      if (part.cause == issue_) break;
      *row.issue += part.cycles;
    }
  }
}

std::vector<PipelineCell> PipelineDiagram::cells(std::size_t index) const {
  const PipelineRow& row = rows_[index];
  const TracedStep& step = trace_.steps[index];
  std::vector<PipelineCell> cells;
  Cycles at = row.begin;
  const auto add = [&](Cycles cycles, std::size_t cause) {
    if (cycles == 0) return;
    if (row.issue == at && !row.is_younger) ++at;
    cells.push_back({at, at + cycles, cause});
    at += cycles;
  };
  if (step.spent.empty()) {
    if (step.cycles > 1) add(step.cycles - 1, PipelineCell::kUnknown);
    return cells;
  }
  for (const TracedStep::Part& part : step.spent) {
    const bool is_first_issue = part.cause == issue_ && row.issue == at;
    add(is_first_issue ? part.cycles - 1 : part.cycles, part.cause);
  }
  return cells;
}

const TraceWindow::Code* PipelineDiagram::code_at(Address address) const {
  const auto found = std::ranges::lower_bound(trace_.code, address, {}, &TraceWindow::Code::address);
  return found != trace_.code.end() && found->address == address ? &*found : nullptr;
}

std::string PipelineDiagram::text(std::size_t row) const {
  const TracedStep& step = trace_.steps[row];
  if (step.kind == TracedStep::Kind::exception) return "(entry of an exception)";
  const TraceWindow::Code* code = code_at(step.address);
  const std::string text = code == nullptr || code->text.empty() ? "?" : code->text;
  return step.kind == TracedStep::Kind::suppressed ? fmt::format("({})", text) : text;
}

bool PipelineDiagram::stalls(std::size_t row) const {
  return std::ranges::any_of(trace_.steps[row].spent, [&](const TracedStep::Part& part) {
    return part.cause != issue_ && part.cycles != 0;
  });
}

std::optional<std::size_t> PipelineDiagram::next_stall(std::size_t row) const {
  for (std::size_t i = row + 1; i < rows_.size(); ++i)
    if (stalls(i)) return i;
  return std::nullopt;
}

std::optional<std::size_t> PipelineDiagram::previous_stall(std::size_t row) const {
  for (std::size_t i = std::min(row, rows_.size()); i-- > 0;)
    if (stalls(i)) return i;
  return std::nullopt;
}

std::string cause_code(std::string_view name) {
  const std::size_t second = name.find('_');
  if (second == std::string_view::npos || second + 1 == name.size()) return std::string(name.substr(0, 2));
  return {name[0], name[second + 1]};
}

}  // namespace mcusim::viewer
