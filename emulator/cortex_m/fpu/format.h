#pragma once

#include <cstdint>

namespace mcusim::emulator::fpu {

/// Constants every binary interchange format derives from its field widths.
template <typename BitsType, int kExponentWidth, int kFractionWidth>
struct BinaryFormat {
  using Bits = BitsType;
  static constexpr int kExponentBits = kExponentWidth;
  static constexpr int kFractionBits = kFractionWidth;
  static constexpr int kBias = (1 << (kExponentBits - 1)) - 1;
  static constexpr int kMaxExponentField = (1 << kExponentBits) - 1;
  static constexpr Bits kSignBit = static_cast<Bits>(Bits{1} << (kExponentBits + kFractionBits));
  static constexpr Bits kFractionMask = static_cast<Bits>((Bits{1} << kFractionBits) - 1);
  static constexpr Bits kQuietBit = static_cast<Bits>(Bits{1} << (kFractionBits - 1));
  static constexpr Bits kInfinity = static_cast<Bits>(Bits{kMaxExponentField} << kFractionBits);
  static constexpr Bits kDefaultNan = static_cast<Bits>(kInfinity | kQuietBit);
};

struct Half : BinaryFormat<std::uint16_t, 5, 10> {};
struct Single : BinaryFormat<std::uint32_t, 8, 23> {};
struct Double : BinaryFormat<std::uint64_t, 11, 52> {};

}  // namespace mcusim::emulator::fpu
