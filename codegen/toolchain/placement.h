#pragma once

#include <string>

#include "codegen/emit/emit.h"
#include "common/units.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::codegen {

/// A stretch of memory: one region of the model, or several that follow each other without a gap.
struct MemorySpan {
  std::string name;  ///< "DTCM", "SRAM1+SRAM2".
  Address base = 0;
  Bytes size = 0;

  bool operator==(const MemorySpan&) const = default;
};

/// Where the firmware's parts go. `system` holds stack, .data and .bss; it may be the same span as `arena`,
/// which then comes behind them.
struct Placement {
  MemorySpan flash;
  MemorySpan system;
  MemorySpan arena;
  Bytes stack_size = 0;
};

/// Picks the fastest memory that fits: first for the network's arena, then for stack and data; tightly
/// coupled before core-coupled before SRAM, larger before smaller, memories joined across kinds last.
/// `sample_bytes` are the sample inputs in flash. Throws InputError telling what is needed and what there is.
Placement place(const EmittedNetwork& network, Bytes sample_bytes, const mcu_models::McuModel& mcu);

}  // namespace mcusim::codegen
