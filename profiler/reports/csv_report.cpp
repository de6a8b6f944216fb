#include "profiler/reports/csv_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "profiler/reports/format.h"
#include "profiler/reports/function_order.h"

namespace mcusim::profiler {
namespace {

std::string layers(const Profile& profile) {
  std::string text = "layer,name,operator,output,macc,cycles,instructions,ms,percent\n";
  for (const LayerProfile& entry : profile.layers) {
    const double share = profile.work.cycles == 0 ? 0
                                                  : 100 * static_cast<double>(entry.cycles) /
                                                        static_cast<double>(profile.work.cycles);
    text +=
        fmt::format("{},{},{},{},{},{},{},{:.6f},{:.3f}\n", entry.layer.index, csv_field(entry.layer.name),
                    csv_field(entry.layer.op), fmt::join(entry.layer.output_shape, "x"), entry.layer.macc,
                    entry.cycles, entry.instructions, profile.milliseconds(entry.cycles), share);
  }
  return text;
}

std::string functions(const Profile& profile) {
  std::string text = "function,address,calls,self_cycles,total_cycles,self_instructions\n";
  for (const FunctionProfile* entry : functions_by_self_cycles(profile)) {
    text += fmt::format("{},0x{:08x},{},{},{},{}\n", csv_field(entry->name), entry->address, entry->calls,
                        entry->self_cycles, entry->total_cycles, entry->self_instructions);
  }
  return text;
}

}  // namespace

std::string csv_report(const Profile& profile) {
  return profile.layers.empty() ? functions(profile) : layers(profile);
}

}  // namespace mcusim::profiler
