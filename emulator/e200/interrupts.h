#pragma once

#include <cstdint>
#include <string_view>

namespace mcusim::emulator::e200 {

/// What an instruction cannot go on for. The loop stops at it; Core::take_fault() makes an interrupt of it.
enum class Fault : std::uint8_t {
  none,
  illegal,
  privileged,
  trap,
  unknown_spr,
  alignment,
  data_bus,
  fetch_bus,
  data_refused,   ///< By the MPU.
  fetch_refused,  ///< The same.
  fp_unavailable,
  fp_data,
  fp_round,
  watchpoint,
  stack_overflow,  ///< No interrupt of the core: see Engine::set_stack_areas().
};

/// The interrupts of the core, by the number of their IVOR (EREF 5.6).
enum class Interrupt : std::uint8_t {
  critical_input = 0,
  machine_check = 1,
  data_storage = 2,
  instruction_storage = 3,
  external_input = 4,
  alignment = 5,
  program = 6,
  system_call = 8,
  decrementer = 10,
  fixed_interval_timer = 11,
  watchdog = 12,
  debug = 15,
  fp_unavailable = 32,
  fp_data = 33,
  fp_round = 34,
};

std::string_view name_of(Interrupt interrupt);

/// Bits of ESR (EREF 4.7.4).
inline constexpr std::uint32_t kEsrIllegal = 0x08000000, kEsrPrivileged = 0x04000000, kEsrTrap = 0x02000000,
                               kEsrStore = 0x00800000, kEsrSpe = 0x00000080, kEsrVle = 0x00000020;

/// Bits of TCR and TSR (EREF, timer registers).
inline constexpr std::uint32_t kTcrWatchdogEnable = 0x08000000, kTcrDecrementerEnable = 0x04000000,
                               kTcrFixedIntervalEnable = 0x00800000, kTcrAutoReload = 0x00400000,
                               kTcrWatchdogResets = 0x30000000;
inline constexpr std::uint32_t kTsrWatchdogNext = 0x80000000, kTsrWatchdog = 0x40000000,
                               kTsrDecrementer = 0x08000000, kTsrFixedInterval = 0x04000000;

}  // namespace mcusim::emulator::e200
