#include "codegen/toolchain/build_steps.h"

#include <fmt/format.h>

namespace mcusim::codegen {
namespace {

std::string quoted(const std::string& flag) {
  return flag.find('"') == std::string::npos ? flag : fmt::format("'{}'", flag);
}

}  // namespace

const Toolchain& toolchain_of(const mcu_models::McuModel& mcu) {
  return mcu.core.architecture == mcu_models::Architecture::vle ? vle_toolchain() : arm_toolchain();
}

std::string with_ending(const std::string& source, const std::string& ending) {
  return source.substr(0, source.rfind('.')) + ending;
}

std::string joined(const std::vector<std::string>& flags) {
  std::string text;
  for (const std::string& flag : flags) text += fmt::format(" {}", quoted(flag));
  return text;
}

}  // namespace mcusim::codegen
