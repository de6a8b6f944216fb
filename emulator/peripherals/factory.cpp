#include "emulator/peripherals/factory.h"

#include <fmt/format.h>

#include "common/error.h"
#include "emulator/peripherals/register_file.h"
#include "emulator/peripherals/timer.h"

namespace mcusim::emulator {

std::unique_ptr<Device> make_peripheral(const mcu_models::PeripheralModel& model, const Scheduler& scheduler,
                                        UartOutput output) {
  if (model.model == "registers") return std::make_unique<RegisterFile>(model);
  if (model.model == "usart_v1") return std::make_unique<UsartV1>(model, std::move(output));
  if (model.model == "usart_v2" || model.model == "lpuart")
    return std::make_unique<UsartV2>(model, std::move(output));
  if (model.model == "timer") return std::make_unique<Timer>(model, scheduler);
  throw InputError(
      fmt::format("peripheral {}: its model '{}' is unknown; use registers, usart_v1, usart_v2, "
                  "timer16 or timer32",
                  model.name, model.model));
}

}  // namespace mcusim::emulator
