#include "codegen/toolchain/vle/flags.h"

namespace mcusim::codegen::vle {

const std::vector<std::string>& compile_flags() {
  // e500 is the Book E core nearest to the e200z4. A comparison that NaN cannot reach takes one instruction,
  // not three; the core's FPU makes no NaN. Results must not depend on which multiply-adds are fused. -Os,
  // because -O2 unrolls loops that are short here and keeps more conditions alive than there are fields to
  // branch on: docs/vle.md.
  static const std::vector<std::string> kFlags = {"--target=powerpc-none-eabi",
                                                  "-mcpu=e500",
                                                  "-mspe",
                                                  "-mefpu2",
                                                  "-std=c99",
                                                  "-Os",
                                                  "-g",
                                                  "-Wall",
                                                  "-Wextra",
                                                  "-ffp-contract=off",
                                                  "-ffinite-math-only",
                                                  "-fno-builtin",
                                                  "-ffreestanding",
                                                  "-nostdlibinc",
                                                  "-fno-addrsig",
                                                  "-ffunction-sections",
                                                  "-fdata-sections",
                                                  "-I.",
                                                  "-DMCUSIM_PROFILE_HEADER=\"net_profile.h\""};
  return kFlags;
}

const std::vector<std::string>& assemble_flags() {
  static const std::vector<std::string> kFlags = {"-mvle", "-mspe", "-mregnames", "--fatal-warnings"};
  return kFlags;
}

const std::vector<std::string>& link_flags() {
  static const std::vector<std::string> kFlags = {
      "-n", "-z", "noexecstack", "-T", "firmware.ld", "--gc-sections", "--build-id=none"};
  return kFlags;
}

}  // namespace mcusim::codegen::vle
