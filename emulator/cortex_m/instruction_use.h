#pragma once

#include <array>
#include <string_view>

#include "emulator/cortex_m/operation.h"
#include "emulator/timing/instruction_facts.h"

namespace mcusim::emulator::cortex_m {

/// Fields of an Operation that name registers.
using Fields = std::uint8_t;
inline constexpr Fields kD = 1, kN = 2, kM = 4, kA = 8;

/// What an operation does with the registers that its fields name. Follows from the operation's name, whose
/// parts are fixed (operation_codes.inc).
struct InstructionUse {
  Fields address = 0, operands = 0, shifted = 0, accumulators = 0, stored = 0;
  Fields results = 0, loaded = 0, base = 0;
  Fields single = 0, dual = 0;  ///< Which of these fields are single, which double-precision registers.
  bool list = false;            ///< imm lists the registers that are loaded or stored.
  bool fp_list = false;         ///< So do d and delta.
  bool pair = false;            ///< m names two consecutive single-precision registers.
  bool sp_result = false, sp_loaded = false, links = false;
  bool reads_flags = false, writes_flags = false, reads_fp_flags = false, writes_fp_flags = false;
  bool add_move_or_shift = false;
  std::uint8_t width = 4;
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

constexpr InstructionUse fp_memory(std::string_view name) {
  InstructionUse use;
  const bool load = starts_with_any(name, {"vldr", "vldm"});
  if (!name.ends_with("_lit")) use.address = kN;
  if (name.ends_with("m")) {
    use.fp_list = true;
    (load ? use.loaded : use.stored) = kD;
    return use;
  }
  (load ? use.loaded : use.stored) = kD;
  (starts_with_any(name, {"vldr_d", "vstr_d"}) ? use.dual : use.single) = kD;
  return use;
}

constexpr InstructionUse fp_use(std::string_view name) {
  InstructionUse use;
  if (starts_with_any(name, {"vldr", "vstr", "vldm", "vstm"})) return fp_memory(name);
  if (name == "vmov_core_s") return use.results = kD, use.operands = kN, use.single = kN, use;
  if (name == "vmov_s_core") return use.results = kN, use.operands = kD, use.single = kN, use;
  if (name == "vmov_core2_s2")
    return use.results = kD | kA, use.operands = kM, use.single = kM, use.pair = true, use;
  if (name == "vmov_s2_core2")
    return use.results = kM, use.operands = kD | kA, use.single = kM, use.pair = true, use;
  if (name == "vmrs") return use.results = kD, use.reads_fp_flags = true, use;
  if (name == "vmrs_apsr") return use.writes_flags = use.reads_fp_flags = true, use;
  if (name == "vmsr") return use.operands = kD, use.writes_fp_flags = true, use;

  const bool precise = name.ends_with("_d");
  const auto all = [&](Fields fields) { (precise ? use.dual : use.single) = fields; };
  if (starts_with_any(name, {"vmla", "vmls", "vnmla", "vnmls", "vfma", "vfms", "vfnma", "vfnms"})) {
    use.operands = kN | kM, use.accumulators = use.results = kD;
    return all(kD | kN | kM), use;
  }
  if (starts_with_any(name, {"vcmp_zero"}))
    return use.operands = kD, use.writes_fp_flags = true, all(kD), use;
  if (starts_with_any(name, {"vcmp"}))
    return use.operands = kD | kM, use.writes_fp_flags = true, all(kD | kM), use;
  use.results = kD;
  if (name.starts_with("vmov_imm")) return all(kD), use;
  if (name.starts_with("vcvt_fixed")) return use.operands = kD, all(kD), use;
  use.operands = kM;
  if (any_of(name, {"vcvt_from_int_d", "vcvt_from_half_d", "vcvt_s_to_d"}))
    return use.single = kM, use.dual = kD, use;
  if (any_of(name, {"vcvt_to_int_d", "vcvt_to_half_d", "vcvt_d_to_s"}))
    return use.single = kD, use.dual = kM, use;
  if (starts_with_any(name, {"vmul", "vnmul", "vadd", "vsub", "vdiv", "vsel", "vmaxnm", "vminnm"})) {
    use.operands = kN | kM;
    use.reads_flags = name.starts_with("vsel");
    return all(kD | kN | kM), use;
  }
  return all(kD | kM), use;
}

constexpr InstructionUse memory_use(std::string_view name, bool load) {
  InstructionUse use;
  if (starts_with_any(name, {"ldm", "pop", "stm", "push"})) {
    use.address = kN;
    use.list = true;
    return use;
  }
  if (!name.ends_with("_lit")) use.address = kN;
  if (name.ends_with("_reg")) use.address |= kM;
  if (name.ends_with("_pre") || name.ends_with("_post")) use.base = kN;
  Fields& data = load ? use.loaded : use.stored;
  if (name.starts_with("ldr_sp"))
    use.sp_loaded = true;
  else if (!name.starts_with("ldr_pc"))
    data = kD;
  if (starts_with_any(name, {"ldrd", "strd"})) data |= kM;
  if (name.starts_with("strex")) use.results = kM;
  if (starts_with_any(name, {"ldrb", "ldrsb", "strb", "ldab", "stlb"}) || any_of(name, {"ldrexb", "strexb"}))
    use.width = 1;
  if (starts_with_any(name, {"ldrh", "ldrsh", "strh", "ldah", "stlh"}) || any_of(name, {"ldrexh", "strexh"}))
    use.width = 2;
  return use;
}

constexpr InstructionUse multiply_use(std::string_view name) {
  InstructionUse use;
  use.operands = kN | kM, use.results = kD;
  if (any_of(name, {"smull", "umull", "smlal", "umlal", "umaal", "smlalxy", "smlald", "smlsld"})) {
    use.results |= kA;
    if (!name.ends_with("mull")) use.accumulators = kD | kA;
  } else if (any_of(name, {"mla", "mls", "smlaxy", "smlawy", "smlad", "smlsd", "smmla", "smmls", "usada8"})) {
    use.accumulators = kA;
  }
  use.writes_flags = name == "mul_s";
  return use;
}

constexpr InstructionUse data_use(std::string_view name) {
  InstructionUse use;
  use.writes_flags = name.ends_with("_s");
  if (use.writes_flags) name.remove_suffix(2);
  if (starts_with_any(name, {"tst_", "teq_", "cmn_", "cmp_"}))
    use.writes_flags = true;
  else
    use.results = kD;
  use.reads_flags = starts_with_any(name, {"adc_", "sbc_", "rrx"}) || name == "sel";

  use.add_move_or_shift = starts_with_any(name, {"lsl_", "lsr_", "asr_", "ror_"}) ||
                          any_of(name, {"add_imm", "add_reg", "sub_imm", "sub_reg", "mov_imm", "mov_reg",
                                        "add_sp_imm", "sub_sp_imm"});
  if (name == "mov_sp") return use.results = 0, use.sp_result = true, use.operands = kM, use;
  if (starts_with_any(name, {"add_sp", "sub_sp"})) {
    use.results = 0, use.sp_result = true, use.operands = kN;
    if (name.ends_with("_reg")) use.operands |= kM;
    return use;
  }
  if (starts_with_any(name, {"mov_imm", "mvn_imm"})) return use;
  if (any_of(name, {"movt", "bfc"})) return use.operands = kD, use;
  if (name == "bfi") return use.operands = kD, use.shifted = kN, use;
  if (any_of(name, {"ubfx", "sbfx"})) return use.shifted = kN, use;
  if (any_of(name, {"rev", "rev16", "revsh", "rbit"})) return use.shifted = kM, use;
  if (any_of(name, {"ssat16", "usat16", "ssat", "usat"})) return use.operands = kN, use;
  if (any_of(name, {"sxth", "sxtb", "uxth", "uxtb", "sxtb16", "uxtb16", "clz", "rrx"}) ||
      any_of(name, {"lsl_imm", "lsr_imm", "asr_imm", "ror_imm", "mov_reg", "mvn_reg"}))
    return use.operands = kM, use;
  if (any_of(name, {"sxtah", "sxtab", "uxtah", "uxtab", "sxtab16", "uxtab16", "pkhbt", "pkhtb"}))
    return use.operands = kN, use.shifted = kM, use;
  if (name == "mvn_shift") return use.shifted = kM, use;
  if (name.ends_with("_imm")) return use.operands = kN, use;
  if (name.ends_with("_lsl") || name.ends_with("_shift")) return use.operands = kN, use.shifted = kM, use;
  return use.operands = kN | kM, use;  // two registers; parallel arithmetic, QADD, SEL
}

constexpr InstructionUse use_of(std::string_view name) {
  InstructionUse use;
  if (starts_with_any(name, {"ldr", "ldm", "pop", "lda"})) return memory_use(name, true);
  if (starts_with_any(name, {"str", "stl", "stm", "push"})) return memory_use(name, false);
  if (starts_with_any(name, {"tbb", "tbh"})) {
    use.address = name.ends_with("_pc") ? kM : kN | kM;
    use.width = name.starts_with("tbb") ? 1 : 2;
    return use;
  }
  if (name.starts_with("v")) return fp_use(name);
  if (any_of(name, {"cbz", "cbnz", "msr"})) return use.operands = kN, use.writes_flags = name == "msr", use;
  if (name == "bl") return use.links = true, use;
  if (any_of(name, {"bx", "blx", "mov_pc", "add_pc"}))
    return use.operands = kM, use.links = name == "blx", use;
  if (any_of(name, {"mrs", "tt"})) return use.results = kD, use.reads_flags = name == "mrs", use;
  if (name.starts_with("b_") && name != "b_out" && name != "b_self") return use.reads_flags = true, use;
  if (name.starts_with("choose_")) return use;
  if (any_of(name, {"decode", "next_page", "fetch_fault", "if_passed", "probe", "undefined", "no_coprocessor",
                    "clrex",  "b",         "b_out",       "b_self",    "bl",    "it",        "nop",
                    "yield",  "wfe",       "wfi",         "sev",       "dmb",   "dsb",       "isb",
                    "svc",    "bkpt",      "cps"}))
    return use;
  if (any_of(name, {"mul", "mul_s", "mla", "mls", "sdiv", "udiv", "usad8", "usada8"}) ||
      starts_with_any(name,
                      {"smul", "umul", "smla", "umla", "smls", "smus", "smua", "smml", "smmu", "umaal"}))
    return multiply_use(name);
  return data_use(name);
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

/// `code`: what executes it; that of `operation` may be a probe or a condition in front. `cycles`: see there.
InstructionFacts facts_of(const Operation& operation, Code code, unsigned cycles, unsigned items);

}  // namespace mcusim::emulator::cortex_m
