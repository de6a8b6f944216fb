#include "codegen/toolchain/compiler_flags.h"

#include <fmt/format.h>

#include "common/error.h"

namespace mcusim::codegen {
namespace {

using mcu_models::Fpu;
using mcu_models::McuModel;

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

const char* fpu_name(Fpu fpu) {
  switch (fpu) {
    case Fpu::none:
      return "";
    case Fpu::fpv4_sp:
      return "fpv4-sp-d16";
    case Fpu::fpv5_sp:
      return "fpv5-sp-d16";
    case Fpu::fpv5_dp:
      return "fpv5-d16";
  }
  return "";
}

}  // namespace

std::vector<std::string> machine_flags(const McuModel& mcu) {
  std::vector<std::string> flags = {"-mcpu=" + mcu.core.name, "-mthumb"};
  if (mcu.fpu == Fpu::none) {
    flags.push_back("-mfloat-abi=soft");
  } else {
    append(flags, {"-mfloat-abi=hard", fmt::format("-mfpu={}", fpu_name(mcu.fpu))});
  }
  return flags;
}

std::vector<std::string> compile_flags(const McuModel& mcu) {
  std::vector<std::string> flags = machine_flags(mcu);
  append(flags, {"-std=c99", "-O2", "-g", "-Wall", "-Wextra", "-ffunction-sections", "-fdata-sections",
                 // Results must not depend on which multiply-adds the compiler chooses to fuse.
                 "-ffp-contract=off", "-DMCUSIM_PROFILE_HEADER=\"net_profile.h\""});
  return flags;
}

std::vector<std::string> link_flags(const McuModel& mcu) {
  std::vector<std::string> flags = machine_flags(mcu);
  append(flags, {"-nostartfiles", "-T", "firmware.ld", "-Wl,--gc-sections", "-Wl,--build-id=none"});
  return flags;
}

}  // namespace mcusim::codegen
