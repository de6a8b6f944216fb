#pragma once

#include <cstdint>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// Finds functions and instructions of a profile by address. The profile must outlive it.
class InstructionIndex {
 public:
  explicit InstructionIndex(const Profile& profile);

  /// Index of the function that holds `address`; CallPath::kRoot: none does.
  std::uint32_t function_at(Address address) const;
  /// The instruction that called on a path; null: unknown, as of roots.
  const InstructionProfile* call_of(const CallPath& path) const;
  /// Null: unknown.
  const emulator::SourceLocation* source_of(const InstructionProfile* instruction) const;

 private:
  const Profile& profile_;
  std::vector<std::uint32_t> by_address_;  ///< Functions.
};

}  // namespace mcusim::profiler
