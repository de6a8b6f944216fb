#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <type_traits>

#include "emulator/cortex_m/fpu/fpu.h"
#include "operands.h"

/// The functions of namespace fpu, which use host arithmetic where they can, against namespace integer.
namespace mcusim::emulator::fpu::testing {
namespace {

constexpr int kRandomCases = 150000;

template <typename Format>
class FpuFastPaths : public ::testing::Test {
 protected:
  using Bits = typename Format::Bits;
  static constexpr OperandType kType =
      std::is_same_v<Format, Single> ? OperandType::single : OperandType::double_precision;

  static void expect_same(const char* name, Bits a, Bits b, Bits c, std::uint32_t mode, Bits fast,
                          Fpscr fast_fpscr, Bits exact, Fpscr exact_fpscr) {
    if (fast == exact && fast_fpscr.bits == exact_fpscr.bits) return;
    ADD_FAILURE() << fmt::format(
        "{}({:#x}, {:#x}, {:#x}) mode {:#x}: host {:#x} fpscr {:#x}, integer {:#x} fpscr {:#x}", name, a, b,
        c, mode, fast, fast_fpscr.bits, exact, exact_fpscr.bits);
  }

  static void check_two_operands(Bits a, Bits b, std::uint32_t mode) {
    using Function = Bits (*)(Bits, Bits, Fpscr&);
    struct Pair {
      const char* name;
      Function fast;
      Function exact;
    };
    static constexpr Pair kPairs[] = {{"add", add<Format>, integer::add<Format>},
                                      {"subtract", subtract<Format>, integer::subtract<Format>},
                                      {"multiply", multiply<Format>, integer::multiply<Format>},
                                      {"divide", divide<Format>, integer::divide<Format>},
                                      {"max_number", max_number<Format>, integer::max_number<Format>},
                                      {"min_number", min_number<Format>, integer::min_number<Format>}};
    for (const Pair& pair : kPairs) {
      Fpscr fast{mode};
      Fpscr exact{mode};
      const Bits fast_result = pair.fast(a, b, fast);
      const Bits exact_result = pair.exact(a, b, exact);
      expect_same(pair.name, a, b, 0, mode, fast_result, fast, exact_result, exact);
    }
    for (const bool signal : {false, true}) {
      Fpscr fast{mode};
      Fpscr exact{mode};
      compare<Format>(a, b, signal, fast);
      integer::compare<Format>(a, b, signal, exact);
      expect_same("compare", a, b, 0, mode, 0, fast, 0, exact);
    }
  }

  static void check_one_operand(Bits a, std::uint32_t mode) {
    using Other = std::conditional_t<std::is_same_v<Format, Single>, Double, Single>;
    const auto check = [&](const char* name, auto function, auto integer_function) {
      Fpscr fast{mode};
      Fpscr exact{mode};
      const std::uint64_t fast_result = function(fast);
      const std::uint64_t exact_result = integer_function(exact);
      if (fast_result == exact_result && fast.bits == exact.bits) return;
      ADD_FAILURE() << fmt::format("{}({:#x}) mode {:#x}: host {:#x} fpscr {:#x}, integer {:#x} fpscr {:#x}",
                                   name, a, mode, fast_result, fast.bits, exact_result, exact.bits);
    };
    check(
        "square_root", [a](Fpscr& f) { return square_root<Format>(a, f); },
        [a](Fpscr& f) { return integer::square_root<Format>(a, f); });
    check(
        "convert", [a](Fpscr& f) { return convert<Other, Format>(a, f); },
        [a](Fpscr& f) { return integer::convert<Other, Format>(a, f); });
    const auto word = static_cast<std::uint32_t>(a);
    for (const bool is_signed : {false, true}) {
      check(
          "from_integer", [=](Fpscr& f) { return from_integer<Format>(word, is_signed, f); },
          [=](Fpscr& f) { return integer::from_integer<Format>(word, is_signed, f); });
      for (const Rounding rounding : {Rounding::nearest_even, Rounding::toward_plus, Rounding::toward_minus,
                                      Rounding::toward_zero, Rounding::nearest_away}) {
        check(
            "to_integer", [=](Fpscr& f) { return to_integer<Format>(a, is_signed, rounding, f); },
            [=](Fpscr& f) { return integer::to_integer<Format>(a, is_signed, rounding, f); });
      }
    }
  }

