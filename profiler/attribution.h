#pragma once

#include <optional>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/cache_recorder.h"
#include "profiler/call_tracker.h"
#include "profiler/function_table.h"
#include "profiler/profile.h"
#include "profiler/timeline_recorder.h"

namespace mcusim::profiler {

/// Attributes what a machine executes to functions, call paths and instructions, over the whole run or over
/// windows of it, of which the last counts. Both must outlive it.
class Attribution {
 public:
  Attribution(emulator::Machine& machine, const emulator::Image& image, bool watch_caches);
  ~Attribution();
  Attribution(const Attribution&) = delete;
  Attribution& operator=(const Attribution&) = delete;

  /// False: the engine does not tell where execution goes.
  bool works() const { return tracker_.has_value(); }

  void begin_window();
  void end_window();
  /// A layer of Profile::layers took this time.
  void add_layer(std::uint32_t layer, Cycles begin, Cycles end) { timeline_.add_layer(layer, begin, end); }
  TimelineRecorder& timeline() { return timeline_; }
  /// Ends the run, and fills functions, call paths, instructions and their sources, and how the
  /// caches were used.
  void finish(Profile& profile);

 private:
  emulator::FlowPoint now() const;
  void fill_instructions(Profile& profile) const;
  void fill_timeline(std::vector<std::uint32_t>& function_at, Profile& profile);
  void fill_stacks(const std::vector<std::uint32_t>& function_at, Profile& profile);

  emulator::Machine& machine_;
  const emulator::Image& image_;
  FunctionTable functions_;
  TimelineRecorder timeline_;
  std::optional<CacheRecorder> caches_;
  std::optional<CallTracker> tracker_;
  std::vector<emulator::InstructionCount> counts_before_;  ///< Of the window.
  bool has_window_ = false;
  std::vector<CallNode> nodes_;                     ///< Of the last window that ended.
  std::vector<emulator::InstructionCount> counts_;  ///< The same.
};

}  // namespace mcusim::profiler
