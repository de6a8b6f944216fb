#include "profiler/reports/function_order.h"

#include <algorithm>

namespace mcusim::profiler {

std::vector<const FunctionProfile*> functions_by_self_cycles(const Profile& profile) {
  std::vector<const FunctionProfile*> sorted;
  for (const FunctionProfile& function : profile.functions)
    if (function.calls != 0 || function.self_cycles != 0) sorted.push_back(&function);
  std::ranges::sort(sorted, [](const FunctionProfile* a, const FunctionProfile* b) {
    return a->self_cycles != b->self_cycles ? a->self_cycles > b->self_cycles : a->address < b->address;
  });
  return sorted;
}

}  // namespace mcusim::profiler
