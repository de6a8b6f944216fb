#pragma once

#include <array>
#include <string_view>

#include "emulator/cortex_m/operation.h"

namespace mcusim::emulator::cortex_m {

/// Which fields of an Operation name registers that matter to a pipeline: for addresses, as results, in the
/// FPU. Follows from the operation's name, whose parts are fixed (operation_codes.inc).
struct InstructionUse {
  bool address_n = false, address_m = false;
  bool result_d = false, result_a = false, result_sp = false;
  bool load_d = false, load_m = false, load_list = false, load_sp = false;
  bool fp_d = false, fp_n = false, fp_m = false;  ///< Operands in single-precision registers.
  bool fp_result = false;                         ///< d is the result of FP arithmetic.
};

namespace use_detail {

constexpr bool any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view other : names)
    if (name == other) return true;
  return false;
}
constexpr bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes)
    if (name.starts_with(prefix)) return true;
  return false;
}

constexpr InstructionUse fp_use(std::string_view name) {
  InstructionUse use;
  const bool single = name.ends_with("_s");
  use.address_n = name == "vldr_s" || name == "vldr_d" || name == "vldm" || name == "vstm" ||
                  name == "vstr_s" || name == "vstr_d";
  use.fp_d = name == "vstr_s";
  use.fp_n = name == "vmov_core_s";
  if (!single || name == "vldr_s" || name == "vstr_s" || name == "vmov_core_s") return use;
  const bool mac =
      any_of(name, {"vmla_s", "vmls_s", "vnmla_s", "vnmls_s", "vfma_s", "vfms_s", "vfnma_s", "vfnms_s"});
  const bool two_operands = mac || any_of(name, {"vmul_s", "vnmul_s", "vadd_s", "vsub_s", "vdiv_s", "vsel_s",
                                                 "vmaxnm_s", "vminnm_s"});
  const bool compare = name == "vcmp_s" || name == "vcmp_zero_s";
  use.fp_d = mac || compare;
  use.fp_n = two_operands;
  use.fp_m = name != "vmov_imm_s" && name != "vcmp_zero_s";
  // Arithmetic and conversions; moves, absolute value and negation deliver at once.
  use.fp_result = !compare && !any_of(name, {"vmov_imm_s", "vmov_s", "vabs_s", "vneg_s", "vsel_s"});
  return use;
}

constexpr InstructionUse use_of(std::string_view name) {
  InstructionUse use;
  if (starts_with_any(name, {"ldr", "ldm", "pop", "lda"})) {
    use.address_n = !name.ends_with("_lit");
    use.address_m = name.ends_with("_reg");
    use.load_list = starts_with_any(name, {"ldm", "pop"});
    use.load_sp = name.starts_with("ldr_sp");
    use.load_d = !use.load_list && !use.load_sp && !name.starts_with("ldr_pc");
    use.load_m = name.starts_with("ldrd");
    return use;
  }
  if (starts_with_any(name, {"strex", "stl"}) || starts_with_any(name, {"str", "stm", "push"})) {
    use.address_n = true;
    use.address_m = name.ends_with("_reg");
    return use;
  }
  if (starts_with_any(name, {"tbb", "tbh"})) {
    use.address_n = !name.ends_with("_pc");
    use.address_m = true;
    return use;
  }
  if (name.starts_with("v")) return fp_use(name);
  if (starts_with_any(name, {"tst_", "teq_", "cmn_", "cmp_", "b_"}) ||
      any_of(name, {"b",         "bl",
                    "bx",        "blx",
                    "cbz",       "cbnz",
                    "it",        "nop",
                    "yield",     "wfe",
                    "wfi",       "sev",
                    "dmb",       "dsb",
                    "isb",       "svc",
                    "bkpt",      "cps",
                    "msr",       "clrex",
                    "undefined", "no_coprocessor",
                    "mov_pc",    "add_pc"}))
    return use;
  use.result_sp = any_of(name, {"mov_sp", "add_sp_imm", "sub_sp_imm", "add_sp_reg", "sub_sp_reg"});
  use.result_d = !use.result_sp;
  use.result_a = any_of(name, {"smull", "umull", "smlal", "umlal", "umaal", "smlalxy", "smlald", "smlsld"});
  return use;
}

}  // namespace use_detail

inline constexpr auto kInstructionUses = [] {
  constexpr std::string_view names[] = {
#define MCUSIM_NAME(name) #name,
      MCUSIM_PSEUDO_CODES(MCUSIM_NAME) MCUSIM_OPERATION_CODES(MCUSIM_NAME)
#undef MCUSIM_NAME
  };
  std::array<InstructionUse, std::size(names)> uses{};
  for (std::size_t i = 0; i < std::size(names); ++i) uses[i] = use_detail::use_of(names[i]);
  return uses;
}();

constexpr const InstructionUse& use_of(Code code) { return kInstructionUses[static_cast<std::size_t>(code)]; }

}  // namespace mcusim::emulator::cortex_m
