#pragma once

#include <string>
#include <vector>

namespace mcusim::codegen::vle {

inline constexpr const char* kCompiler = "clang";

/// For one C file, without -S, input and output. What clang writes with them is what convert() knows.
const std::vector<std::string>& compile_flags();

const std::vector<std::string>& assemble_flags();

/// For the link with firmware.ld, without inputs and output.
const std::vector<std::string>& link_flags();

}  // namespace mcusim::codegen::vle
