#pragma once

#include <string>
#include <vector>

#include "mcu_models/mcu_model.h"
#include "mcu_models/reader.h"

namespace mcusim::mcu_models {

/// The keys of a peripheral that tie it to the rest of the chip: reset_cause, remap, requests, programming.
/// `peripheral` has its registers and `mcu` its memories. Throws InputError.
void read_connections(TableReader& reader, const McuModel& mcu, PeripheralModel& peripheral);

/// Those that name other peripherals, once all are read: multiplexer, pins. `node` is the table of
/// `peripheral`, merged with its block.
void connect(const Node& node, const std::string& path, PeripheralModel& peripheral,
             const std::vector<PeripheralModel>& all);

}  // namespace mcusim::mcu_models
