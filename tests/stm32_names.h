#pragma once

#include <string>
#include <vector>

#include "mcu_models/mcu_model.h"

namespace mcusim {

/// The built-in MCUs with a Cortex-M and the peripherals of an STM32.
inline std::vector<std::string> stm32_names() {
  std::vector<std::string> names = mcu_models::mcu_names();
  std::erase_if(names, [](const std::string& name) { return !name.starts_with("stm32"); });
  return names;
}

}  // namespace mcusim
