#include "viewer/views/view_list.h"

#include "common/error.h"
#include "viewer/views/caches_view.h"
#include "viewer/views/calls_view.h"
#include "viewer/views/code_view.h"
#include "viewer/views/compare_view.h"
#include "viewer/views/layers_view.h"
#include "viewer/views/memory_view.h"
#include "viewer/views/network_view.h"
#include "viewer/views/pipeline_view.h"
#include "viewer/views/summary_view.h"
#include "viewer/views/timeline_view.h"

namespace mcusim::viewer {

using profiler::Profile;
using profiler::Reference;

namespace {

template <typename Kind>
std::unique_ptr<View> make(const Profile& profile, const Reference*) {
  return std::make_unique<Kind>(profile);
}

template <typename Kind>
std::unique_ptr<View> make_comparing(const Profile& profile, const Reference* other) {
  return std::make_unique<Kind>(profile, other);
}

constexpr ViewKind kKinds[] = {{"summary", "Summary", make_comparing<SummaryView>},
                               {"layers", "Layers", make<LayersView>},
                               {"network", "Network", make<NetworkView>},
                               {"calls", "Calls", make<CallsView>},
                               {"code", "Code", make<CodeView>},
                               {"pipeline", "Pipeline", make<PipelineView>},
                               {"timeline", "Timeline", make<TimelineView>},
                               {"memory", "Memory", make<MemoryView>},
                               {"caches", "Caches", make<CachesView>},
                               {"compare", "Compare", make_comparing<CompareView>}};

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
