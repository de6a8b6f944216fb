#include "profiler/reports/text_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "profiler/reports/cache_report.h"
#include "profiler/reports/check_report.h"
#include "profiler/reports/format.h"
#include "profiler/reports/io_report.h"
#include "profiler/reports/stall_report.h"

namespace mcusim::profiler {
namespace {

std::string share_of_part(Bytes used, Bytes size) {
  return size == 0 ? fmt::format("{} B", grouped(used))
                   : fmt::format("{} B of {} KiB ({} %)", grouped(used), grouped(size / 1024),
                                 percent_of(used, size));
}

constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;
constexpr std::array<bool, kColumns> kLeftAligned{false, true, true, false, false, false, false, false};

std::string table(const std::vector<Row>& rows) {
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i) {
      line += kLeftAligned[i] ? fmt::format("{:<{}}  ", row[i], widths[i])
                              : fmt::format("{:>{}}  ", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::uint64_t total_macc(const Profile& profile) {
  std::uint64_t macc = 0;
  for (const LayerProfile& entry : profile.layers) macc += entry.layer.macc;
  return macc;
}

std::string layer_table(const Profile& profile) {
  std::vector<Row> rows{{"layer", "name", "operator", "output", "MACC", "cycles", "ms", "%"}};
  const auto add = [&](const std::array<std::string, 5>& what, Cycles cycles) {
    rows.push_back({what[0], what[1], what[2], what[3], what[4], grouped(cycles),
                    fmt::format("{:.3f}", profile.milliseconds(cycles)),
                    percent_of(cycles, profile.work.cycles)});
  };
  Cycles in_layers = 0;
  for (const LayerProfile& entry : profile.layers) {
    in_layers += entry.cycles;
    add({std::to_string(entry.layer.index), shortened(entry.layer.name), entry.layer.op,
         fmt::format("{}", fmt::join(entry.layer.output_shape, "x")), grouped(entry.layer.macc)},
        entry.cycles);
  }
  const bool network = !profile.inference_cycles.empty();
  add({"", network ? "between layers" : "outside", "", "", ""}, profile.work.cycles - in_layers);
  add({"", network ? "inference" : "run", "", "", network ? grouped(total_macc(profile)) : ""},
      profile.work.cycles);
  return table(rows);
}

std::string inference_line(const Profile& profile) {
  const auto [least, most] = std::ranges::minmax(profile.inference_cycles);
  std::string text =
      fmt::format("inferences   {}, cycles {} (first), {} (last)", profile.inference_cycles.size(),
                  grouped(profile.inference_cycles.front()), grouped(profile.inference_cycles.back()));
  if (profile.inference_cycles.size() > 2) text += fmt::format(", {} to {}", grouped(least), grouped(most));
  if (const std::uint64_t macc = total_macc(profile); macc > 0) {
    text += fmt::format("; {:.2f} cycles per MACC",
                        static_cast<double>(profile.work.cycles) / static_cast<double>(macc));
  }
  return text + "\n";
}

std::string stack_text(const MemoryUse& memory) {
  if (!memory.stack_size) return "unknown (no symbols __stack_limit and __stack_top)";
  if (!memory.stack_peak)
    return fmt::format("unknown, no paint is left in its {} B", grouped(*memory.stack_size));
  return fmt::format("{} B of {} B", grouped(*memory.stack_peak), grouped(*memory.stack_size));
}

std::string_view describe(emulator::StopReason reason) {
  using emulator::StopReason;
  switch (reason) {
    case StopReason::probe:
      return "reached the symbol of --until";
    case StopReason::self_branch:
      return "the firmware stopped in a loop";
    case StopReason::sleep:
      return "the firmware sleeps and nothing can wake it";
    case StopReason::fault:
      return "FAULT";
    case StopReason::cycle_limit:
      return "stopped by the limit of cycles or time";
    case StopReason::exit_request:
      return "the firmware asked to end";
    case StopReason::requested:
      return "reached the text of --until";
    case StopReason::idle:
      return "silent, and its input at its end";
    case StopReason::step:
      return "stopped after one instruction";
    case StopReason::watchpoint:
      return "stopped at a watchpoint";
    case StopReason::breakpoint:
      return "stopped at a BKPT";
    case StopReason::killed:
      return "ended by the debugger";
  }
  return "?";
}

}  // namespace

std::string text_report(const Profile& profile) {
  std::string text =
      fmt::format("{} on {} ({}, {:g} MHz, board {}), engine {}, timing: {}\n",
                  profile.network.value_or(profile.file), profile.mcu, profile.core,
                  static_cast<double>(profile.clock) / 1e6, profile.board, profile.engine, profile.timing);
  if (!profile.layers.empty() || !profile.inference_cycles.empty()) text += "\n" + layer_table(profile);
  if (const std::string stalls = stall_report(profile); !stalls.empty()) text += "\n" + stalls;
  if (const std::string caches = cache_report(profile); !caches.empty()) text += "\n" + caches;
  if (!profile.inference_cycles.empty()) text += "\n" + inference_line(profile);
  text += fmt::format("whole run    {} cycles, {} instructions, {:.3f} ms\n", grouped(profile.run.cycles),
                      grouped(profile.run.instructions), profile.run_milliseconds());
  text +=
      fmt::format("flash        {}\n", share_of_part(profile.memory.flash_used, profile.memory.flash_size));
  text += fmt::format("RAM          {}\n", profile.memory.ram_used ? share_of_part(*profile.memory.ram_used,
                                                                                   profile.memory.ram_size)
                                                                   : std::string("unknown"));
  text += fmt::format("stack peak   {}\n", stack_text(profile.memory));
  text +=
      fmt::format("heap peak    {}\n", profile.memory.heap_peak ? grouped(*profile.memory.heap_peak) + " B"
                                                                : std::string("unknown"));
  text += fmt::format("ended        {} at 0x{:08x}{}{}\n", describe(profile.stop.reason), profile.end_pc(),
                      profile.stop_function.empty() ? "" : " in " + profile.stop_function,
                      profile.stop.detail.empty() ? "" : ": " + profile.stop.detail);
  text += check_report(profile);
  text += io_report(profile);
  if (profile.timing == "table") {
    text +=
        "timing       documented instruction costs only: caches, wait states and pairing are not modelled\n";
  }
  for (const std::string& name : profile.not_modelled) text += fmt::format("not modelled {}\n", name);
  return text;
}

}  // namespace mcusim::profiler
