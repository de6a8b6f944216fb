#pragma once

#include <string>

#include "emulator/image/image.h"
#include "profiler/profile.h"
#include "profiler/recorder.h"

namespace mcusim::profiler {

/// The order of `scenarios` in programs/calls.S.
enum Scenario : std::uint32_t {
  recursion,
  tail_calls,
  long_jump,
  interrupts,
  chain,
  switch_table,
  tail_loop,
  supervisor
};

/// `image` run to its end on an STM32F446, everything attributed.
Profile profile_of(const emulator::Image& image, const std::string& timing, Scenario scenario = recursion,
                   RecordOptions record = {});

/// Throws when there is none.
const FunctionProfile& function(const Profile& profile, const std::string& name);

}  // namespace mcusim::profiler
