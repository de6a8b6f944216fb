#pragma once

#include <cstdint>

namespace mcusim::emulator::semihosting {

/// The number of the BKPT that calls the host on all M profiles.
inline constexpr std::uint32_t kBreakpoint = 0xab;

/// R0 of a call (Semihosting for AArch32 and AArch64, release 3.0, section 5). R1 is the argument or points
/// to a block of words.
enum class Operation : std::uint32_t {
  open = 0x01,
  close = 0x02,
  write_character = 0x03,
  write_string = 0x04,
  write = 0x05,
  read = 0x06,
  read_character = 0x07,
  is_error = 0x08,
  is_terminal = 0x09,
  seek = 0x0a,
  file_length = 0x0c,
  temporary_name = 0x0d,
  remove = 0x0e,
  rename = 0x0f,
  clock = 0x10,
  time = 0x11,
  system = 0x12,
  error_number = 0x13,
  command_line = 0x15,
  heap_info = 0x16,
  exit = 0x18,
  exit_extended = 0x20,
  elapsed = 0x30,
  tick_frequency = 0x31,
};

/// Reason of an exit that is no error.
inline constexpr std::uint32_t kApplicationExit = 0x20026;

}  // namespace mcusim::emulator::semihosting
