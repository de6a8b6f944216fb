#include "mcu_models/mcu_model.h"

#include <algorithm>

namespace mcusim::mcu_models {

const MemoryRegion* McuModel::find_memory(const std::string& region_name) const {
  const auto found = std::ranges::find(memory, region_name, &MemoryRegion::name);
  return found == memory.end() ? nullptr : &*found;
}

const PeripheralModel* McuModel::find_peripheral(const std::string& peripheral_name) const {
  const auto found = std::ranges::find(peripherals, peripheral_name, &PeripheralModel::name);
  return found == peripherals.end() ? nullptr : &*found;
}

}  // namespace mcusim::mcu_models
