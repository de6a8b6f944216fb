#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mcusim::emulator {

/// What a timing model distinguishes. The names, as written here, are the keys of CoreModel::costs.
/// A class with `items` costs per_item for each register it moves.
#define MCUSIM_INSTRUCTION_CLASSES(X)                                                            \
  X(alu)                      /* ADD, MOV, CMP, AND.. with plain operands; ADR */                \
  X(alu_shifted)              /* second operand shifted in the same instruction */               \
  X(shift)                    /* LSL, LSR, ASR, ROR, RRX */                                      \
  X(move_wide)                /* MOVW, MOVT */                                                   \
  X(bit_field)                /* BFI, BFC, UBFX, SBFX */                                         \
  X(extend)                   /* SXTB, UXTH, SXTB16.. */                                         \
  X(extend_add)               /* SXTAB, UXTAH.. */                                               \
  X(reverse)                  /* REV, REV16, REVSH, RBIT */                                      \
  X(count_zeros)              /* CLZ */                                                          \
  X(pack)                     /* PKHBT, PKHTB */                                                 \
  X(saturate)                 /* SSAT, USAT, QADD.. */                                           \
  X(simd)                     /* parallel add and subtract, SEL, USAD8 */                        \
  X(multiply)                 /* MUL */                                                          \
  X(multiply_accumulate)      /* MLA, MLS */                                                     \
  X(multiply_long)            /* SMULL, UMULL */                                                 \
  X(multiply_accumulate_long) /* SMLAL, UMLAL, UMAAL */                                          \
  X(dsp_multiply)             /* SMULxy, SMUAD, SMMUL.. */                                       \
  X(dsp_accumulate)           /* SMLAxy, SMLAD, SMMLA, SMLALD.. */                               \
  X(divide)                   /* SDIV, UDIV */                                                   \
  X(load)                     /* LDR with an immediate offset, any width */                      \
  X(load_register)            /* LDR with a register offset */                                   \
  X(load_pc)                  /* LDR to PC; always taken */                                      \
  X(load_double)              /* LDRD */                                                         \
  X(load_multiple)            /* LDM, POP; items; taken when PC is loaded */                     \
  X(load_exclusive)           /* LDREX, LDA, LDAEX */                                            \
  X(store)                    /* STR with an immediate offset, any width */                      \
  X(store_register)           /* STR with a register offset */                                   \
  X(store_double)             /* STRD */                                                         \
  X(store_multiple)           /* STM, PUSH; items */                                             \
  X(store_exclusive)          /* STREX, STL, STLEX */                                            \
  X(branch)                   /* B */                                                            \
  X(branch_conditional)       /* B<cond> */                                                      \
  X(branch_compare)           /* CBZ, CBNZ */                                                    \
  X(branch_link)              /* BL */                                                           \
  X(branch_register)          /* BX, BLX, MOV and ADD to PC */                                   \
  X(branch_table)             /* TBB, TBH */                                                     \
  X(if_then)                  /* IT */                                                           \
  X(nop)                      /* NOP, YIELD, SEV, PLD.. */                                       \
  X(wait)                     /* WFI, WFE */                                                     \
  X(status)                   /* MRS, MSR */                                                     \
  X(system)                   /* CPS, TT, CLREX */                                               \
  X(barrier)                  /* DMB, DSB, ISB */                                                \
  X(exception)                /* SVC, BKPT, UDF and encodings a core lacks */                    \
  X(fp_add)                   /* VADD, VSUB */                                                   \
  X(fp_multiply)              /* VMUL, VNMUL */                                                  \
  X(fp_chained_mac)           /* VMLA, VMLS, VNMLA, VNMLS */                                     \
  X(fp_fused_mac)             /* VFMA, VFMS, VFNMA, VFNMS */                                     \
  X(fp_divide)                /* VDIV */                                                         \
  X(fp_square_root)           /* VSQRT */                                                        \
  X(fp_compare)               /* VCMP, VMAXNM, VMINNM */                                         \
  X(fp_convert)               /* VCVT, VRINT */                                                  \
  X(fp_move)                  /* VMOV between FP registers or of a constant, VABS, VNEG, VSEL */ \
  X(fp_move_core)             /* VMOV of one word to or from a core register, VMRS, VMSR */      \
  X(fp_move_core_pair)        /* VMOV of two words to or from core registers */                  \
  X(fp_load)                  /* VLDR.32 */                                                      \
  X(fp_load_double)           /* VLDR.64 */                                                      \
  X(fp_load_multiple)         /* VLDM, VPOP; items are words */                                  \
  X(fp_store)                 /* VSTR.32 */                                                      \
  X(fp_store_double)          /* VSTR.64 */                                                      \
  X(fp_store_multiple)        /* VSTM, VPUSH; items are words */                                 \
  X(fp64_add)                 /* from here: the same in double precision */                      \
  X(fp64_multiply)                                                                               \
  X(fp64_chained_mac)                                                                            \
  X(fp64_fused_mac)                                                                              \
  X(fp64_divide)                                                                                 \
  X(fp64_square_root)                                                                            \
  X(fp64_compare)                                                                                \
  X(fp64_convert)                                                                                \
  X(fp64_move)

enum class InstructionClass : std::uint8_t {
#define MCUSIM_ENUMERATOR(name) name,
  MCUSIM_INSTRUCTION_CLASSES(MCUSIM_ENUMERATOR)
#undef MCUSIM_ENUMERATOR
};

inline constexpr std::array kInstructionClassNames = {
#define MCUSIM_NAME(name) std::string_view(#name),
    MCUSIM_INSTRUCTION_CLASSES(MCUSIM_NAME)
#undef MCUSIM_NAME
};

inline constexpr std::size_t kInstructionClassCount = kInstructionClassNames.size();

constexpr std::string_view name_of(InstructionClass instruction_class) {
  return kInstructionClassNames[static_cast<std::size_t>(instruction_class)];
}

constexpr bool is_load_or_store(InstructionClass instruction_class) {
  return (instruction_class >= InstructionClass::load &&
          instruction_class <= InstructionClass::store_exclusive) ||
         (instruction_class >= InstructionClass::fp_load &&
          instruction_class <= InstructionClass::fp_store_multiple);
}

constexpr std::optional<InstructionClass> instruction_class_named(std::string_view name) {
  for (std::size_t i = 0; i < kInstructionClassCount; ++i) {
    if (kInstructionClassNames[i] == name) return static_cast<InstructionClass>(i);
  }
  return std::nullopt;
}

}  // namespace mcusim::emulator
