#include <array>

#include "codegen/toolchain/vle/rules.h"

namespace mcusim::codegen::vle {
namespace {

struct NamedCondition {
  std::string_view name;
  unsigned bit;
  bool value;
};

constexpr std::array kConditions = {
    NamedCondition{"lt", 0, true},  NamedCondition{"gt", 1, true},  NamedCondition{"eq", 2, true},
    NamedCondition{"so", 3, true},  NamedCondition{"un", 3, true},  NamedCondition{"ge", 0, false},
    NamedCondition{"nl", 0, false}, NamedCondition{"le", 1, false}, NamedCondition{"ng", 1, false},
    NamedCondition{"ne", 2, false}, NamedCondition{"ns", 3, false}, NamedCondition{"nu", 3, false},
};

/// What a conditional branch goes to: a label (no 16-bit form) or the address in a register.
struct Ending {
  std::string_view name;
  std::string_view narrow;
};

constexpr std::array kEndings = {Ending{"", {}}, Ending{"lr", "se_blr"}, Ending{"ctr", "se_bctr"},
                                 Ending{"lrl", "se_blrl"}, Ending{"ctrl", "se_bctrl"}};

/// A condition in CR4 to CR7: moved to a field that the function does not use, or to CR0, whose content is
/// put back on both ways.
void branch_unreachable(Condition condition, const std::string& target, Function& function) {
  Code& code = function.code();
  const std::string from = fmt::format("cr{}", condition.field());
  if (function.spare_field()) {
    code.wide("e_mcrf", fmt::format("cr{}", *function.spare_field()), from);
    code.branch({4 * *function.spare_field() + condition.bit % 4, condition.value}, target);
    return;
  }
  constexpr unsigned kCr0Mask = 0x80;
  const std::string skip = code.new_label();
  code.wide("mfcr", r(kScratch));
  code.wide("e_mcrf", "cr0", from);
  code.branch(Condition{condition.bit % 4, condition.value}.inverted(), skip);
  code.wide("mtcrf", kCr0Mask, r(kScratch));
  code.jump(target);
  code.label(skip);
  code.wide("mtcrf", kCr0Mask, r(kScratch));
}

void branch_to_label(Condition condition, const std::string& target, Function& function) {
  if (condition.field() < kBranchFields) {
    function.code().branch(condition, target);
  } else {
    branch_unreachable(condition, target, function);
  }
}

void branch_to_register(Condition condition, std::string_view narrow, Function& function) {
  const std::string skip = function.code().new_label();
  branch_to_label(condition.inverted(), skip, function);
  function.code().narrow(narrow);
  function.code().label(skip);
}

}  // namespace

void branch_always(const Instruction& instruction, const Rule&, Function& function) {
  expect_operands(instruction, 1);
  function.code().jump(instruction.operands[0]);
}

void call(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 1);
  function.code().wide(rule.wide, instruction.operands[0]);
}

void branch_on_count(const Instruction& instruction, const Rule& rule, Function& function) {
  expect_operands(instruction, 1);
  function.code().count_branch(rule.value != 0, instruction.operands[0]);
}

void branch_conditional(const Instruction& instruction, const Rule& rule, Function& function) {
  // EREF: 0b001at branches when the bit is 0, 0b011at when it is 1; at are hints.
  constexpr std::int64_t kIfClear = 4;
  constexpr std::int64_t kIfSet = 12;
  const bool to_label = rule.narrow.empty();
  expect_operands(instruction, to_label ? 3 : 2);
  const std::int64_t wanted = immediate(instruction, 0, 0, 31) & ~std::int64_t{3};
  if (wanted != kIfClear && wanted != kIfSet) instruction.refuse("a condition together with the count");
  const Condition condition{function.bit(condition_bit(instruction, 1)), wanted == kIfSet};
  if (to_label) {
    branch_to_label(condition, instruction.operands[2], function);
  } else {
    branch_to_register(condition, rule.narrow, function);
  }
}

bool convert_conditional_branch(const Instruction& instruction, Function& function) {
  std::string_view name = instruction.mnemonic;
  if (name.ends_with('+') || name.ends_with('-')) name.remove_suffix(1);  // A hint.
  for (const NamedCondition& named : kConditions) {
    if (!name.starts_with('b') || !name.substr(1).starts_with(named.name)) continue;
    for (const Ending& ending : kEndings) {
      if (name.substr(1 + named.name.size()) != ending.name) continue;
      const bool to_label = ending.narrow.empty();
      const std::size_t least = to_label ? 1 : 0;
      const bool has_field = instruction.operands.size() > least;
      expect_operands(instruction, least + (has_field ? 1 : 0));
      const unsigned field = has_field ? condition_field(instruction, 0) : 0;
      const Condition condition{function.bit(4 * field + named.bit), named.value};
      if (to_label) {
        branch_to_label(condition, instruction.operands.back(), function);
      } else {
        branch_to_register(condition, ending.narrow, function);
      }
      return true;
    }
  }
  return false;
}

}  // namespace mcusim::codegen::vle
