#include "viewer/model/causes.h"

#include <algorithm>
#include <numeric>

#include "profiler/reports/format.h"

namespace mcusim::viewer {

std::vector<CauseShare> causes_by_cycles(const profiler::CyclesByCause& stalls) {
  std::vector<CauseShare> shares;
  for (std::size_t i = 0; i < stalls.size(); ++i)
    if (stalls[i] != 0) shares.push_back({i, stalls[i]});
  std::ranges::stable_sort(shares, std::ranges::greater(), &CauseShare::cycles);
  return shares;
}

std::string worst_stall(const profiler::Profile& profile, const profiler::CyclesByCause& stalls) {
  const Cycles all = std::accumulate(stalls.begin(), stalls.end(), Cycles{0});
  for (const CauseShare& share : causes_by_cycles(stalls)) {
    const std::string& name = profile.stall_causes[share.cause];
    if (name != "issue") return name + " " + profiler::percent_of(share.cycles, all);
  }
  return "";
}

}  // namespace mcusim::viewer
