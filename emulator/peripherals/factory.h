#pragma once

#include <memory>

#include "emulator/bus/bus.h"
#include "emulator/peripherals/usart.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The device that PeripheralModel::model asks for: "registers", "usart_v1", "usart_v2", "timer16",
/// "timer32". `output` is used by UARTs only. Throws InputError for another name.
std::unique_ptr<Device> make_peripheral(const mcu_models::PeripheralModel& model, const Scheduler& scheduler,
                                        UartOutput output);

}  // namespace mcusim::emulator
