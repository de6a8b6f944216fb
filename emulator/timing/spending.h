#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator {

/// What the cycles of one step of a pipeline are spent on: one part for each cause that comes up.
class Spending {
 public:
  struct Part {
    StallCause cause = StallCause::issue;
    std::int32_t cycles = 0;
  };

  void clear() { count_ = 0; }
  void add(StallCause cause, std::int64_t cycles) {
    if (cycles == 0) return;
    for (std::size_t i = 0; i < count_; ++i) {
      if (parts_[i].cause != cause) continue;
      parts_[i].cycles += static_cast<std::int32_t>(cycles);
      return;
    }
    parts_[count_++] = {cause, static_cast<std::int32_t>(cycles)};
  }
  std::span<const Part> parts() const { return {parts_.data(), count_}; }

 private:
  std::array<Part, kStallCauseNames.size()> parts_{};
  std::size_t count_ = 0;
};

/// What an engine is, too, when it can tell what cycles are spent on in the order in which its pipeline books
/// them. Exceptions and sleep are not told.
class BookedCycles {
 public:
  virtual ~BookedCycles() = default;
  /// From now on what is booked is appended to `parts`; null: no longer. Meant for single steps: what run()
  /// remembers of instructions is booked some time, and of many at once.
  virtual void follow_bookings(std::vector<Spending::Part>* parts) = 0;
};

}  // namespace mcusim::emulator
