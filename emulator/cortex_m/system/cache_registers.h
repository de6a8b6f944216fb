#pragma once

#include <cstdint>
#include <optional>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

/// The registers that describe the level 1 caches (DDI 0403E B4.8): firmware takes sets and ways from them
/// when it cleans or invalidates. Sizes are the MCU's "L1I" and "L1D".
class CacheRegisters {
 public:
  explicit CacheRegisters(const mcu_models::McuModel& mcu);

  bool present() const { return instruction_ || data_; }
  std::uint32_t level_id() const;               ///< CLIDR
  std::uint32_t type() const { return type_; }  ///< CTR
  std::uint32_t size_id() const;                ///< CCSIDR of the cache that CSSELR selects
  std::uint32_t selection() const { return selection_; }
  void select(std::uint32_t selection);
  void reset() { selection_ = 0; }

 private:
  std::optional<mcu_models::CacheModel> instruction_, data_;
  std::uint32_t type_ = 0;
  std::uint32_t selection_ = 0;
};

}  // namespace mcusim::emulator::cortex_m
