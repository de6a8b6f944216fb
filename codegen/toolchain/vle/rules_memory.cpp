#include "codegen/toolchain/vle/rules.h"

namespace mcusim::codegen::vle {
namespace {

constexpr std::int64_t kSigned16Min = -0x8000;
constexpr std::int64_t kSigned16Max = 0x7fff;

std::int64_t displacement(const Instruction& instruction, const MemoryOperand& address) {
  const std::optional<std::int64_t> value = number(address.displacement);
  if (!value || *value < kSigned16Min || *value > kSigned16Max) {
    instruction.refuse(fmt::format("{} is not a 16-bit displacement", address.displacement));
  }
  return *value;
}

void access(const Rule& rule, std::int64_t width, Gpr reg, std::int64_t offset, Gpr base,
            Function& function) {
  // The 16-bit forms scale 4 bits by the width; r0 as base is the register there, the number 0 otherwise.
  const bool narrow = !rule.narrow.empty() && is_short(reg) && is_short(base) && base != 0 && offset >= 0 &&
                      offset <= 15 * width && offset % width == 0;
  const std::string address = fmt::format("{}({})", offset, r(base));
  if (narrow) {
    function.code().narrow(rule.narrow, r(reg), address);
  } else {
    function.code().wide(rule.wide, r(reg), address);
  }
}

bool fits_update(std::int64_t offset) { return offset >= -128 && offset <= 127; }

}  // namespace

void load_store(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const Gpr reg = gpr(instruction, 0);
  const MemoryOperand address = memory(instruction, 1);
  if (address.displacement.ends_with("@l")) {
    function.code().wide(rule.wide, r(reg), fmt::format("{}({})", address.displacement, r(address.base)));
  } else {
    access(rule, rule.value, reg, displacement(instruction, address), address.base, function);
  }
}

void load_store_update(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const Gpr reg = gpr(instruction, 0);
  const MemoryOperand address = memory(instruction, 1);
  const bool is_symbol = address.displacement.ends_with("@l");
  const std::int64_t offset = is_symbol ? 0 : displacement(instruction, address);
  if (!is_symbol && fits_update(offset)) {
    function.code().wide(rule.wide, r(reg), fmt::format("{}({})", offset, r(address.base)));
    return;
  }
  // The base moves first, so that an interrupt between the two finds the stack pointer below what is stored.
  const bool stores_base = rule.value == 1 && reg == address.base;
  if (stores_base) function.code().move(kScratch, reg);
  function.code().wide("e_add16i", r(address.base), r(address.base), address.displacement);
  function.code().wide(rule.other, r(stores_base ? kScratch : reg), fmt::format("0({})", r(address.base)));
}

void load_store_pair(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const MemoryOperand address = memory(instruction, 1);
  access(rule, 4, gpr(instruction, 0), displacement(instruction, address) + 4, address.base, function);
}

void load_store_pair_indexed(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 3);
  const Gpr reg = gpr(instruction, 0);
  const Gpr a = gpr(instruction, 1);
  const Gpr b = gpr(instruction, 2);
  if (a == 0) instruction.refuse("no base register");
  function.code().wide("add", r(kScratch), r(a), r(b));
  function.code().wide(rule.wide, r(reg), fmt::format("4({})", r(kScratch)));
}

void load_store_multiple(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 2);
  const Gpr first = gpr(instruction, 0);
  const MemoryOperand address = memory(instruction, 1);
  const std::int64_t offset = displacement(instruction, address);
  if (fits_update(offset)) {
    function.code().wide(rule.wide, r(first), fmt::format("{}({})", offset, r(address.base)));
  } else {
    function.code().wide("e_add16i", r(kScratch), r(address.base), offset);
    function.code().wide(rule.wide, r(first), fmt::format("0({})", r(kScratch)));
  }
}

}  // namespace mcusim::codegen::vle
