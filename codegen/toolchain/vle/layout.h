#pragma once

#include <string>
#include <vector>

#include "codegen/toolchain/vle/code.h"

namespace mcusim::codegen::vle {

/// The assembly text of the lines, with the shortest form of each branch that surely reaches its label:
/// 16 bit (256 bytes around), 32 bit (conditional: 32 KB around), or a conditional branch over a jump.
std::string print(const std::vector<Line>& lines);

}  // namespace mcusim::codegen::vle
