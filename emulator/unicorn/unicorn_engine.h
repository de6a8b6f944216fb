#pragma once

#include <memory>

#include "emulator/bus/bus.h"
#include "emulator/engine.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The reference engine: Unicorn executes, the core's cost table gives the cycles (TableTiming).
///
/// What it does not do: exceptions of any kind (an SVC is a fault, an enabled interrupt never comes), the
/// MPU, traps on division by zero or alignment. A WFI is therefore never woken. A probe on an instruction
/// inside an IT block stops behind that instruction, or not at all when the block suppresses it; probes at
/// functions and return addresses are exact.
///
/// `bus` must have all its memories and devices; it and `scheduler` must outlive the engine. Throws
/// InputError when Unicorn has no such core.
std::unique_ptr<Engine> make_unicorn_engine(Bus& bus, Scheduler& scheduler,
                                            const mcu_models::CoreModel& core);

}  // namespace mcusim::emulator
