#include "profiler/exports/perfetto.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <ranges>

#include "common/error.h"
#include "common/saturate.h"
#include "perfetto.pb.h"

namespace mcusim::profiler {
namespace {

using perfetto::TrackEvent;

// TracePacket.SequenceFlags
constexpr std::uint32_t kStateCleared = 1;
constexpr std::uint32_t kNeedsState = 2;

constexpr std::uint64_t kProcess = 1;                                    ///< Parent of all tracks.
constexpr const char* kCategories[] = {"function", "layer", "handler"};  ///< By Slice::Kind.

struct Counter {
  const char* name;
  perfetto::CounterDescriptor::Unit unit;
  std::optional<std::uint64_t> (*value)(const Window&);
};
constexpr Counter kCounters[] = {
    {"instructions", perfetto::CounterDescriptor::UNIT_COUNT,
     [](const Window& window) { return std::optional(window.instructions); }},
    {"stack", perfetto::CounterDescriptor::UNIT_SIZE_BYTES,
     [](const Window& window) { return window.stack; }},
    {"heap", perfetto::CounterDescriptor::UNIT_SIZE_BYTES, [](const Window& window) { return window.heap; }},
    {"L1 instruction misses", perfetto::CounterDescriptor::UNIT_COUNT,
     [](const Window& window) { return window.instruction_misses; }},
    {"L1 data misses", perfetto::CounterDescriptor::UNIT_COUNT,
     [](const Window& window) { return window.data_misses; }}};

class Builder {
 public:
  explicit Builder(const Profile& profile) : profile_(profile), timeline_(profile.timeline) {}

  std::string build() {
    describe_tracks();
    intern_names();
    for (std::uint32_t track = 0; track < timeline_.tracks.size(); ++track) add_slices(track);
    for (std::size_t i = 0; i < std::size(kCounters); ++i) add_counter(i);
    return trace_.SerializeAsString();
  }

 private:
  std::uint64_t track_id(std::size_t track) const { return kProcess + 1 + track; }
  std::uint64_t counter_id(std::size_t counter) const { return track_id(timeline_.tracks.size() + counter); }
  /// Functions, then layers; interned names begin at 1.
  std::uint64_t name_id(const Slice& slice) const {
    return 1 + slice.what + (slice.kind == Slice::Kind::layer ? profile_.functions.size() : 0);
  }

  perfetto::TracePacket& add_packet(std::uint32_t flags = kNeedsState) {
    perfetto::TracePacket& packet = *trace_.add_packet();
    packet.set_trusted_packet_sequence_id(1);
    packet.set_sequence_flags(flags);
    return packet;
  }

  perfetto::TrackDescriptor& add_track(std::uint64_t id, const std::string& name) {
    perfetto::TrackDescriptor& track = *add_packet(0).mutable_track_descriptor();
    track.set_uuid(id);
    track.set_name(name);
    if (id != kProcess) track.set_parent_uuid(kProcess);
    return track;
  }

  void describe_tracks() {
    add_track(kProcess, profile_.network.value_or(profile_.file) + " on " + profile_.mcu);
    for (std::size_t i = 0; i < timeline_.tracks.size(); ++i) add_track(track_id(i), timeline_.tracks[i]);
    for (std::size_t i = 0; i < std::size(kCounters); ++i) {
      if (is_known(kCounters[i]))
        add_track(counter_id(i), kCounters[i].name).mutable_counter()->set_unit(kCounters[i].unit);
    }
  }
  bool is_known(const Counter& counter) const {
    return std::ranges::any_of(timeline_.windows,
                               [&](const Window& window) { return counter.value(window).has_value(); });
  }

  void intern_names() {
    perfetto::InternedData& data = *add_packet(kStateCleared).mutable_interned_data();
    using Names = google::protobuf::RepeatedPtrField<perfetto::InternedName>;
    const auto add = [](Names& names, const std::string& name) {
      perfetto::InternedName& entry = *names.Add();
      entry.set_iid(static_cast<std::uint64_t>(names.size()));
      entry.set_name(name);
    };
    for (const char* category : kCategories) add(*data.mutable_event_categories(), category);
    for (const FunctionProfile& function : profile_.functions)
      add(*data.mutable_event_names(), function.name);
    for (const LayerProfile& entry : profile_.layers)
      add(*data.mutable_event_names(), fmt::format("layer {} {}", entry.layer.index, entry.layer.name));
  }

  /// Slices come by their begin, outer ones first: what is open ends before the next one begins.
  void add_slices(std::uint32_t track) {
    std::vector<Cycles> open;  ///< Ends, the innermost last.
    const auto close_until = [&](Cycles now) {
      for (; !open.empty() && open.back() <= now; open.pop_back())
        add_event(track_id(track), TrackEvent::TYPE_SLICE_END, open.back());
    };
    for (const Slice& slice : timeline_.slices) {
      if (slice.track != track) continue;
      close_until(slice.begin);
      TrackEvent& event = add_event(track_id(track), TrackEvent::TYPE_SLICE_BEGIN, slice.begin);
      event.set_name_iid(name_id(slice));
      event.add_category_iids(1 + static_cast<std::uint64_t>(slice.kind));
      open.push_back(open.empty() ? slice.end : std::min(slice.end, open.back()));
    }
    close_until(std::numeric_limits<Cycles>::max());
  }

  void add_counter(std::size_t number) {
    for (std::size_t i = 0; i < timeline_.windows.size(); ++i) {
      const auto value = kCounters[number].value(timeline_.windows[i]);
      if (!value) continue;
      add_event(counter_id(number), TrackEvent::TYPE_COUNTER, i * timeline_.window_cycles)
          .set_counter_value(saturated(*value));
    }
  }

  TrackEvent& add_event(std::uint64_t track, TrackEvent::Type type, Cycles at) {
    perfetto::TracePacket& packet = add_packet();
    packet.set_timestamp(static_cast<std::uint64_t>(saturated(1e6 * profile_.milliseconds(at))));
    TrackEvent& event = *packet.mutable_track_event();
    event.set_type(type);
    event.set_track_uuid(track);
    return event;
  }

  const Profile& profile_;
  const Timeline& timeline_;
  perfetto::Trace trace_;
};

}  // namespace

std::string perfetto_export(const Profile& profile) {
  if (profile.timeline.slices.empty() && profile.timeline.windows.empty()) {
    throw InputError(fmt::format(
        "{}: its profile has no timeline, so there is no trace of it; repeat the run with --engine native",
        profile.file));
  }
  return Builder(profile).build();
}

}  // namespace mcusim::profiler
