#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// Offset of the first of `names` that the peripheral has: families place and number the same register
/// differently.
inline std::optional<std::uint32_t> offset_of(const mcu_models::PeripheralModel& model,
                                              std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(model.registers, name, &mcu_models::RegisterModel::name);
    if (found != model.registers.end()) return found->offset;
  }
  return std::nullopt;
}

}  // namespace mcusim::emulator
