#pragma once

#include <cstdint>

// What PipelineM7 sorts instructions by.
namespace mcusim::emulator::m7 {

/// Properties of an instruction that decide whether two may issue together.
enum Property : std::uint16_t {
  kStore = 1 << 0,
  kLoad = 1 << 1,
  kMultiply = 1 << 2,
  kBranch = 1 << 3,
  kFpArithmetic = 1 << 4,
  kOneUnit = 1 << 5,   ///< Bit fields, extension, SIMD, reversal, saturation: in the older slot only.
  kShifter = 1 << 6,   ///< An operand or constant that is shifted on the way.
  kExtender = 1 << 7,  ///< Those of kOneUnit that use the shifter.
  kAlone = 1 << 8,
  kFusedMac = 1 << 9,
  kFpMove = 1 << 10,             ///< VLDR, VSTR, VMOV.
  kBlockedByFusedMac = 1 << 11,  ///< Not in the cycles behind a fused multiply-add.
  kEvenStores = 1 << 12,         ///< Stores an even number of words.
  kFpConstant = 1 << 13,         ///< VMOV of a constant.
  kMultiple = 1 << 14,           ///< Load or store multiple.
};
inline constexpr std::uint16_t kMemory = kLoad | kStore;

inline constexpr unsigned kFlagsNumber = 16, kFpFlagsNumber = 17;

}  // namespace mcusim::emulator::m7
