#pragma once

#include <optional>
#include <string_view>

#include "emulator/call_chain/call_chain.h"
#include "emulator/engine.h"

namespace mcusim::profiler {

/// The names of JSON reports and profile files, as "self_branch" and "table".
std::string_view name_of(emulator::StopReason reason);
std::string_view name_of(emulator::FrameOrigin origin);

/// The other way round; empty for other names.
std::optional<emulator::StopReason> stop_reason(std::string_view name);
std::optional<emulator::FrameOrigin> frame_origin(std::string_view name);

}  // namespace mcusim::profiler
