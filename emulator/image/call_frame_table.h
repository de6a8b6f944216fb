#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "common/units.h"

namespace mcusim::emulator {

class DebugFile;

/// r0 to r15 at one place of a call chain.
using CoreRegisters = std::array<std::uint32_t, 16>;
/// A word of the guest's memory; nothing outside of it. Must not have side effects.
using ReadWord = std::function<std::optional<std::uint32_t>(Address)>;

/// How to get from a function to its caller, as the compiler wrote it down: .debug_frame, else .eh_frame
/// (DWARF 5, section 6.4). Damage loses answers and leaves a warning in the DebugFile.
class CallFrameTable {
 public:
  explicit CallFrameTable(std::shared_ptr<DebugFile> file);
  ~CallFrameTable();

  /// The registers that the caller of the function at `pc` has when the call returns; r15 is the return
  /// address as it was in LR. Nothing when the tables do not cover `pc` or a needed word cannot be read.
  std::optional<CoreRegisters> caller(Address pc, const CoreRegisters& registers, const ReadWord& read);

 private:
  struct Tables;

  std::shared_ptr<DebugFile> file_;
  std::unique_ptr<Tables> tables_;  ///< Opened at the first question.
};

}  // namespace mcusim::emulator
