#include "profiler/timeline_recorder.h"

#include <algorithm>

namespace mcusim::profiler {
namespace {

template <typename T>
void raise(std::optional<T>& value, std::optional<T> other) {
  if (other) value = std::max(value.value_or(0), *other);
}
template <typename T>
void increase(std::optional<T>& value, std::optional<T> other) {
  if (other) value = value.value_or(0) + *other;
}

}  // namespace

void TimelineRecorder::add(const Slice& slice) {
  if (slice.end - slice.begin < timeline_.shortest_slice) return;
  std::vector<Slice>& slices = timeline_.slices;
  slices.push_back(slice);
  while (slices.size() > kMostSlices) {
    timeline_.shortest_slice = std::max<Cycles>(64, 2 * timeline_.shortest_slice);
    std::erase_if(slices,
                  [&](const Slice& kept) { return kept.end - kept.begin < timeline_.shortest_slice; });
  }
}

Cycles TimelineRecorder::ended(const Activation& activation, Cycles end) {
  const auto kind = activation.is_handler ? Slice::Kind::handler : Slice::Kind::function;
  add({kind, activation.function, activation.stack + 1, activation.depth, activation.begin, end});
  return timeline_.shortest_slice;
}

void TimelineRecorder::add_layer(std::uint32_t layer, Cycles begin, Cycles end) {
  add({Slice::Kind::layer, layer, kLayerTrack, 0, begin, end});
}

void TimelineRecorder::double_windows() {
  std::vector<Window>& windows = timeline_.windows;
  for (std::size_t i = 0; 2 * i < windows.size(); ++i) {
    Window both = windows[2 * i];
    if (2 * i + 1 < windows.size()) {
      const Window& second = windows[2 * i + 1];
      both.instructions += second.instructions;
      raise(both.stack, second.stack);
      raise(both.heap, second.heap);
      increase(both.instruction_misses, second.instruction_misses);
      increase(both.data_misses, second.data_misses);
    }
    windows[i] = both;
  }
  windows.resize((windows.size() + 1) / 2);
  timeline_.window_cycles *= 2;
}

Window& TimelineRecorder::window_at(Cycles cycles) {
  while (cycles / timeline_.window_cycles >= kMostWindows) double_windows();
  const std::size_t index = cycles / timeline_.window_cycles;
  if (index >= timeline_.windows.size()) timeline_.windows.resize(index + 1, {0, {}, live_, {}, {}});
  return timeline_.windows[index];
}

Cycles TimelineRecorder::passed(const Progress& now) {
  if (look_) look_(now.cycles);
  const Misses misses = misses_ ? misses_() : Misses{};
  const Cycles begin = last_.cycles;
  // What happened between two looks is spread over the time between them.
  const auto share = [&](std::uint64_t amount, Cycles until) {
    return until == now.cycles
               ? amount
               : static_cast<std::uint64_t>(static_cast<double>(amount) * static_cast<double>(until - begin) /
                                            static_cast<double>(now.cycles - begin));
  };
  std::uint64_t instructions = 0, instruction_misses = 0, data_misses = 0;
  const auto part = [&](std::uint64_t amount, Cycles until, std::uint64_t& done) {
    const std::uint64_t before = done;
    done = share(amount, until);
    return done - before;
  };
  for (Cycles at = begin; at < now.cycles;) {
    Window& window = window_at(at);
    const Cycles end = std::min(now.cycles, (at / timeline_.window_cycles + 1) * timeline_.window_cycles);
    window.instructions += part(now.instructions - last_.instructions, end, instructions);
    window.stack = std::max(window.stack.value_or(0), now.stack);
    if (misses.first)
      increase<std::uint64_t>(window.instruction_misses,
                              part(*misses.first - last_misses_.first.value_or(0), end, instruction_misses));
    if (misses.second)
      increase<std::uint64_t>(window.data_misses,
                              part(*misses.second - last_misses_.second.value_or(0), end, data_misses));
    at = end;
  }
  last_ = now;
  last_misses_ = misses;
  return (now.cycles / timeline_.window_cycles + 1) * timeline_.window_cycles;
}

void TimelineRecorder::heap_changed(Cycles now, Bytes live) {
  Window& window = window_at(now);
  live_ = live;
  raise<Bytes>(window.heap, live);
}

Timeline TimelineRecorder::finish(const Progress& end, std::uint32_t threads) {
  passed(end);
  std::vector<Slice>& slices = timeline_.slices;
  std::ranges::stable_sort(slices, [](const Slice& a, const Slice& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  timeline_.tracks = {"layers", "interrupts", "main"};
  for (std::uint32_t thread = 2; thread <= threads; ++thread)
    timeline_.tracks.push_back("thread " + std::to_string(thread));
  return std::move(timeline_);
}

}  // namespace mcusim::profiler
