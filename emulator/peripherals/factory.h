#pragma once

#include <memory>

#include "emulator/bus/bus.h"
#include "emulator/peripherals/usart.h"
#include "emulator/peripherals/wiring.h"
#include "emulator/scheduler.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The device that PeripheralModel::model asks for: "registers", "usart_v1", "usart_v2", "lpuart",
/// "timer", "gpio", "rng", "crc", "exti", "flash", "dma_channels", "dma_streams", "dma_linked". Throws
/// InputError for another name.
std::unique_ptr<Device> make_peripheral(const mcu_models::PeripheralModel& model, Wiring wiring);

/// Whether the device is a Usart, which make_usart() makes.
bool is_uart(const mcu_models::PeripheralModel& model);
std::unique_ptr<Usart> make_usart(const mcu_models::PeripheralModel& model, Wiring wiring);

}  // namespace mcusim::emulator
