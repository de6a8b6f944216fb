#pragma once

namespace mcusim::mcu_models {

/// What the exception mechanism takes with memories at zero wait states; cycles.
struct ExceptionParameters {
  unsigned entry = 12;      ///< From the last instruction to the first of the handler.
  unsigned exit = 10;       ///< From the exception return to the instruction returned to.
  unsigned tail_chain = 6;  ///< From one handler to the next without touching the stack.
  unsigned stacking = 9;    ///< Of the entry: writing the frame.
  unsigned vectoring = 6;   ///< Of the entry: reading the vector and the handler's first instruction.
  unsigned parallel = 1;    ///< 1: both at once, unless they share a bus.
  unsigned fp_frame = 17;   ///< More for a frame with FP registers, at entry, exit or in a lazy save.
};

/// Numbers of the pipeline rules of Cortex-M0 and M0+ (emulator/timing/pipeline_m0.h); cycles. What an
/// instruction costs, a taken branch included, is in CoreModel::costs.
struct PipelineM0Parameters {
  unsigned fetch_to_execute = 1;  ///< From the data phase of a fetch to the instruction's first cycle.
  unsigned device_access = 1;     ///< Wait of an access to a peripheral on a bus.
  unsigned io_port_saves = 1;     ///< Less for a load or store on the single-cycle I/O port.
};

/// Numbers of the pipeline rules of Cortex-M33 (emulator/timing/pipeline_m33.h); cycles unless said. What an
/// instruction that waits for nothing costs, a taken branch included, is in CoreModel::costs.
struct PipelineM33Parameters {
  unsigned fetch_words = 4;        ///< Words that fetching may be ahead.
  unsigned late_load = 1;          ///< 1: what a load brings can be used one cycle later than a sum.
  unsigned late_shifted = 1;       ///< 1: so can the result of a shifted operand,
  unsigned late_multiply = 1;      ///< of a multiplication,
  unsigned late_dsp = 1;           ///< of parallel and saturating arithmetic,
  unsigned late_extend = 0;        ///< of SXTB and its like.
  unsigned two_stage_flags = 1;    ///< More for MULS, and for flags from a rotated constant.
  unsigned pairs = 1;              ///< 1: branch, NOP and IT issue with the instruction before.
  unsigned bus_change = 1;         ///< Between loads in a row from different buses.
  unsigned unaligned_access = 1;   ///< A data access that crosses a word.
  unsigned device_access = 1;      ///< Wait of an access to a peripheral.
  unsigned divide_least = 2;       ///< Quotient of few bits; rises linearly to
  unsigned divide_most = 11;       ///< a quotient of 32 bits.
  unsigned fp_result = 2;          ///< From FP arithmetic to a use of its result.
  unsigned fp_mac_accumulate = 3;  ///< From a multiply-accumulate to the next accumulation.
  unsigned fp_mac_result = 4;      ///< From a multiply-accumulate to another use.
  unsigned fp_mac_blocks = 2;      ///< Cycles behind it without FP instructions.
  unsigned fp_divide = 14;         ///< Division and square root, in the background.
  unsigned fp_to_core = 2;         ///< From VMOV Rt, Sn to a use of Rt; two registers: see docs.
};

/// Numbers of the pipeline rules of Cortex-M3 and M4 (emulator/timing/pipeline_m4.h); cycles unless said.
struct PipelineParameters {
  unsigned fetch_words = 3;           ///< Words in the fetch queue, 2 or 3.
  unsigned branch_refill = 2;         ///< A taken branch beyond its own cycle.
  unsigned load_tail = 1;             ///< A load's second cycle, which the next load can hide.
  unsigned load_after_store = 1;      ///< A load directly behind a store.
  unsigned store_after_store = 1;     ///< A store directly behind a store.
  unsigned address_after_result = 1;  ///< An address from the result of the instruction before.
  unsigned store_hides_load = 1;    ///< 1: a store behind a load of its memory hides the load's second cycle.
  unsigned indexed_load_hides = 1;  ///< 1: so does a load that writes its base back.
  unsigned half_word_load = 1;      ///< A 32-bit load at a half-word that does not overlap with a load.
  unsigned unaligned_access = 1;    ///< A data access that crosses a word.
  unsigned fp_dependent = 1;        ///< FP arithmetic whose result the next instruction uses.
  unsigned divide_least = 2;        ///< Quotient of few bits; rises linearly to
  unsigned divide_most = 12;        ///< a quotient of 32 bits.
  unsigned device_access = 1;       ///< Wait of an access to a peripheral.
  unsigned code_on_system_bus = 1;  ///< Data access on the bus that the code comes over.
  unsigned folds_it = 1;            ///< 1: IT behind a 16-bit instruction costs nothing.
};

/// Numbers of the pipeline rules of Cortex-M7 (emulator/timing/m7/pipeline_m7.h); cycles unless said.
/// Distances count from the issue of a producer to that of its consumer.
struct PipelineM7Parameters {
  unsigned fetch_entries = 4;  ///< Of 64 bits in the fetch queue, at most 4.
  unsigned fetch_reuse = 2;    ///< From the last issue out of an entry to its next use.
  /// Between two taken branches each load or store multiple needs as many 16-bit instructions, before or
  /// behind it, or there is one cycle more; why is not known.
  unsigned short_for_multiple = 2;
  unsigned static_bubbles = 2;    ///< Fetch cycles lost by a taken branch that the target cache misses.
  unsigned btac_entries = 64;     ///< Entries of the branch target address cache.
  unsigned mispredict = 8;        ///< From a mispredicted branch to the instruction at its target.
  unsigned mispredict_early = 6;  ///< The same when the flags were set early_flags cycles before.
  unsigned early_flags = 3;
  unsigned alu = 1;                   ///< Distance of data processing.
  unsigned early_operand = 1;         ///< More where a consumer reads early: addresses, shifter, bit fields.
  unsigned load = 1;                  ///< Distance of a loaded word.
  unsigned narrow_load = 2;           ///< Distance of a loaded byte or half-word.
  unsigned load_to_multiplier = 1;    ///< More from a loaded word to a factor.
  unsigned multiply = 2;              ///< Distance of a product.
  unsigned late_accumulator = 1;      ///< Less where a consumer accumulates, which it does a stage later.
  unsigned accumulate = 1;            ///< From a product to the next accumulation.
  unsigned younger_load_forward = 1;  ///< Less for a load beside an older instruction that had to wait.
  unsigned fp_result = 3;             ///< Distance of FP addition, multiplication, conversion.
  unsigned fp_mac_accumulate = 3;     ///< From a fused multiply-add to an accumulator or a store.
  unsigned fp_mac_operand = 5;        ///< From a fused multiply-add to a factor.
  unsigned fp_load_accumulate = 3;    ///< From VLDR to an accumulator.
  unsigned fp_result_stored = 1;      ///< From FP addition and the like to a store.
  unsigned fp_move = 3;               ///< Distance of VMOV to an FP register.
  unsigned fp_mac_blocks = 3;         ///< Cycles behind a fused multiply-add without certain FP instructions.
  unsigned unaligned_older = 1;       ///< More for an unaligned load in the older slot.
  unsigned unaligned_younger = 2;     ///< More for an unaligned load in the younger slot.
  unsigned store_entries = 5;         ///< Of the store buffer, at most 8.
  unsigned store_word = 1;            ///< Draining a word.
  unsigned store_narrow = 2;          ///< Draining a byte or half-word.
  unsigned store_narrow_same_bank = 4;  ///< The same behind a store to the same word bank.
};

}  // namespace mcusim::mcu_models
