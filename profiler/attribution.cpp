#include "profiler/attribution.h"

#include <fmt/format.h>

#include <algorithm>

#include "profiler/call_profile.h"
#include "profiler/disassembler.h"
#include "profiler/source_places.h"
#include "profiler/stack_depth.h"

namespace mcusim::profiler {
namespace {

using emulator::InstructionCount;

/// What was added to `before`, which has no other addresses; both are sorted by address.
std::vector<InstructionCount> difference(const std::vector<InstructionCount>& after,
                                         const std::vector<InstructionCount>& before) {
  std::vector<InstructionCount> rest;
  auto old = before.begin();
  for (InstructionCount entry : after) {
    while (old != before.end() && old->address < entry.address) ++old;
    if (old != before.end() && old->address == entry.address) {
      entry.count -= old->count;
      entry.cycles -= old->cycles;
      if (entry.causes && old->causes) *entry.causes = *entry.causes - *old->causes;
    }
    if (entry.count != 0 || entry.cycles != 0) rest.push_back(entry);
  }
  return rest;
}

}  // namespace

Attribution::Attribution(emulator::Machine& machine, const emulator::Image& image, bool watch_caches)
    : machine_(machine), image_(image), functions_(image) {
  if (watch_caches) caches_.emplace(machine, image);
  const Address pc = machine.engine().registers().r[15];
  tracker_.emplace(functions_, pc, now());
  if (!machine.engine().follow_calls(&*tracker_, functions_.beginnings())) {
    tracker_.reset();
    return;
  }
  tracker_->set_activation_listener(&timeline_);
  if (caches_) timeline_.set_look([this](Cycles now) { caches_->passed(now); });
  timeline_.set_misses([&engine = machine.engine()] {
    TimelineRecorder::Misses misses;
    for (const emulator::CacheUse& cache : engine.caches()) {
      if (cache.name == "l1i") misses.first = cache.counters.misses;
      if (cache.name == "l1d") misses.second = cache.counters.misses;
    }
    return misses;
  });
}

Attribution::~Attribution() { machine_.engine().follow_calls(nullptr, {}); }

emulator::FlowPoint Attribution::now() const {
  const emulator::Counters& counters = machine_.engine().counters();
  return {counters.cycles, counters.instructions, machine_.engine().registers().r[13]};
}

void Attribution::begin_window() {
  if (tracker_) tracker_->begin_window(now());
  counts_before_ = machine_.engine().instruction_counts();
  if (caches_) caches_->begin_window();
}

void Attribution::end_window() {
  if (tracker_) nodes_ = tracker_->nodes(now());
  counts_ = difference(machine_.engine().instruction_counts(), counts_before_);
  if (caches_) caches_->end_window();
  has_window_ = true;
}

void Attribution::finish(Profile& profile) {
  // A window that was begun and not ended does not count, and without any the whole run does.
  if (!has_window_) {
    if (tracker_) nodes_ = tracker_->nodes(now());
    counts_ = machine_.engine().instruction_counts();
  }
  fill_instructions(profile);
  if (caches_) caches_->finish(machine_.engine().counters().cycles, functions_, profile);
  if (!tracker_) return;
  std::vector<std::uint32_t> function_at = fill_calls(nodes_, functions_, image_, profile);
  fill_timeline(function_at, profile);
  fill_stacks(function_at, profile);
}

void Attribution::fill_timeline(std::vector<std::uint32_t>& function_at, Profile& profile) {
  const emulator::FlowPoint end = now();
  tracker_->end_activations(end.cycles);
  profile.timeline = timeline_.finish({end.cycles, end.instructions, 0}, tracker_->thread_count());
  function_at.resize(functions_.size(), CallPath::kRoot);
  for (Slice& slice : profile.timeline.slices) {
    if (slice.kind == Slice::Kind::layer) continue;
    // Outside the window there are functions that spent nothing in it.
    std::uint32_t& number = function_at[slice.what];
    if (number == CallPath::kRoot) {
      number = static_cast<std::uint32_t>(profile.functions.size());
      profile.functions.push_back(describe(functions_[slice.what], image_));
    }
    slice.what = number;
  }
  // Without an inference that ended there are no layers to refer to.
  std::erase_if(profile.timeline.slices, [&](const Slice& slice) {
    return slice.kind == Slice::Kind::layer && slice.what >= profile.layers.size();
  });
}

void Attribution::fill_stacks(const std::vector<std::uint32_t>& function_at, Profile& profile) {
  const std::vector<std::optional<Bytes>> depths =
      stack_depths(tracker_->tree(), own_frames(machine_.engine().instruction_counts(), image_, functions_));
  for (std::size_t i = 0; i < std::min(function_at.size(), depths.size()); ++i)
    if (function_at[i] != CallPath::kRoot) profile.functions[function_at[i]].stack_peak = depths[i];
  const emulator::StackAreas areas(image_);
  for (std::size_t i = 0; i < tracker_->stacks().size(); ++i) {
    const CallTracker::Extent& extent = tracker_->stacks()[i];
    StackProfile& stack = profile.stacks.emplace_back();
    stack.name = i == 0 ? "main" : fmt::format("thread {}", i + 1);
    stack.highest = extent.highest;
    stack.peak = extent.highest - extent.lowest;
    if (const emulator::Symbol* limit = image_.find_symbol("__stack_limit"); i == 0 && limit != nullptr) {
      stack.limit = limit->address;
    } else if (const auto area = areas.of(extent.highest)) {
      stack.limit = area->limit;
    }
    if (stack.limit && extent.lowest < *stack.limit) {
      profile.warnings.push_back(fmt::format("the stack of {} reached {} bytes below its limit 0x{:08x}",
                                             stack.name, *stack.limit - extent.lowest, *stack.limit));
    }
  }
}

void Attribution::fill_instructions(Profile& profile) const {
  const Disassembler disassembler(machine_);
  SourcePlaces places(image_);
  for (const InstructionCount& count : counts_) {
    InstructionProfile& entry = profile.instructions.emplace_back();
    entry.address = count.address;
    entry.count = count.count;
    entry.cycles = count.cycles;
    if (count.causes) entry.stalls.assign(count.causes->by_cause.begin(), count.causes->by_cause.end());
    const Disassembler::Line line = disassembler.at(count.address);
    entry.size = line.size;
    entry.text = line.text;
    entry.place = places.number_of(count.address);
  }
  profile.source_places = std::move(places).all();
}

}  // namespace mcusim::profiler
