#include "codegen/toolchain/vle/rules.h"

namespace mcusim::codegen::vle {
namespace {

/// The mask's record form does not exist: a comparison with 0 sets CR0 alike.
void record_result(const Instruction& instruction, Gpr result, Function& function) {
  if (is_record(instruction)) function.code().wide("e_cmp16i", r(result), 0);
}

}  // namespace

void three_registers(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const Gpr d = gpr(instruction, 0);
  const Gpr a = gpr(instruction, 1);
  const Gpr b = gpr(instruction, 2);
  const bool may_be_short = !is_record(instruction) && is_short(d) && is_short(a) && is_short(b);
  if (may_be_short && d == a && !rule.narrow.empty()) {
    function.code().narrow(rule.narrow, r(d), r(b));
  } else if (may_be_short && d == b && !rule.other.empty()) {
    function.code().narrow(rule.other, r(d), r(a));
  } else {
    const bool named = rule.wide.ends_with('.');  // stwcx.
    function.code().wide(named ? rule.wide : with_record(rule.wide, instruction), r(d), r(a), r(b));
  }
}

void two_registers(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const Gpr d = gpr(instruction, 0);
  const Gpr a = gpr(instruction, 1);
  if (d == a && is_short(d) && !is_record(instruction) && !rule.narrow.empty()) {
    function.code().narrow(rule.narrow, r(d));
  } else {
    function.code().wide(with_record(rule.wide, instruction), r(d), r(a));
  }
}

void move_register(const Instruction& instruction, const Rule&, Function& function) {
  expect_operands(instruction, 2);
  const Gpr d = gpr(instruction, 0);
  const Gpr a = gpr(instruction, 1);
  if (is_record(instruction)) {
    function.code().wide("mr.", r(d), r(a));
  } else {
    function.code().move(d, a);
  }
}

void shift_immediate(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const Gpr a = gpr(instruction, 0);
  const Gpr s = gpr(instruction, 1);
  const std::int64_t count = immediate(instruction, 2, 0, 31);
  if (a == s && is_short(a) && !is_record(instruction) && !rule.narrow.empty()) {
    function.code().narrow(rule.narrow, r(a), count);
  } else {
    function.code().wide(with_record(rule.wide, instruction), r(a), r(s), count);
  }
}

void rotate_and_mask(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 5);
  const Gpr a = gpr(instruction, 0);
  function.code().wide(rule.wide, r(a), r(gpr(instruction, 1)), immediate(instruction, 2, 0, 31),
                       immediate(instruction, 3, 0, 31), immediate(instruction, 4, 0, 31));
  record_result(instruction, a, function);
}

void clear_left(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const Gpr a = gpr(instruction, 0);
  const Gpr s = gpr(instruction, 1);
  const std::int64_t count = immediate(instruction, 2, 0, 31);
  if (a == s && is_short(a) && (count == 16 || count == 24)) {
    function.code().narrow(count == 24 ? "se_extzb" : "se_extzh", r(a));
  } else {
    function.code().wide(rule.wide, r(a), r(s), 0, count, 31);
  }
  record_result(instruction, a, function);
}

void rotate_by_register(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 5);
  const Gpr a = gpr(instruction, 0);
  const std::int64_t first = immediate(instruction, 3, 0, 31);
  const std::int64_t last = immediate(instruction, 4, 0, 31);
  function.code().wide(rule.wide, r(a), r(gpr(instruction, 1)), r(gpr(instruction, 2)));
  if (first != 0 || last != 31) function.code().wide("e_rlwinm", r(a), r(a), 0, first, last);
}

void one_register(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 1);
  const Gpr reg = gpr(instruction, 0);
  if (is_short(reg) && !rule.narrow.empty()) {
    function.code().narrow(rule.narrow, r(reg));
  } else {
    function.code().wide(rule.wide, r(reg));
  }
}

void unchanged(const Instruction& instruction, const Rule& rule, Function& function) {
  std::string operands;
  for (const std::string& operand : instruction.operands) {
    operands += fmt::format("{}{}", operands.empty() ? "" : ", ", operand);
  }
  if (!rule.narrow.empty()) {
    expect_operands(instruction, 0);
    function.code().narrow(rule.narrow);
  } else if (operands.empty()) {
    function.code().wide(rule.wide);
  } else {
    function.code().wide(rule.wide, operands);
  }
}

}  // namespace mcusim::codegen::vle
