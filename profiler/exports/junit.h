#pragma once

#include <string>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// JUnit's XML, which CI servers show: one test case for how the run ended, one for each limit and
/// each check of the run that were given, one for each layer with its time. A fault, a stop by --max-*, a
/// broken limit and a check that found something are failures. Sample:
///
///   <?xml version="1.0" encoding="UTF-8"?>
///   <testsuites>
///     <testsuite name="net on stm32h743" tests="4" failures="2" time="0.000600">
///       <testcase classname="run" name="ends" time="0.000600"/>
///       <testcase classname="limit" name="cycles=90" time="0.000000">
///         <failure message="limit cycles=90 broken: 101 cycles"/>
///       </testcase>
///       <testcase classname="check" name="uninit" time="0.000000">
///         <failure message="1 instruction, 12 accesses">reads 4 B at 0x20000128 (table+8), never ..
///   </failure>
///       </testcase>
///       <testcase classname="layer" name="0 conv2d/Relu" time="0.000412"/>
///       <system-out>warning: the instruction cache is off</system-out>
///     </testsuite>
///   </testsuites>
std::string junit_export(const Profile& profile);

}  // namespace mcusim::profiler
