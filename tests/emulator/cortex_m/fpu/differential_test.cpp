#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "operations.h"
#include "unicorn_fpu.h"

/// Results and flags of every instruction against Unicorn (QEMU's softfloat, an independent implementation):
/// special values in all combinations and all modes, and random operands in random modes.
namespace mcusim::emulator::fpu::testing {
namespace {

/// Random operands per instruction; MCUSIM_FPU_RANDOM=N asks for more.
std::size_t random_count() {
  const char* text = std::getenv("MCUSIM_FPU_RANDOM");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 4000;
}

Input make_input(const Operation& operation, std::uint32_t fpscr, std::uint64_t a, std::uint64_t b,
                 std::uint64_t c) {
  // What an instruction does not read must stay as it is, so give it a value to lose.
  constexpr std::uint64_t kBystander = 0x5aa5c33c96690ff0;
  Input input{fpscr, 0, a, b, operation.operands == 3 ? c : kBystander};
  if (operation.in_place)
    input.c = operation.type == OperandType::double_precision ? a : a | (kBystander << 32);
  if (operation.type != OperandType::double_precision) {
    input.a = (a & 0xffffffff) | kBystander << 32;
    input.b = (b & 0xffffffff) | kBystander << 32;
    if (operation.operands == 3) input.c = (c & 0xffffffff) | kBystander << 32;
  }
  if (operation.type == OperandType::half) input.a |= (a * 0x9e37) << 16 & 0xffff0000;
  return input;
}

void append_specials(const Operation& operation, std::vector<Input>& inputs) {
  const auto modes = all_modes(operation.alternative_half);
  auto values = operation.operands == 3 ? few_special_values(operation.type) : special_values(operation.type);
  if (operation.operands == 1 && operation.type == OperandType::double_precision) {
    values.insert(values.end(), narrowing_values().begin(), narrowing_values().end());
  }
  const std::vector<std::uint64_t> none = {0};
  for (const std::uint32_t mode : modes) {
    for (const std::uint64_t a : values) {
      for (const std::uint64_t b : operation.operands >= 2 ? values : none) {
        for (const std::uint64_t c : operation.operands >= 3 ? values : none) {
          inputs.push_back(make_input(operation, mode, a, b, c));
        }
      }
    }
  }
}

void append_random(const Operation& operation, std::vector<Input>& inputs) {
  std::mt19937_64 random(operation.encoding);
  const auto modes = all_modes(operation.alternative_half);
  for (std::size_t i = 0; i < random_count(); ++i) {
    // Half of them to nearest without flushing: the inline paths.
    const std::uint32_t mode = random() % 2 == 0 ? modes[random() % modes.size()]
                                                 : static_cast<std::uint32_t>(random() % 2) * Fpscr::kInexact;
    const std::uint64_t a = random_value(operation.type, random);
    const std::uint64_t b = random_value(operation.type, random);
    const std::uint64_t c = random_value(operation.type, random);
    inputs.push_back(make_input(operation, mode, a, b, c));
  }
}

/// Reports the first few differences of an operation in full and counts the rest.
void expect_agreement(const Operation& operation, UnicornFpu& unicorn) {
  std::vector<Input> inputs;
  append_specials(operation, inputs);
  append_random(operation, inputs);
  // Unicorn 2.0.1 rounds VCVT from fixed point as RMode says; the architecture (DDI 0403, VCVT between
  // floating-point and fixed-point) always rounds it to nearest. So Unicorn is asked in that mode only.
  std::vector<Input> asked = inputs;
  if (operation.always_nearest) {
    for (Input& input : asked) input.fpscr &= ~Fpscr::kRoundingMask;
  }
  const std::vector<Output> expected = unicorn.run(operation.encoding, asked);
  ASSERT_EQ(expected.size(), inputs.size());
  std::size_t differences = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Input& input = inputs[i];
    Fpscr fpscr{input.fpscr};
    const std::uint64_t result = operation.compute(input.a, input.b, input.c, fpscr);
    const std::uint32_t expected_fpscr = expected[i].fpscr ^ asked[i].fpscr ^ input.fpscr;
    if (result == expected[i].result && fpscr.bits == expected_fpscr) continue;
    if (++differences > 5) continue;
    ADD_FAILURE() << fmt::format(
        "{}: a {:#x} b {:#x} c {:#x} fpscr {:#x}\n  ours    {:#x} fpscr {:#x}\n  unicorn {:#x} fpscr {:#x}",
        operation.name, input.a, input.b, input.c, input.fpscr, result, fpscr.bits, expected[i].result,
        expected[i].fpscr);
  }
  EXPECT_EQ(differences, 0u) << operation.name << ": of " << inputs.size() << " cases";
}

void expect_agreement(const std::vector<Operation>& operations) {
  UnicornFpu m7(Core::cortex_m7);
  UnicornFpu m4(Core::cortex_m4);
  for (const Operation& operation : operations) {
    expect_agreement(operation, m7);
    if (operation.cortex_m4) expect_agreement(operation, m4);
  }
}

TEST(FpuAgainstUnicorn, arithmetic_single) { expect_agreement(arithmetic_operations(OperandType::single)); }
TEST(FpuAgainstUnicorn, arithmetic_double) {
  expect_agreement(arithmetic_operations(OperandType::double_precision));
}
TEST(FpuAgainstUnicorn, multiply_add_single) {
  expect_agreement(multiply_add_operations(OperandType::single));
}
TEST(FpuAgainstUnicorn, multiply_add_double) {
  expect_agreement(multiply_add_operations(OperandType::double_precision));
}
TEST(FpuAgainstUnicorn, comparisons_single) { expect_agreement(comparison_operations(OperandType::single)); }
TEST(FpuAgainstUnicorn, comparisons_double) {
  expect_agreement(comparison_operations(OperandType::double_precision));
}
TEST(FpuAgainstUnicorn, integers_and_single) { expect_agreement(integer_conversions(OperandType::single)); }
TEST(FpuAgainstUnicorn, integers_and_double) {
  expect_agreement(integer_conversions(OperandType::double_precision));
}
TEST(FpuAgainstUnicorn, fixed_point_and_single) {
  expect_agreement(fixed_point_conversions(OperandType::single));
}
TEST(FpuAgainstUnicorn, fixed_point_and_double) {
  expect_agreement(fixed_point_conversions(OperandType::double_precision));
}
TEST(FpuAgainstUnicorn, formats) { expect_agreement(format_conversions()); }

}  // namespace
}  // namespace mcusim::emulator::fpu::testing
