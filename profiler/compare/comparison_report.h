#pragma once

#include <string>

#include "profiler/compare/comparison.h"

namespace mcusim::profiler {

/// For people. Changes and errors are the profile against the reference. Sample:
///
///   net on stm32h743 at 400 MHz
///   against board log of net on stm32h743
///
///              cycles   reference  change  error %
///   conv           64          60      +4    +6.67
///   softmax        14          14      +0    +0.00
///   total          78          74      +4    +5.41
///
///   mean absolute error of layers 3.33 %, worst 6.67 % (conv)
///
///   what changed most, in cycles by cause
///       +4  load_use  conv
///
/// Parts that only one side has stand below the table and count in the total only.
std::string comparison_text(const Comparison& comparison);

/// {schema, profile, reference, unit, parts[{name, cost, reference, change, error_percent}], total{..},
/// mean_absolute_error_percent, worst_error_percent, only_in_profile[], only_in_reference[],
/// stall_changes[{name, cause, cycles}]}; unknown is null.
std::string comparison_json(const Comparison& comparison);

}  // namespace mcusim::profiler
