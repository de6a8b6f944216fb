#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// The timeline as a trace of Perfetto (proto/perfetto.proto) for https://ui.perfetto.dev and its
/// trace_processor: a track per thread and for interrupts with the slices of layers, functions and handlers,
/// and a counter track for each value of the windows. Time is emulated time since reset, in nanoseconds at
/// the clock that the core had at the end. Sample of its packets as text:
///
///   packet { timestamp: 310 trusted_packet_sequence_id: 1 sequence_flags: 2
///            track_event { category_iids: 2 type: TYPE_SLICE_BEGIN name_iid: 1 track_uuid: 2 } }
///   packet { timestamp: 480 trusted_packet_sequence_id: 1 sequence_flags: 2
///            track_event { type: TYPE_COUNTER track_uuid: 4 counter_value: 20 } }
///
/// Throws InputError when the profile has no timeline.
std::string perfetto_export(const Profile& profile);

}  // namespace mcusim::profiler
