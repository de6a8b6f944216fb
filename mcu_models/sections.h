#pragma once

#include "mcu_models/library.h"
#include "mcu_models/mcu_model.h"
#include "mcu_models/reader.h"

namespace mcusim::mcu_models {

// One function per section of a merged part document; each reads its keys from `part`, checks them and
// throws InputError. The order of calls in load_mcu() follows what a section needs of the others.

CoreModel read_core(TableReader& part, const Library& library);
/// The numbers of the exception mechanism and of the core's pipeline model; `reader` is at the core's table.
void read_pipelines(TableReader& reader, CoreModel& core);
std::vector<MemoryRegion> read_memory(TableReader& part);
/// `model` has its interrupt_count and its memory, which peripherals must not overlap.
std::vector<PeripheralModel> read_peripherals(TableReader& part, const McuModel& model,
                                              const Library& library);
/// Flash wait states and caches, for the timing model; `model` has the registers they name.
void read_timing_facts(TableReader& part, McuModel& model);

}  // namespace mcusim::mcu_models
