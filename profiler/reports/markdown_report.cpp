#include "profiler/reports/markdown_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "profiler/reports/cache_report.h"
#include "profiler/reports/check_report.h"
#include "profiler/reports/format.h"
#include "profiler/reports/function_order.h"

namespace mcusim::profiler {
namespace {

constexpr std::size_t kMostFunctions = 20;

/// What Markdown would take for a column or a tag.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '<') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string layers(const Profile& profile) {
  std::string text = "\n| layer | name | operator | output | MACC | cycles | ms | % |\n";
  text += "|---:|---|---|---|---:|---:|---:|---:|\n";
  for (const LayerProfile& entry : profile.layers) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {:.3f} | {} |\n", entry.layer.index,
                        cell(shortened(entry.layer.name)), cell(entry.layer.op),
                        fmt::join(entry.layer.output_shape, "x"), grouped(entry.layer.macc),
                        grouped(entry.cycles), profile.milliseconds(entry.cycles),
                        percent_of(entry.cycles, profile.work.cycles));
  }
  return text;
}

std::string functions(const Profile& profile) {
  const auto sorted = functions_by_self_cycles(profile);
  std::string text = "\n| function | calls | self cycles | % | total cycles |\n|---|---:|---:|---:|---:|\n";
  for (std::size_t i = 0; i < std::min(sorted.size(), kMostFunctions); ++i) {
    const FunctionProfile& entry = *sorted[i];
    text += fmt::format("| {} | {} | {} | {} | {} |\n", cell(entry.name), grouped(entry.calls),
                        grouped(entry.self_cycles), percent_of(entry.self_cycles, profile.work.cycles),
                        grouped(entry.total_cycles));
  }
  if (sorted.size() > kMostFunctions)
    text += fmt::format("\n{} more functions\n", sorted.size() - kMostFunctions);
  return text;
}

std::string findings(const CheckResult& check) {
  std::string text = fmt::format("\nCheck {}: {}\n", check.name, check_summary(check));
  if (check.places != 0) text += "\n";
  for (const std::string& line : check_findings(check)) text += fmt::format("* {}\n", cell(line));
  return text;
}

std::string memory(const MemoryUse& memory) {
  const auto known = [](const std::optional<Bytes>& value) {
    return value ? grouped(*value) : std::string("unknown");
  };
  return fmt::format(
      "\n| memory | bytes | of |\n|---|---:|---:|\n"
      "| flash | {} | {} |\n| RAM | {} | {} |\n| stack peak | {} | {} |\n| heap peak | {} | |\n",
      grouped(memory.flash_used), grouped(memory.flash_size), known(memory.ram_used),
      grouped(memory.ram_size), known(memory.stack_peak), known(memory.stack_size), known(memory.heap_peak));
}

}  // namespace

std::string markdown_report(const Profile& profile) {
  std::string text =
      fmt::format("# {} on {}\n\n{} at {:g} MHz, board {}, timing {}: {} cycles, {:.3f} ms\n",
                  cell(profile.network.value_or(profile.file)), cell(profile.mcu), cell(profile.core),
                  static_cast<double>(profile.clock) / 1e6, cell(profile.board), profile.timing,
                  grouped(profile.work.cycles), profile.work_milliseconds());
  if (!profile.layers.empty()) text += layers(profile);
  if (!profile.functions.empty()) text += functions(profile);
  text += cache_markdown(profile);
  text += memory(profile.memory);
  for (const CheckResult& check : profile.checks) text += findings(check);
  for (const std::string& what : profile.not_modelled)
    text += fmt::format("\nNot modelled: {}\n", cell(what));
  return text;
}

}  // namespace mcusim::profiler
