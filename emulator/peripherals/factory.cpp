#include "emulator/peripherals/factory.h"

#include <fmt/format.h>

#include "common/error.h"
#include "emulator/peripherals/crc_unit.h"
#include "emulator/peripherals/dma/channel_dma.h"
#include "emulator/peripherals/dma/linked_dma.h"
#include "emulator/peripherals/dma/stream_dma.h"
#include "emulator/peripherals/external_interrupts.h"
#include "emulator/peripherals/flash_interface.h"
#include "emulator/peripherals/gpio.h"
#include "emulator/peripherals/low_power_timer.h"
#include "emulator/peripherals/random_generator.h"
#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/timer.h"

namespace mcusim::emulator {

bool is_uart(const mcu_models::PeripheralModel& model) {
  return model.model == "usart_v1" || model.model == "usart_v2" || model.model == "lpuart" ||
         model.model == "linflexd";
}

std::unique_ptr<Usart> make_usart(const mcu_models::PeripheralModel& model, Wiring wiring) {
  if (model.model == "usart_v1") return std::make_unique<UsartV1>(model, std::move(wiring));
  return std::make_unique<UsartV2>(model, std::move(wiring));
}

std::unique_ptr<Device> make_peripheral(const mcu_models::PeripheralModel& model, Wiring wiring) {
  if (model.model == "registers") return std::make_unique<RegisterFile>(model);
  if (model.model == "flash") return std::make_unique<FlashInterface>(model, wiring);
  if (is_uart(model)) return make_usart(model, std::move(wiring));
  if (model.model == "timer") return std::make_unique<Timer>(model, *wiring.scheduler, wiring);
  if (model.model == "lptim") return std::make_unique<LowPowerTimer>(model, wiring);
  if (model.model == "gpio") return std::make_unique<Gpio>(model, wiring);
  if (model.model == "rng") return std::make_unique<RandomGenerator>(model, wiring);
  if (model.model == "crc") return std::make_unique<CrcUnit>(model);
  if (model.model == "exti") return std::make_unique<ExternalInterrupts>(model, wiring);
  if (model.model == "dma_channels") return std::make_unique<ChannelDma>(model, wiring);
  if (model.model == "dma_streams") return std::make_unique<StreamDma>(model, wiring);
  if (model.model == "dma_linked") return std::make_unique<LinkedDma>(model, wiring);
  throw InputError(fmt::format(
      "peripheral {}: its model '{}' is unknown; use registers, usart_v1, usart_v2, lpuart, timer, "
      "lptim, gpio, rng, crc, exti, flash, dma_channels, dma_streams or dma_linked",
      model.name, model.model));
}

}  // namespace mcusim::emulator
