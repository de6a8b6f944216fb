#pragma once

#include <string>
#include <vector>

#include "mcu_models/mcu_model.h"

namespace mcusim::codegen {

inline constexpr const char* kCompiler = "arm-none-eabi-gcc";
inline constexpr const char* kObjcopy = "arm-none-eabi-objcopy";

/// Arguments that every compilation and the link share: the core, its FPU and the calling convention.
/// Throws InputError when the compiler has no such core.
std::vector<std::string> machine_flags(const mcu_models::McuModel& mcu);

/// For one source file, without -c, input and output.
std::vector<std::string> compile_flags(const mcu_models::McuModel& mcu);

/// For the link with firmware.ld, without inputs and output.
std::vector<std::string> link_flags(const mcu_models::McuModel& mcu);

}  // namespace mcusim::codegen
