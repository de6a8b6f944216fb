#pragma once

namespace mcusim::mcu_models {

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

}  // namespace mcusim::mcu_models
