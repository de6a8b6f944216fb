#include "operands.h"

#include "emulator/cortex_m/fpu/format.h"
#include "emulator/cortex_m/fpu/fpscr.h"

namespace mcusim::emulator::fpu::testing {
namespace {

template <typename Format>
std::uint64_t pattern(int exponent_field, std::uint64_t fraction) {
  return static_cast<std::uint64_t>(exponent_field) << Format::kFractionBits | fraction;
}

template <typename Format>
std::vector<std::uint64_t> with_both_signs(const std::vector<std::uint64_t>& magnitudes) {
  std::vector<std::uint64_t> values;
  for (const std::uint64_t magnitude : magnitudes) {
    values.push_back(magnitude);
    values.push_back(magnitude | Format::kSignBit);
  }
  return values;
}

template <typename Format>
std::vector<std::uint64_t> make_special_values() {
  constexpr std::uint64_t kOnes = Format::kFractionMask;
  constexpr std::uint64_t kQuiet = Format::kQuietBit;
  constexpr int kBias = Format::kBias;
  constexpr int kTop = Format::kMaxExponentField;
  std::vector<std::uint64_t> magnitudes = {
      0,
      1,
      kQuiet,
      kOnes,                  // denormals
      pattern<Format>(1, 0),  // smallest normal
      pattern<Format>(1, 1),
      pattern<Format>(2, 0),
      pattern<Format>(kBias / 2, kQuiet),      // its square is near the smallest normal
      pattern<Format>(kBias - 1, 0),           // 0.5
      pattern<Format>(kBias - 1, kOnes),       // just below 1
      pattern<Format>(kBias, 0),               // 1
      pattern<Format>(kBias, 1),               // just above 1
      pattern<Format>(kBias, kQuiet),          // 1.5
      pattern<Format>(kBias, kOnes),           // just below 2
      pattern<Format>(kBias + 1, kQuiet / 2),  // 2.5
      pattern<Format>(kTop - 1, 0),
      pattern<Format>(kTop - 1, kOnes),  // largest
      pattern<Format>(kTop, 0),          // infinity
      pattern<Format>(kTop, kQuiet),
      pattern<Format>(kTop, kQuiet | (kOnes / 3)),
      pattern<Format>(kTop, 1),  // signalling
      pattern<Format>(kTop, kOnes / 5 & ~kQuiet),
  };
  // Half an ulp of 1, and the ends of the integer ranges with their neighbours.
  for (const int power :
       {-Format::kFractionBits - 1, -Format::kFractionBits, Format::kFractionBits, 15, 16, 31, 32}) {
    if (kBias + power >= kTop || kBias + power < 1) continue;
    magnitudes.push_back(pattern<Format>(kBias + power, 0));
    magnitudes.push_back(pattern<Format>(kBias + power, 1));
    magnitudes.push_back(pattern<Format>(kBias + power, 0) - 1);
  }
  return with_both_signs<Format>(magnitudes);
}

std::vector<std::uint64_t> make_narrowing_values() {
  std::vector<std::uint64_t> magnitudes;
  for (const int power : {-150, -149, -127, -126, -25, -24, -15, -14, 0, 15, 16, 127, 128}) {
    for (const std::uint64_t tie : {std::uint64_t{1} << 28, std::uint64_t{1} << 41}) {
      for (const std::uint64_t fraction : {std::uint64_t{0}, tie - 1, tie, tie + 1, 3 * tie,
                                           Double::kFractionMask, Double::kFractionMask - tie}) {
        magnitudes.push_back(pattern<Double>(Double::kBias + power, fraction));
      }
    }
  }
  return with_both_signs<Double>(magnitudes);
}

template <typename Format>
std::vector<std::uint64_t> make_few_special_values() {
  constexpr int kBias = Format::kBias;
  constexpr int kTop = Format::kMaxExponentField;
  return {0,
          Format::kSignBit,
          1,
          Format::kSignBit | Format::kFractionMask,
          pattern<Format>(1, 0),
          pattern<Format>(kBias / 2, Format::kQuietBit),
          pattern<Format>(kBias, 1),
          pattern<Format>(kBias, 0) | Format::kSignBit,
          pattern<Format>(kBias - Format::kFractionBits - 1, 0),
          pattern<Format>(kTop - 1, Format::kFractionMask),
          pattern<Format>(kTop, 0),
          pattern<Format>(kTop, 0) | Format::kSignBit,
          pattern<Format>(kTop, Format::kQuietBit | 5),
          pattern<Format>(kTop, Format::kQuietBit | 6) | Format::kSignBit,
          pattern<Format>(kTop, 7),
          pattern<Format>(kTop, 8) | Format::kSignBit};
}

template <typename Format>
std::uint64_t random_pattern(std::mt19937_64& random) {
  const std::uint64_t bits = random();
  const std::uint64_t choice = random();
  std::uint64_t fraction = bits & Format::kFractionMask;
  auto field = static_cast<int>(choice >> 32) & Format::kMaxExponentField;
  if ((choice & 1) != 0) fraction &= Format::kFractionMask << ((choice >> 8) % Format::kFractionBits);
  switch ((choice >> 1) & 7) {
    case 0:
      field %= 4;
      break;
    case 1:
      field = Format::kMaxExponentField - 1 - field % 4;
      break;
    case 2:
      field = Format::kBias / 2 + field % 4;
      break;
    case 3:
    case 4:
      field = Format::kBias - 16 + field % 48;
      break;
    case 5:
      field = Format::kBias + field % 4;
      break;
    default:
      break;
  }
  field &= Format::kMaxExponentField;
  return pattern<Format>(field, fraction) | ((bits >> 63) != 0 ? Format::kSignBit : 0);
}

}  // namespace

const std::vector<std::uint64_t>& special_values(OperandType type) {
  static const auto singles = make_special_values<Single>();
  static const auto halves = make_special_values<Half>();
  static const auto doubles = make_special_values<Double>();
  static const std::vector<std::uint64_t> integers = {
      0,          1,          2,          3,          0x7f,       0xff,       0x7fff,     0x8000,
      0xffff,     0x10000,    0xffffff,   0x1000000,  0x1000001,  0x1000003,  0x7fffffff, 0x7fffff80,
      0x7fffffc0, 0x80000000, 0x80000001, 0x80000080, 0xfffffffe, 0xffffffff, 0xffffff80, 0xffffff00};
  switch (type) {
    case OperandType::single:
      return singles;
    case OperandType::double_precision:
      return doubles;
    case OperandType::half:
      return halves;
    case OperandType::integer:
      break;
  }
  return integers;
}

const std::vector<std::uint64_t>& narrowing_values() {
  static const auto values = make_narrowing_values();
  return values;
}

const std::vector<std::uint64_t>& few_special_values(OperandType type) {
  static const auto singles = make_few_special_values<Single>();
  static const auto doubles = make_few_special_values<Double>();
  return type == OperandType::single ? singles : doubles;
}

std::uint64_t random_value(OperandType type, std::mt19937_64& random) {
  if (random() % 16 == 0) {
    const auto& specials = special_values(type);
    return specials[random() % specials.size()];
  }
  switch (type) {
    case OperandType::single:
      return random_pattern<Single>(random);
    case OperandType::double_precision:
      return random_pattern<Double>(random);
    case OperandType::half:
      return random() & 0xffff;
    case OperandType::integer:
      break;
  }
  return (random() & 0xffffffff) >> (random() % 32);
}

std::vector<std::uint32_t> all_modes(bool with_alternative_half) {
  std::vector<std::uint32_t> modes;
  for (std::uint32_t rounding = 0; rounding < 4; ++rounding) {
    for (std::uint32_t rest = 0; rest < (with_alternative_half ? 16u : 8u); ++rest) {
      modes.push_back(rounding << 22 | ((rest & 1) != 0 ? Fpscr::kFlushToZero : 0) |
                      ((rest & 2) != 0 ? Fpscr::kDefaultNan : 0) | ((rest & 4) != 0 ? Fpscr::kInexact : 0) |
                      ((rest & 8) != 0 ? Fpscr::kAlternativeHalf : 0));
    }
  }
  return modes;
}

}  // namespace mcusim::emulator::fpu::testing
