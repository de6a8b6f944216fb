#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// The tensors that --record-io kept, eight elements of each; empty without any. Sample:
///
///   inference 0  input  input_1   int8 1x49x10x1: -128 -128 97 4 -12 33 5 80 .. (490)
///                output Identity  int8 1x12: -128 -128 127 -128 -128 -128 -128 -128 .. (12)
std::string io_report(const Profile& profile);

}  // namespace mcusim::profiler
