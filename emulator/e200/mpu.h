#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator::e200 {

/// The core's memory protection unit: which accesses its entries permit. An access needs an entry that holds
/// its address, counts for its kind and process, and permits it; where several hold an address, one that
/// permits is enough.
///
/// Documented, by ST's driver for SPC5 (cmpu_lld) and NXP's S32 SDK (mpu_e200, feature headers): the
/// registers' fields; 12 entries for data, 6 for instructions and 6 that are either; MAS2 is the upper bound,
/// MAS3 the lower one; SEL 2 selects the unit; UAMSK clears that many upper bits of an address before it is
/// compared; a DEBUG entry protects nothing; RO protects an entry from being written (until reset, say
/// systems for these cores); IPROT from MPUFI, which clears itself; a permission to read one to execute too.
/// Follows from what firmware does: both bounds lie inside, and what no entry permits is refused (firmware
/// without entries for its code bypasses instruction accesses).
/// Assumed: overlapping entries add up, as in the MPUs at the crossbars of these families; TIDMSK names the
/// bits of TID that are not compared with PID0; entries are invalid after reset; entries that do not exist
/// ignore writes and read as invalid. Not known, and without effect: TIDCTL.
class Mpu {
 public:
  /// In the order of the bypass bits.
  enum class Kind : std::uint8_t { execute, write, read };
  struct Access {
    Kind kind = Kind::read;
    bool problem_state = false;
  };
  struct Range {
    Address first = 0, last = ~Address{0};
  };
  /// MAS0 to MAS3, through which entries are read and written.
  using AssistRegisters = std::array<std::uint32_t, 4>;

  void reset() { *this = Mpu(); }
  std::uint32_t control() const { return control_; }  ///< MPU0CSR0.
  void set_control(std::uint32_t value);
  bool tid_control() const { return (control_ & 8) != 0; }
  std::uint32_t process() const { return process_; }  ///< PID0.
  void set_process(std::uint32_t value);
  /// mpuwe and mpure.
  void write_entry(const AssistRegisters& registers);
  void read_entry(AssistRegisters& registers) const;

  /// Whether some access of such code may be refused.
  bool restricts(bool problem_state) const;
  /// All that may be accessed around `address` without a gap; none: not even that.
  std::optional<Range> permitted(Address address, Access access) const;
  /// Why: what the entries that hold `address` permit instead.
  std::string reason(Address address, Access access) const;

 private:
  /// A part of the 24 entries, as MAS0 selects it.
  struct Table;
  static const Table kTables[];
  static const Table* table_of(std::uint32_t mas0);
  /// Place in entries_ of what MAS0 selects.
  static std::optional<unsigned> selected(std::uint32_t mas0);

  /// Whether the entry is asked for such accesses at all.
  bool concerns(const AssistRegisters& entry, Access access) const;
  bool bypassed(Access access) const;

  /// What entries permit, in order, without ranges that touch.
  const std::vector<Range>& ranges(Access access) const;

  std::uint32_t control_ = 0, process_ = 0;
  std::array<AssistRegisters, 24> entries_{};
  /// By kind, of supervisor and user; absent until asked for.
  mutable std::array<std::optional<std::vector<Range>>, 6> ranges_{};
};

}  // namespace mcusim::emulator::e200
