#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "codegen/toolchain/process.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::codegen {

inline constexpr const char* kLinked = "linked.elf";

/// Commands that run side by side, and what this program does when all have succeeded.
struct BuildStep {
  std::vector<Command> commands;
  std::function<void()> then = [] {};
};

/// A compiler with all that belongs to it, for the architectures of some cores.
struct Toolchain {
  std::string source_folder;  ///< Of the target sources that only its cores need.
  std::string objcopy;
  std::string packages;  ///< Debian packages, for the message when a program is missing.
  /// From the sources in the folder to kLinked there.
  std::function<std::vector<BuildStep>(const std::vector<std::string>& sources,
                                       const mcu_models::McuModel& mcu, const std::filesystem::path& folder)>
      steps;
  /// For those who want to build the written sources themselves.
  std::function<std::string(const mcu_models::McuModel& mcu)> makefile;
};

/// arm-none-eabi-gcc, or clang and the PowerPC binutils.
const Toolchain& toolchain_of(const mcu_models::McuModel& mcu);

const Toolchain& arm_toolchain();
const Toolchain& vle_toolchain();

/// "net.c" to "net.o" and the like.
std::string with_ending(const std::string& source, const std::string& ending);

/// Flags as a shell reads them, each after a blank.
std::string joined(const std::vector<std::string>& flags);

}  // namespace mcusim::codegen
