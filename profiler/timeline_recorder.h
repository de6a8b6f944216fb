#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "profiler/call_tracker.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// Keeps what happened when in bounded space. Slices that are shorter than a limit are forgotten; the limit
/// doubles whenever there are too many. A slice is never shorter than what it encloses, so what is left
/// nests as before. Windows double in length in the same way, two becoming one.
class TimelineRecorder : public ActivationListener {
 public:
  static constexpr std::size_t kMostSlices = 100'000;
  static constexpr std::size_t kMostWindows = 2'048;
  static constexpr Cycles kFirstWindow = 1'024;
  /// Track 0; the stacks of activations follow by number from 1.
  static constexpr std::uint32_t kLayerTrack = 0;

  TimelineRecorder() { timeline_.window_cycles = kFirstWindow; }

  Cycles ended(const Activation& activation, Cycles end) override;
  Cycles passed(const Progress& progress) override;

  void add_layer(std::uint32_t layer, Cycles begin, Cycles end);
  void heap_changed(Cycles now, Bytes live);
  /// L1 misses since reset; asked for at the end of windows.
  using Misses = std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>;
  void set_misses(std::function<Misses()> misses) { misses_ = std::move(misses); }

  /// Called with the time whenever the recorder looks how far execution has come.
  void set_look(std::function<void(Cycles)> look) { look_ = std::move(look); }

  /// Functions in the slices are numbers of the FunctionTable.
  Timeline finish(const Progress& end, std::uint32_t threads);

 private:
  void add(const Slice& slice);
  Window& window_at(Cycles cycles);
  void double_windows();

  Timeline timeline_;
  std::function<Misses()> misses_;
  std::function<void(Cycles)> look_;
  Misses last_misses_;
  Progress last_;
  std::optional<Bytes> live_;
};

}  // namespace mcusim::profiler
