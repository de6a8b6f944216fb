#pragma once

#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "emulator/timing/cache_watch.h"
#include "profiler/function_table.h"
#include "profiler/memory_owners.h"
#include "profiler/profile.h"
#include "profiler/set_heat.h"

namespace mcusim::profiler {

/// Finds out who misses in the caches of a machine, and why, over the whole run or over windows of it, of
/// which the last one that ended counts.
class CacheRecorder {
 public:
  /// Both must outlive it.
  CacheRecorder(emulator::Machine& machine, const emulator::Image& image);
  ~CacheRecorder();
  CacheRecorder(const CacheRecorder&) = delete;
  CacheRecorder& operator=(const CacheRecorder&) = delete;

  void begin_window();
  void end_window();
  /// Time goes on; from one look to the next accesses of the sets are spread evenly.
  void passed(Cycles now);
  /// Completes Profile::caches and the instructions that are there.
  void finish(Cycles now, FunctionTable& functions, Profile& profile);

 private:
  using Findings = emulator::CacheWatch::Findings;
  struct Watched {
    emulator::CacheWatch* watch;  ///< Null: nobody looks on.
    SetHeat heat;
    Findings before;  ///< The window that is open began.
    Findings window;  ///< Of the last one that ended.
  };
  void describe(const Findings& findings, FunctionTable& functions, CacheProfile& cache) const;

  emulator::WatchedCaches* const caches_;  ///< Null: the engine has none.
  MemoryOwners owners_;
  std::vector<Watched> watched_;
  bool has_window_ = false;
};

}  // namespace mcusim::profiler
