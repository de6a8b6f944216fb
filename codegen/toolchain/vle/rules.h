#pragma once

#include <optional>
#include <string_view>

#include "codegen/toolchain/vle/code.h"
#include "codegen/toolchain/vle/condition_fields.h"
#include "codegen/toolchain/vle/instruction.h"

namespace mcusim::codegen::vle {

/// What a rule sees of the function around its instruction.
class Function {
 public:
  /// `spare_field`: a field of CR0 to CR3 that calls do not preserve and the function does not use.
  Function(Code& code, std::optional<unsigned> spare_field) : code_(code), spare_field_(spare_field) {}

  Code& code() { return code_; }
  std::optional<unsigned> spare_field() const { return spare_field_; }

  /// VLE's number of a field or bit; remembers that the function uses it.
  unsigned field(unsigned field);
  unsigned bit(unsigned bit);

  /// Bit n: field n (VLE's numbers) is used.
  unsigned used_fields() const { return used_fields_; }

 private:
  Code& code_;
  std::optional<unsigned> spare_field_;
  unsigned used_fields_ = 1;  // Record forms and 16-bit compares set CR0 without naming it.
};

struct Rule;
using Handler = void (*)(const Instruction&, const Rule&, Function&);

/// How one mnemonic of the input is converted. The handler knows the shape of the operands.
struct Rule {
  std::string_view mnemonic;
  Handler handler;
  std::string_view wide = {};    ///< 32-bit form.
  std::string_view narrow = {};  ///< 16-bit form where the operands allow it.
  std::string_view other = {};   ///< What the handler names.
  int value = 0;                 ///< What the handler names.
  bool record = false;           ///< "add." exists beside "add".
};

/// Null when the mnemonic is not known. "add." finds the rule of "add" if that has a record form.
const Rule* find_rule(std::string_view mnemonic);

inline bool is_record(const Instruction& instruction) { return instruction.mnemonic.ends_with('.'); }

/// "add" or "add.", as the instruction had it.
std::string with_record(std::string_view mnemonic, const Instruction& instruction);

// Registers only.
/// rD = rA op rB. `narrow` where rD is rA, `other` (16-bit as well) where rD is rB.
void three_registers(const Instruction&, const Rule&, Function&);
/// rD = op rA. `narrow` where both are the same.
void two_registers(const Instruction&, const Rule&, Function&);
void move_register(const Instruction&, const Rule&, Function&);
/// rA = rS shifted by a number.
void shift_immediate(const Instruction&, const Rule&, Function&);
void rotate_and_mask(const Instruction&, const Rule&, Function&);
void clear_left(const Instruction&, const Rule&, Function&);
void rotate_by_register(const Instruction&, const Rule&, Function&);
/// One register, a special one implied by the mnemonic.
void one_register(const Instruction&, const Rule&, Function&);
/// Operands unchanged: barriers, special registers.
void unchanged(const Instruction&, const Rule&, Function&);

// Immediate operands.
void load_immediate(const Instruction&, const Rule&, Function&);
void load_immediate_shifted(const Instruction&, const Rule&, Function&);
void add_immediate(const Instruction&, const Rule&, Function&);
void add_immediate_shifted(const Instruction&, const Rule&, Function&);
/// `wide` takes an SCI8 constant, `other` a register in its place.
void sci8_immediate(const Instruction&, const Rule&, Function&);
void multiply_immediate(const Instruction&, const Rule&, Function&);
/// `wide` takes an SCI8 constant, `other` 16 bits but only one register.
void logical_immediate(const Instruction&, const Rule&, Function&);
/// `wide` takes 16 bits for the upper half and only one register.
void logical_immediate_shifted(const Instruction&, const Rule&, Function&);
void xor_immediate_shifted(const Instruction&, const Rule&, Function&);

// Memory; `value` is the access in bytes.
void load_store(const Instruction&, const Rule&, Function&);
/// `other` is the form without update. A store has `value` 1, a load 0.
void load_store_update(const Instruction&, const Rule&, Function&);
/// Callee-saved registers that clang keeps as pairs; only the lower word exists.
void load_store_pair(const Instruction&, const Rule&, Function&);
void load_store_pair_indexed(const Instruction&, const Rule&, Function&);
void load_store_multiple(const Instruction&, const Rule&, Function&);

// The condition register.
void compare_registers(const Instruction&, const Rule&, Function&);
/// `wide` for CR0, `narrow` from `value` on, `other` with SCI8 for CR1 to CR3.
void compare_immediate(const Instruction&, const Rule&, Function&);
void compare_float(const Instruction&, const Rule&, Function&);
void select(const Instruction&, const Rule&, Function&);
/// Select on bit `value` of CR0.
void select_on_cr0(const Instruction&, const Rule&, Function&);
void bit_logic(const Instruction&, const Rule&, Function&);
/// Bit operations that repeat their first (crset, crclr) or last operand (crnot, crmove).
void bit_alias(const Instruction&, const Rule&, Function&);
void move_field(const Instruction&, const Rule&, Function&);
void read_condition_register(const Instruction&, const Rule&, Function&);
void write_condition_register(const Instruction&, const Rule&, Function&);

// Branches.
void branch_always(const Instruction&, const Rule&, Function&);
void call(const Instruction&, const Rule&, Function&);
void branch_on_count(const Instruction&, const Rule&, Function&);
/// "bc 12, 2, label"; with `narrow` "bclr 12, 2".
void branch_conditional(const Instruction&, const Rule&, Function&);
/// beq, bltlr, bnectr and so on; false when the mnemonic is none of them.
bool convert_conditional_branch(const Instruction&, Function&);

}  // namespace mcusim::codegen::vle
