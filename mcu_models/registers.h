#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mcu_models/document.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {

/// Bits of a register, "CFGR.5:3".
struct BitRange {
  const RegisterModel* reg = nullptr;
  std::uint32_t shift = 0;
  std::uint32_t width = 1;
};

/// Bits as "CFGR.5:3" of a register of `peripheral`. Throws InputError at `where` when they are none.
BitRange parse_bits(const Node& where, const std::string& path, std::string_view text,
                    const PeripheralModel& peripheral);

/// The rule of the text "CR.25 = CR.24", "CFGR.5:3 = CFGR.2:0" or "CSR1.13 = 1". Throws InputError at
/// `where` when it is none, or names a register that the peripheral lacks.
FollowRule parse_rule(const Node& where, const std::string& path, const PeripheralModel& peripheral);

/// A register as "RCC.CR". Throws InputError at `where` with the nearest names.
struct RegisterPlace {
  const PeripheralModel* peripheral = nullptr;
  const RegisterModel* reg = nullptr;
};
RegisterPlace find_register(const Node& where, const std::string& path, std::string_view text,
                            const McuModel& mcu);

/// Bits as "FLASH.ACR.3:0". Throws as find_register().
RegisterBits find_bits(const Node& where, const std::string& path, const McuModel& mcu);

/// Bits that hold a value, "PWR.CR1.10:9 = 1". Throws as find_register(), and when the value does not fit.
RegisterCondition find_condition(const Node& where, const std::string& path, const McuModel& mcu);

template <typename T>
std::vector<std::string> names_of(const std::vector<T>& items) {
  std::vector<std::string> names;
  for (const T& item : items) names.push_back(item.name);
  return names;
}

}  // namespace mcusim::mcu_models
