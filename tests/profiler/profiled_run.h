#pragma once

#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "profiler/profile.h"
#include "profiler/recorder.h"

namespace mcusim::profiler {

/// The order of `scenarios` in programs/calls.S and calls_vle.s; the last ones are of the latter alone.
enum Scenario : std::uint32_t {
  recursion,
  tail_calls,
  long_jump,
  interrupts,
  chain,
  switch_table,
  tail_loop,
  supervisor,
  link_register,
  launch
};

/// `image` run to its end, everything attributed.
Profile profile_of(const emulator::Image& image, const std::string& timing, Scenario scenario = recursion,
                   RecordOptions record = {}, const std::string& mcu = "stm32f446");

/// "reset_handler/recursion/recurse": all paths, in order.
std::vector<std::string> paths(const Profile& profile);

/// Each cycle and each instruction of the work belongs to one function, one path and one instruction.
void expect_exact_sums(const Profile& profile);

/// Throws when there is none.
const FunctionProfile& function(const Profile& profile, const std::string& name);

}  // namespace mcusim::profiler
