#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/units.h"

namespace mcusim::emulator::clock_tree {

// The clock tree of a family as data. Every name of a register is one of the RCC.

/// Bits of a register. Without a name: always 0. `optional`: parts of the family may lack the register, and
/// the bits are 0 there.
struct Field {
  std::string_view reg;
  unsigned shift = 0;
  unsigned width = 1;
  bool optional = false;
};

enum class Source : std::uint8_t {
  none,
  bus,     ///< The peripheral bus that the multiplexer's user is on.
  system,  ///< SYSCLK.
  core,
  hsi,
  hsi_system,  ///< HSI behind a divider that acts on SYSCLK only.
  hse,
  msi,
  msik,
  csi,
  lse,
  lsi,
  pll1,  ///< The output that can drive SYSCLK.
  pll1_second,
  pll2_q,
  pll3_q,
};

/// A multiplexer: `choices[value of field]`; beyond the end no source.
struct Choice {
  Source source = Source::none;
  unsigned divide = 1;
};
struct Multiplexer {
  Field field;
  std::span<const Choice> choices;
};

/// How the value of a field becomes a factor.
enum class Encoding : std::uint8_t {
  plain,
  plus_one,
  plus_one_doubled,
  power_of_two,
};

/// A multiplier or divisor. A factor outside of least..most makes its PLL stop.
struct Factor {
  Field field;
  Encoding encoding = Encoding::plain;
  unsigned least = 1;
  unsigned most = 1;
  std::span<const unsigned> values = {};  ///< Instead of `encoding`: values[value of field].
};

struct Oscillator {
  Source source = Source::none;
  Field on;
  Hertz frequency = 0;  ///< 0: the board's oscillator, or of `ranges`.
  std::span<const Hertz> ranges = {};
  /// ranges[range] while range_select is 1, otherwise ranges[standby_range].
  Field range_select = {};
  Field range = {};
  Field standby_range = {};
  Factor divisor = {};
};

struct PllOutput {
  Source source = Source::none;
  Field enable;  ///< Without a name: always on.
  Factor divisor;
};

struct Pll {
  Field on;
  Multiplexer input;
  Factor m;
  Factor n;
  Field fraction_enable;  ///< Without a name: N has no fraction.
  Field fraction;         ///< In 1 / 8192.
  Hertz highest_vco = 0;  ///< As documented.
  std::span<const PllOutput> outputs;
};

/// Divisors of the bus prescalers; the encoding is the same in all families.
inline constexpr std::array<unsigned, 16> kAhbDivisors = {1, 1, 1, 1,  1,  1,   1,   1,
                                                          2, 4, 8, 16, 64, 128, 256, 512};
inline constexpr std::array<unsigned, 8> kApbDivisors = {1, 1, 1, 1, 2, 4, 8, 16};

/// A peripheral bus; a peripheral whose base lies in one of its ranges is on it.
struct PeripheralBus {
  std::string_view name;
  Address base = 0;
  Bytes size = 0;
  Field prescaler;  ///< Of kApbDivisors.
};

struct KernelMultiplexer {
  std::string_view peripheral;
  Multiplexer multiplexer;
};

struct FamilyTable {
  std::string_view name;    ///< As McuModel::clock_tree has it.
  std::string_view source;  ///< Where the rows are from.
  std::string_view status;  ///< documented or assumed.
  Hertz reset_clock = 0;    ///< SYSCLK after reset.
  Multiplexer system;
  Field core_prescaler;  ///< SYSCLK to core, of kAhbDivisors.
  Field ahb_prescaler;   ///< Core to HCLK, of kAhbDivisors; no name: the same clock.
  /// Set: timers count with up to 4 times their bus clock, otherwise with up to 2 times; never above HCLK.
  Field timer_prescaler;
  std::span<const Oscillator> oscillators;
  std::span<const Pll> plls;
  std::span<const PeripheralBus> buses;
  std::span<const KernelMultiplexer> kernels;
  Multiplexer systick_external;
};

extern const FamilyTable kStm32F1;
extern const FamilyTable kStm32F4;
extern const FamilyTable kStm32F7;
extern const FamilyTable kStm32G0;
extern const FamilyTable kStm32G4;
extern const FamilyTable kStm32L4;
extern const FamilyTable kStm32L4Plus;
extern const FamilyTable kStm32H7;
extern const FamilyTable kStm32H7Ab;
extern const FamilyTable kStm32U5;

}  // namespace mcusim::emulator::clock_tree
