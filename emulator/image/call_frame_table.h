#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "common/units.h"

namespace mcusim::emulator {

class DebugFile;

/// Registers at one place of a call chain: r0 to r15 of Arm; r0 to r31, LR and program counter of Power.
using FrameRegisters = std::array<std::uint32_t, 34>;
/// Where in FrameRegisters a core has what chains are made of.
struct FrameConvention {
  unsigned general;      ///< Registers that call frame tables number from 0 on.
  unsigned link_number;  ///< Of LR in call frame tables.
  unsigned stack_pointer, link, program_counter;
  bool big_endian;
};
inline constexpr FrameConvention kArmFrames{14, 14, 13, 14, 15, false};
/// Power Architecture 32-bit ABI supplement, table 3-26.
inline constexpr FrameConvention kPowerFrames{32, 65, 1, 32, 33, true};
/// A word of the guest's memory; nothing outside of it. Must not have side effects.
using ReadWord = std::function<std::optional<std::uint32_t>(Address)>;

/// How to get from a function to its caller, as the compiler wrote it down: .debug_frame, else .eh_frame
/// (DWARF 5, section 6.4). Damage loses answers and leaves a warning in the DebugFile.
class CallFrameTable {
 public:
  explicit CallFrameTable(std::shared_ptr<DebugFile> file);
  ~CallFrameTable();

  /// The registers that the caller of the function at `pc` has when the call returns; the program counter is
  /// the return address as it was in LR. Nothing when the tables do not cover `pc` or a needed word cannot be
  /// read.
  std::optional<FrameRegisters> caller(Address pc, const FrameRegisters& registers, const ReadWord& read);
  /// Of the core that the file is for.
  const FrameConvention& convention();

 private:
  struct Tables;

  std::shared_ptr<DebugFile> file_;
  std::unique_ptr<Tables> tables_;  ///< Opened at the first question.
};

}  // namespace mcusim::emulator
