#include "codegen/toolchain/vle/rules.h"

namespace mcusim::codegen::vle {
namespace {

/// Compares may leave out CR0: then the other operands start at 0, else at 1.
struct Compared {
  unsigned field = 0;
  std::size_t first = 0;
};

Compared compared(const Instruction& instruction, Function& function) {
  if (instruction.operands.size() == 2) return {0, 0};
  expect_operands(instruction, 3);
  return {function.field(condition_field(instruction, 0)), 1};
}

/// Where register 0 stands for the number 0.
std::string r_or_0(Gpr reg) { return reg == 0 ? "0" : r(reg); }

std::string cr(unsigned field) { return fmt::format("cr{}", field); }

/// Fields 2 to 4 and 5 to 7 of an image of the condition register change places.
void permute_image(Gpr to, Gpr from, Function& function) {
  function.code().wide("e_rlwinm", r(to), r(from), 12, 8, 19);
  function.code().wide("e_rlwimi", r(to), r(from), 20, 20, 31);
  function.code().wide("e_rlwimi", r(to), r(from), 0, 0, 7);
}

/// The bit of mtcrf's mask.
constexpr unsigned mask_of(unsigned field) { return 0x80u >> field; }

/// The masked fields of an image in `from` to their places of VLE, in the scratch register.
void place_fields(unsigned mask, Gpr from, Function& function) {
  constexpr unsigned kFields234 = 0x38;
  constexpr unsigned kFields567 = 0x07;
  if ((mask & ~kFields234) == 0) {
    function.code().wide("e_rlwi", r(kScratch), r(from), 20);
  } else if ((mask & ~kFields567) == 0) {
    function.code().wide("e_rlwi", r(kScratch), r(from), 12);
  } else {
    permute_image(kScratch, from, function);
  }
}

}  // namespace

void compare_registers(const Instruction& instruction, const Rule& rule, Function& function) {
  const auto [field, first] = compared(instruction, function);
  const Gpr a = gpr(instruction, first);
  const Gpr b = gpr(instruction, first + 1);
  if (field == 0 && is_short(a) && is_short(b)) {
    function.code().narrow(rule.narrow, r(a), r(b));
  } else {
    function.code().wide(rule.wide, cr(field), r(a), r(b));
  }
}

void compare_immediate(const Instruction& instruction, const Rule& rule, Function& function) {
  const auto [field, first] = compared(instruction, function);
  const bool is_signed = rule.mnemonic == "cmpwi";
  const Gpr a = gpr(instruction, first);
  const std::int64_t value =
      immediate(instruction, first + 1, is_signed ? -0x8000 : 0, is_signed ? 0x7fff : 0xffff);
  if (field == 0 && is_short(a) && value >= rule.value && value < rule.value + 32) {
    function.code().narrow(rule.narrow, r(a), value);
  } else if (field == 0) {
    function.code().wide(rule.wide, r(a), value);
  } else if (field < kBranchFields && is_sci8(static_cast<std::uint32_t>(value))) {
    function.code().wide(rule.other, cr(field), r(a), value);
  } else {
    function.code().load_constant(kScratch, static_cast<std::int32_t>(value));
    function.code().wide(is_signed ? "cmpw" : "cmplw", cr(field), r(a), r(kScratch));
  }
}

void compare_float(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  function.code().wide(rule.wide, cr(function.field(condition_field(instruction, 0))), r(gpr(instruction, 1)),
                       r(gpr(instruction, 2)));
}

void select(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 4);
  function.code().wide(rule.wide, r(gpr(instruction, 0)), r_or_0(gpr(instruction, 1)), r(gpr(instruction, 2)),
                       function.bit(condition_bit(instruction, 3)));
}

void select_on_cr0(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  function.code().wide(rule.wide, r(gpr(instruction, 0)), r_or_0(gpr(instruction, 1)), r(gpr(instruction, 2)),
                       rule.value);
}

void bit_logic(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const auto bit = [&](std::size_t operand) { return function.bit(condition_bit(instruction, operand)); };
  function.code().wide(rule.wide, bit(0), bit(1), bit(2));
}

void bit_alias(const Instruction& instruction, const Rule& rule, Function& function) {
  const std::size_t last = rule.mnemonic == "crset" || rule.mnemonic == "crclr" ? 0 : 1;
  expect_operands(instruction, last + 1);
  const unsigned source = function.bit(condition_bit(instruction, last));
  function.code().wide(rule.wide, function.bit(condition_bit(instruction, 0)), source, source);
}

void move_field(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const unsigned to = function.field(condition_field(instruction, 0));
  function.code().wide(rule.wide, cr(to), cr(function.field(condition_field(instruction, 1))));
}

void read_condition_register(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 1);
  const Gpr d = gpr(instruction, 0);
  function.code().wide(rule.wide, r(kScratch));
  permute_image(d, kScratch, function);
}

void write_condition_register(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const auto mask = static_cast<unsigned>(immediate(instruction, 0, 0, 255));
  const Gpr s = gpr(instruction, 1);
  unsigned vle_mask = 0;
  for (unsigned field = 0; field < 8; ++field) {
    if ((mask & mask_of(field)) != 0) vle_mask |= mask_of(function.field(field));
  }
  Gpr image = s;
  if (vle_mask != mask) {
    image = kScratch;
    place_fields(mask, s, function);
  }
  function.code().wide(rule.wide, vle_mask, r(image));
}

}  // namespace mcusim::codegen::vle
