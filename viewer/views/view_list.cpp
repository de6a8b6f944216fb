#include "viewer/views/view_list.h"

#include "common/error.h"
#include "viewer/views/caches_view.h"
#include "viewer/views/calls_view.h"
#include "viewer/views/code_view.h"
#include "viewer/views/compare_view.h"
#include "viewer/views/layers_view.h"
#include "viewer/views/memory_view.h"
#include "viewer/views/summary_view.h"
#include "viewer/views/timeline_view.h"

namespace mcusim::viewer {

using profiler::Profile;

namespace {

template <typename Kind>
std::unique_ptr<View> make(const Profile& profile, const Profile*) {
  return std::make_unique<Kind>(profile);
}

std::unique_ptr<View> make_compare(const Profile& profile, const Profile* other) {
  return std::make_unique<CompareView>(profile, other);
}

constexpr ViewKind kKinds[] = {
    {"summary", "Summary", make<SummaryView>},    {"layers", "Layers", make<LayersView>},
    {"calls", "Calls", make<CallsView>},          {"code", "Code", make<CodeView>},
    {"timeline", "Timeline", make<TimelineView>}, {"memory", "Memory", make<MemoryView>},
    {"caches", "Caches", make<CachesView>},       {"compare", "Compare", make_compare}};

}  // namespace

std::span<const ViewKind> view_kinds() { return kKinds; }

std::size_t find_view(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (kKinds[i].name == name) return i;
    known += (known.empty() ? "" : ", ") + std::string(kKinds[i].name);
  }
  throw InputError("--view " + std::string(name) + ": not a view; use one of " + known);
}

}  // namespace mcusim::viewer
