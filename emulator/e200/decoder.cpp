#include "emulator/e200/decoder.h"

#include <algorithm>

#include "emulator/bus/bus.h"
#include "emulator/e200/operands.h"
#include "emulator/e200/spr_table.h"

namespace mcusim::emulator::e200 {
namespace {

/// Words that a load or store multiple transfers, else 0.
unsigned items_of(const Operation& op) {
  switch (op.code) {
    case Code::lmw_:
    case Code::stmw_:
      return 32u - op.d;
    case Code::lmvgprw_:
    case Code::stmvgprw_:
      return 11;
    case Code::lmvsprw_:
    case Code::stmvsprw_:
      return 4;
    default:
      return 2;
  }
}

bool always_taken(const Operation& op) {
  switch (op.instruction_class) {
    case InstructionClass::branch:
    case InstructionClass::branch_register:
      return true;
    default:
      return false;
  }
}

/// A load that updates its base cannot load the base (EREF, invalid forms).
bool loads_its_base(const Encoding& encoding, std::uint32_t raw) {
  const bool updates =
      encoding.instruction_class == InstructionClass::load_register && has_field(encoding, 'a');
  return updates && (raw >> 21 & 31) == (raw >> 16 & 31);
}

bool updates_r0(const Operation& op) {
  switch (op.code) {
    case Code::lbz_u_:
    case Code::lhz_u_:
    case Code::lha_u_:
    case Code::lwz_u_:
    case Code::stb_u_:
    case Code::sth_u_:
    case Code::stw_u_:
      return op.a == kZeroRegister;
    default:
      return false;
  }
}

bool is_direct_branch(const Operation& op) {
  return op.instruction_class == InstructionClass::branch ||
         op.instruction_class == InstructionClass::branch_conditional;
}

bool same_page(Address a, Address b) { return (a ^ b) >> Bus::kPageBits == 0; }

/// LR and CTR are moved often; they need nothing of what other special purpose registers do.
void use_link_and_count(Operation& op) {
  const bool link = op.imm == spr::lr;
  if (!link && op.imm != spr::ctr) return;
  if (op.code == Code::mfspr_) op.code = link ? Code::mflr_ : Code::mfctr_;
  if (op.code == Code::mtspr_) op.code = link ? Code::mtlr_ : Code::mtctr_;
}

unsigned variant_of(const Encoding& encoding, std::uint32_t raw, unsigned bits) {
  return field_of(encoding, raw, bits, 'v') * 2 + field_of(encoding, raw, bits, 'r') +
         field_of(encoding, raw, bits, 'k');
}

}  // namespace

// 32-bit rows are told apart by their primary opcode and bits 6 to 1.
Decoder::Decoder(const ClassCosts& costs)
    : costs_(costs), table_({.high_shift = 26, .high_bits = 6, .low_shift = 1, .low_bits = 6}) {
  for (const Encoding& encoding : encodings16()) table_.add16(encoding);
  for (const Encoding& encoding : encodings32()) table_.add32(encoding);
}

const Encoding* Decoder::find(std::uint16_t first, std::uint16_t second) const {
  if (!is_wide(first)) return table_.find16(first);
  const std::uint32_t raw = static_cast<std::uint32_t>(first) << 16 | second;
  const Encoding* encoding = table_.find32(raw);
  return encoding != nullptr && loads_its_base(*encoding, raw) ? nullptr : encoding;
}

Operation Decoder::decode(std::uint16_t first, std::uint16_t second, Address pc) const {
  const bool wide = is_wide(first);
  Operation op;
  op.pc = pc;
  op.slots = wide ? 2 : 1;
  op.code = Code::illegal_;
  const Encoding* encoding = find(first, second);
  if (encoding == nullptr) {
    op.cost = 1;
    return op;
  }
  const std::uint32_t raw = wide ? static_cast<std::uint32_t>(first) << 16 | second : first;
  op.code = encoding->code + variant_of(*encoding, raw, wide ? 32 : 16);
  op.instruction_class = encoding->instruction_class;
  decode_operands(*encoding, raw, op);
  if (updates_r0(op)) op.code = Code::illegal_;
  if (op.code == Code::b_ && op.imm == pc) op.code = Code::b_self_;
  if (is_direct_branch(op) && same_page(op.imm, pc))
    op.delta = (static_cast<std::int32_t>(op.imm) - static_cast<std::int32_t>(pc)) / 2;
  use_link_and_count(op);
  if (op.code == Code::b_link_) op.instruction_class = InstructionClass::branch_link;
  const unsigned cycles = costs_.cycles(op.instruction_class, items_of(op)) +
                          (always_taken(op) ? costs_.taken(op.instruction_class) : 0);
  op.cost = static_cast<std::uint8_t>(std::min(cycles, 255u));
  return op;
}

}  // namespace mcusim::emulator::e200
