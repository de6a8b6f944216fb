#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cfenv>
#include <cmath>
#include <limits>
#include <random>
#include <type_traits>

#include "emulator/cortex_m/fpu/fpu.h"
#include "operands.h"

/// The integer path against the host's own floating-point unit in all four rounding modes, on operands and
/// results that are not NaN. A source independent of Unicorn's softfloat.
namespace mcusim::emulator::fpu::testing {
namespace {

constexpr int kCasesPerMode = 60000;

struct Mode {
  Rounding rounding;
  int host;
};
constexpr Mode kModes[] = {{Rounding::nearest_even, FE_TONEAREST},
                           {Rounding::toward_plus, FE_UPWARD},
                           {Rounding::toward_minus, FE_DOWNWARD},
                           {Rounding::toward_zero, FE_TOWARDZERO}};

/// The host's default mode again, whatever happens in a test.
struct RestoreRounding {
  ~RestoreRounding() { std::fesetround(FE_TONEAREST); }
};

std::uint32_t host_flags() {
  const int raised = std::fetestexcept(FE_ALL_EXCEPT);
  return ((raised & FE_INVALID) != 0 ? Fpscr::kInvalid : 0) |
         ((raised & FE_DIVBYZERO) != 0 ? Fpscr::kDivideByZero : 0) |
         ((raised & FE_OVERFLOW) != 0 ? Fpscr::kOverflow : 0) |
         ((raised & FE_UNDERFLOW) != 0 ? Fpscr::kUnderflow : 0) |
         ((raised & FE_INEXACT) != 0 ? Fpscr::kInexact : 0);
}

template <typename Format>
class FpuAgainstHost : public ::testing::Test {
 protected:
  using Bits = typename Format::Bits;
  using Float = std::conditional_t<std::is_same_v<Format, Single>, float, double>;
  static constexpr OperandType kType =
      std::is_same_v<Format, Single> ? OperandType::single : OperandType::double_precision;

  static Bits number(std::mt19937_64& random) {
    for (;;) {
      const auto bits = static_cast<Bits>(random_value(kType, random));
      if (!std::isnan(std::bit_cast<Float>(bits))) return bits;
    }
  }

  /// Runs `host` in the mode and compares its result and flags with what the integers said.
  template <typename HostFunction>
  static void expect_host(const char* name, const Mode& mode, Bits a, Bits b, Bits c, Bits ours, Fpscr fpscr,
                          HostFunction host) {
    // volatile: no operation may move out of the two calls that change and read the host's state.
    volatile Float x = std::bit_cast<Float>(a);
    volatile Float y = std::bit_cast<Float>(b);
    volatile Float z = std::bit_cast<Float>(c);
    std::fesetround(mode.host);
    std::feclearexcept(FE_ALL_EXCEPT);
    volatile Float result = host(x, y, z);
    std::uint32_t flags = host_flags();
    std::fesetround(FE_TONEAREST);
    const Float value = result;
    std::uint32_t our_flags = fpscr.bits & Fpscr::kCumulativeMask;
    // Arm looks for underflow before rounding, x86 after it: a tiny value that rounds to the smallest normal
    // underflows on Arm only.
    if (std::fabs(value) == std::numeric_limits<Float>::min()) {
      flags &= ~Fpscr::kUnderflow;
      our_flags &= ~Fpscr::kUnderflow;
    }
    const bool same = std::isnan(value) ? ours == Format::kDefaultNan : ours == std::bit_cast<Bits>(value);
    if (same && flags == our_flags) return;
    ADD_FAILURE() << fmt::format(
        "{}({:#x}, {:#x}, {:#x}) rounding {}: ours {:#x} flags {:#x}, host {:#x} flags {:#x}", name, a, b, c,
        static_cast<int>(mode.rounding), ours, our_flags, std::bit_cast<Bits>(value), flags);
  }
};

using Formats = ::testing::Types<Single, Double>;
TYPED_TEST_SUITE(FpuAgainstHost, Formats);

TYPED_TEST(FpuAgainstHost, arithmetic_has_the_same_results_and_flags) {
  using Format = TypeParam;
  using Real = typename TestFixture::Float;
  const RestoreRounding restore;
  std::mt19937_64 random(2);
  for (const Mode& mode : kModes) {
    const auto rmode = static_cast<std::uint32_t>(mode.rounding) << 22;
    for (int i = 0; i < kCasesPerMode && !this->HasFailure(); ++i) {
      const auto a = this->number(random);
      const auto b = this->number(random);
      const auto c = this->number(random);
      const auto check = [&](const char* name, auto ours, auto host) {
        Fpscr fpscr{rmode};
        const auto result = ours(fpscr);
        this->expect_host(name, mode, a, b, c, result, fpscr, host);
      };
      check(
          "add", [&](Fpscr& f) { return integer::add<Format>(a, b, f); },
          [](Real x, Real y, Real) { return x + y; });
      check(
          "subtract", [&](Fpscr& f) { return integer::subtract<Format>(a, b, f); },
          [](Real x, Real y, Real) { return x - y; });
      check(
          "multiply", [&](Fpscr& f) { return integer::multiply<Format>(a, b, f); },
          [](Real x, Real y, Real) { return x * y; });
      check(
          "divide", [&](Fpscr& f) { return integer::divide<Format>(a, b, f); },
          [](Real x, Real y, Real) { return x / y; });
      check(
          "square_root", [&](Fpscr& f) { return integer::square_root<Format>(a, f); },
          [](Real x, Real, Real) { return std::sqrt(x); });
      check(
          "fused_multiply_add", [&](Fpscr& f) { return integer::fused_multiply_add<Format>(c, a, b, f); },
          [](Real x, Real y, Real z) { return std::fma(x, y, z); });
      check(
          "round_to_integral", [&](Fpscr& f) { return round_to_integral<Format>(a, mode.rounding, true, f); },
          [](Real x, Real, Real) { return std::rint(x); });
    }
  }
}

TEST(FpuNarrowingAgainstHost, has_the_same_result) {
  const RestoreRounding restore;
  std::mt19937_64 random(3);
  for (const Mode& mode : kModes) {
    for (int i = 0; i < kCasesPerMode; ++i) {
      const std::uint64_t a = i % 2 == 0 ? random_value(OperandType::double_precision, random)
                                         : narrowing_values()[random() % narrowing_values().size()];
      if (std::isnan(std::bit_cast<double>(a))) continue;
      Fpscr fpscr{static_cast<std::uint32_t>(mode.rounding) << 22};
      const std::uint32_t ours = integer::convert<Single, Double>(a, fpscr);
      volatile double x = std::bit_cast<double>(a);
      std::fesetround(mode.host);
      volatile auto narrowed = static_cast<float>(x);
      std::fesetround(FE_TONEAREST);
      const float host = narrowed;
      ASSERT_EQ(ours, std::bit_cast<std::uint32_t>(host)) << fmt::format("{:#x} rounding {}", a, mode.host);
    }
  }
}

}  // namespace
}  // namespace mcusim::emulator::fpu::testing
