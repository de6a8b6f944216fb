#pragma once

#include <filesystem>
#include <string>

#include "profiler/compare/reference.h"
#include "profiler/profile.h"

namespace mcusim::cli {

/// Runs the firmware of `profile` again and again to find the values of the part's free parameters (see
/// mcu_models/free_parameters.h) that bring its layers nearest to those of the reference, and writes a part's
/// file with those that changed, if any. Answers a table of the parameters with the error before and after. Throws InputError where
/// there is nothing to fit or nothing to run.
std::string calibrate(const profiler::Profile& profile, const profiler::Reference& reference,
                      const std::filesystem::path& part_file);

}  // namespace mcusim::cli
