#pragma once

#include <string>

namespace mcusim::profiler {

/// The messages of exports in protobuf's text format; throw std::runtime_error when they are none.
std::string text_of_pprof(const std::string& compressed);
std::string text_of_perfetto(const std::string& bytes);

}  // namespace mcusim::profiler
