#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// The report for a page or a pull request. Sample:
///
///   # saline_int8 on stm32h743
///
///   cortex-m7 at 400 MHz, board nucleo-h743zi, timing full: 1,327,211 cycles, 3.318 ms
///
///   | layer | name | operator | output | MACC | cycles | ms | % |
///   |---:|---|---|---|---:|---:|---:|---:|
///   | 0 | conv2d/Relu | CONV_2D | 1x62x62x8 | 276,768 | 812,311 | 2.031 | 61.2 |
///
/// followed by the functions that took the most, and memory.
std::string markdown_report(const Profile& profile);

}  // namespace mcusim::profiler
