#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// The report for people. Sample:
///
///   saline_int8 on stm32h743 (cortex-m7, 400 MHz, board nucleo-h743zi), engine unicorn, timing: table
///
///   layer  name         operator     output      MACC   cycles     ms      %
///       0  conv2d/Relu  CONV_2D   1x62x62x8   276,768  812,311  2.031   61.2
///       ...
///          between layers                                   96  0.000    0.0
///          inference                          451,002 1,327,211 3.318  100.0
///
/// followed by the inferences, memory against the part's sizes, how the run ended and what is not modelled.
std::string text_report(const Profile& profile);

}  // namespace mcusim::profiler
