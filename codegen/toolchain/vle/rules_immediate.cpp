#include "codegen/toolchain/vle/rules.h"

namespace mcusim::codegen::vle {
namespace {

constexpr std::int64_t kSigned16Min = -0x8000;
constexpr std::int64_t kSigned16Max = 0x7fff;
constexpr std::int64_t kUnsigned16Max = 0xffff;

bool is_symbol_part(std::string_view operand, std::string_view part) { return operand.ends_with(part); }

std::int32_t shifted(std::int64_t upper_half) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(upper_half) << 16);
}

void add_constant(Gpr d, Gpr a, std::int64_t value, Function& function) {
  constexpr std::int64_t kShort = 32;  // se_addi and se_subi take 1 to 32.
  if (d == a && is_short(d) && value >= 1 && value <= kShort) {
    function.code().narrow("se_addi", r(d), value);
  } else if (d == a && is_short(d) && value <= -1 && value >= -kShort) {
    function.code().narrow("se_subi", r(d), -value);
  } else {
    function.code().wide("e_add16i", r(d), r(a), value);
  }
}

/// Both registers of an instruction whose VLE form has only one.
Gpr moved(const Instruction& instruction, Function& function) {
  const Gpr a = gpr(instruction, 0);
  const Gpr s = gpr(instruction, 1);
  if (a != s) function.code().move(a, s);
  return a;
}

}  // namespace

void load_immediate(const Instruction& instruction, const Rule&, Function& function) {
  expect_operands(instruction, 2);
  const Gpr d = gpr(instruction, 0);
  if (is_symbol_part(instruction.operands[1], "@l")) {  // There is no relocation for e_li's scattered bits.
    function.code().load_constant(d, 0);
    function.code().wide("e_add16i", r(d), r(d), instruction.operands[1]);
    return;
  }
  const std::int64_t value = immediate(instruction, 1, kSigned16Min, kSigned16Max);
  function.code().load_constant(d, static_cast<std::int32_t>(value));
}

void load_immediate_shifted(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const Gpr d = gpr(instruction, 0);
  if (is_symbol_part(instruction.operands[1], "@ha")) {
    function.code().wide(rule.wide, r(d), instruction.operands[1]);
    return;
  }
  const std::int64_t value = immediate(instruction, 1, kSigned16Min, kUnsigned16Max);
  function.code().wide(rule.wide, r(d), value & kUnsigned16Max);
}

void add_immediate(const Instruction& instruction, const Rule& rule, Function& function) {
  const Gpr d = gpr(instruction, 0);
  std::string value;
  Gpr a = 0;
  if (rule.mnemonic == "la") {  // la rD, symbol@l(rA)
    expect_operands(instruction, 2);
    const MemoryOperand address = memory(instruction, 1);
    a = address.base;
    value = address.displacement;
  } else {
    expect_operands(instruction, 3);
    a = gpr(instruction, 1);
    value = instruction.operands[2];
  }
  // Book E reads the number 0 here, e_add16i the register.
  if (a == 0) instruction.refuse("r0 as base of an addition");
  if (is_symbol_part(value, "@l")) {
    function.code().wide(rule.wide, r(d), r(a), value);
    return;
  }
  const std::optional<std::int64_t> constant = number(value);
  if (!constant || *constant < kSigned16Min || *constant > kSigned16Max) {
    instruction.refuse(fmt::format("{} is neither a 16-bit number nor symbol@l", value));
  }
  add_constant(d, a, *constant, function);
}

void add_immediate_shifted(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const Gpr d = gpr(instruction, 0);
  const Gpr a = gpr(instruction, 1);
  if (a == 0) instruction.refuse("r0 as base of an addition");
  if (is_symbol_part(instruction.operands[2], "@ha")) {
    function.code().wide("e_lis", r(kScratch), instruction.operands[2]);
    function.code().wide("add", r(d), r(a), r(kScratch));
    return;
  }
  const std::int64_t value = immediate(instruction, 2, kSigned16Min, kUnsigned16Max) & kUnsigned16Max;
  if (d == a) {
    function.code().wide(rule.wide, r(d), value);
  } else {
    function.code().wide("e_lis", r(kScratch), value);
    function.code().wide("add", r(d), r(a), r(kScratch));
  }
}

void sci8_immediate(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const Gpr d = gpr(instruction, 0);
  const Gpr a = gpr(instruction, 1);
  const bool logical = rule.mnemonic == "xori";
  const std::int64_t value =
      immediate(instruction, 2, logical ? 0 : kSigned16Min, logical ? kUnsigned16Max : kSigned16Max);
  if (is_sci8(static_cast<std::uint32_t>(value))) {
    function.code().wide(with_record(rule.wide, instruction), r(d), r(a), value);
  } else {
    function.code().load_constant(kScratch, static_cast<std::int32_t>(value));
    function.code().wide(with_record(rule.other, instruction), r(d), r(a), r(kScratch));
  }
}

void multiply_immediate(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  if (gpr(instruction, 0) == gpr(instruction, 1)) {
    function.code().wide("e_mull2i", r(gpr(instruction, 0)),
                         immediate(instruction, 2, kSigned16Min, kSigned16Max));
  } else {
    sci8_immediate(instruction, rule, function);
  }
}

void logical_immediate(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  if (is_symbol_part(instruction.operands[2], "@l")) {
    if (rule.mnemonic != "ori") instruction.refuse("a symbol in a mask");
    function.code().wide(rule.other, r(moved(instruction, function)), instruction.operands[2]);
    return;
  }
  const std::int64_t value = immediate(instruction, 2, 0, kUnsigned16Max);
  const Gpr a = gpr(instruction, 0);
  const Gpr s = gpr(instruction, 1);
  if (a != s && is_sci8(static_cast<std::uint32_t>(value))) {
    function.code().wide(rule.wide, r(a), r(s), value);
  } else {
    function.code().wide(rule.other, r(moved(instruction, function)), value);
  }
}

void logical_immediate_shifted(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const std::int64_t value = immediate(instruction, 2, 0, kUnsigned16Max);
  function.code().wide(rule.wide, r(moved(instruction, function)), value);
}

void xor_immediate_shifted(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const std::int64_t value = immediate(instruction, 2, 0, kUnsigned16Max);
  function.code().load_constant(kScratch, shifted(value));
  function.code().wide(rule.wide, r(gpr(instruction, 0)), r(gpr(instruction, 1)), r(kScratch));
}

}  // namespace mcusim::codegen::vle
