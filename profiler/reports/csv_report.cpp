#include "profiler/reports/csv_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "profiler/reports/format.h"
#include "profiler/reports/function_order.h"

namespace mcusim::profiler {
namespace {

std::string layers(const Profile& profile) {
  std::string text = "layer,name,operator,output,macc,cycles,instructions,ms,percent";
  for (const CacheProfile& cache : profile.caches)
    text += fmt::format(",{0}_accesses,{0}_misses,{0}_conflict_misses", csv_field(cache.level));
  text += "\n";
  for (const LayerProfile& entry : profile.layers) {
    const double share = profile.work.cycles == 0 ? 0
                                                  : 100 * static_cast<double>(entry.cycles) /
                                                        static_cast<double>(profile.work.cycles);
    text += fmt::format("{},{},{},{},{},{},{},{:.6f},{:.3f}", entry.layer.index, csv_field(entry.layer.name),
                        csv_field(entry.layer.op), fmt::join(entry.layer.output_shape, "x"), entry.layer.macc,
                        entry.cycles, entry.instructions, profile.milliseconds(entry.cycles), share);
    for (std::size_t i = 0; i < profile.caches.size(); ++i) {
      // An empty cell is not known.
      const CacheShare share_of = i < entry.caches.size() ? entry.caches[i] : CacheShare{};
      text += i < entry.caches.size() ? fmt::format(",{},{},", share_of.accesses, share_of.misses) : ",,,";
      if (share_of.classes) text += std::to_string(share_of.classes->conflict);
    }
    text += "\n";
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