  static void check_multiply_add(Bits a, Bits b, Bits c, std::uint32_t mode) {
    Fpscr fast{mode};
    Fpscr exact{mode};
    Bits fast_result = fused_multiply_add<Format>(c, a, b, fast);
    Bits exact_result = integer::fused_multiply_add<Format>(c, a, b, exact);
    expect_same("fused_multiply_add", a, b, c, mode, fast_result, fast, exact_result, exact);
    for (const bool negated : {false, true}) {
      fast.bits = exact.bits = mode;
      fast_result = chained_multiply_add<Format>(c, a, b, negated, fast);
      const Bits product = integer::multiply<Format>(a, b, exact);
      exact_result = integer::add<Format>(c, negated ? negate<Format>(product) : product, exact);
      expect_same("chained_multiply_add", a, b, c, mode, fast_result, fast, exact_result, exact);
    }
  }
};

using Formats = ::testing::Types<Single, Double>;
TYPED_TEST_SUITE(FpuFastPaths, Formats);

TYPED_TEST(FpuFastPaths, equal_the_integer_path_on_special_values) {
  for (const std::uint32_t mode : all_modes(false)) {
    for (const std::uint64_t a : special_values(this->kType)) {
      this->check_one_operand(static_cast<typename TypeParam::Bits>(a), mode);
      for (const std::uint64_t b : special_values(this->kType)) {
        this->check_two_operands(static_cast<typename TypeParam::Bits>(a),
                                 static_cast<typename TypeParam::Bits>(b), mode);
        if (this->HasFailure()) return;
      }
    }
    for (const std::uint64_t a : few_special_values(this->kType)) {
      for (const std::uint64_t b : few_special_values(this->kType)) {
        for (const std::uint64_t c : few_special_values(this->kType)) {
          this->check_multiply_add(static_cast<typename TypeParam::Bits>(a),
                                   static_cast<typename TypeParam::Bits>(b),
                                   static_cast<typename TypeParam::Bits>(c), mode);
          if (this->HasFailure()) return;
        }
      }
    }
  }
}

TYPED_TEST(FpuFastPaths, equal_the_integer_path_on_random_values) {
  using Pattern = typename TypeParam::Bits;
  std::mt19937_64 random(1);
  for (int i = 0; i < kRandomCases && !this->HasFailure(); ++i) {
    const auto a = static_cast<Pattern>(random_value(this->kType, random));
    const auto b = static_cast<Pattern>(random_value(this->kType, random));
    const auto c = static_cast<Pattern>(random_value(this->kType, random));
    // The modes that have host paths: to nearest; FZ, and the inexact flag before, as chance will have it.
    const std::uint32_t mode =
        ((i & 1) != 0 ? Fpscr::kInexact : 0) | ((i & 6) == 6 ? Fpscr::kFlushToZero : 0);
    this->check_one_operand(a, mode);
    this->check_two_operands(a, b, mode);
    this->check_multiply_add(a, b, c, mode);
  }
}

// A sum that lies a hair beside the middle of two singles, where rounding to double first and to single then
// would go the wrong way: 1 + 2^-24 -+ 2^-80 must round to 1 and to the next single above.
TEST(FpuFusedMultiplyAdd, never_rounds_twice) {
  const std::uint32_t one_and_ulp = 0x3f800001;
  const std::uint32_t one = 0x3f800000;
  for (const std::uint32_t flags : {0u, Fpscr::kInexact}) {
    Fpscr fpscr{flags};
    // (2^-12 - 2^-35)(2^-12 + 2^-35) = 2^-24 - 2^-70: below the middle.
    EXPECT_EQ(fused_multiply_add<Single>(one, 0x397ffffe, 0x39800001, fpscr), one);
    // (2^-12 + 2^-35)^2 is above 2^-24: above the middle.
    EXPECT_EQ(fused_multiply_add<Single>(one, 0x39800001, 0x39800001, fpscr), one_and_ulp);
    // Exactly the middle goes to the even neighbour.
    EXPECT_EQ(fused_multiply_add<Single>(one, 0x39800000, 0x39800000, fpscr), one);
    EXPECT_EQ(fused_multiply_add<Single>(one_and_ulp, 0x39800000, 0x39800000, fpscr), 0x3f800002u);
    EXPECT_EQ(fpscr.bits, Fpscr::kInexact);
  }
}

}  // namespace
}  // namespace mcusim::emulator::fpu::testing
