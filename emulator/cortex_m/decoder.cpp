#include "emulator/cortex_m/decoder.h"

#include "emulator/cortex_m/operand_formats.h"

namespace mcusim::emulator::cortex_m {
namespace {

void extract_fields(const Encoding& encoding, std::uint32_t raw, unsigned bits, Operands& operands) {
  unsigned position = bits;
  for (const char c : encoding.pattern) {
    if (c == ' ') continue;
    --position;
    std::uint32_t& field = operands.field[static_cast<unsigned char>(c)];
    field = field << 1 | (raw >> position & 1);
  }
}

}  // namespace

// 32-bit rows are told apart by bits 28 to 20.
Decoder::Decoder(Features features, const CostTable& costs)
    : features_(features), costs_(costs), table_({.high_shift = 20, .high_bits = 9}) {
  const auto add_rows32 = [this](std::span<const Encoding> encodings) {
    for (const Encoding& encoding : encodings)
      if (available(encoding)) table_.add32(encoding);
  };
  for (const Encoding& encoding : encodings16())
    if (available(encoding)) table_.add16(encoding);
  add_rows32(encodings32());
  add_rows32(encodings_fp());
}

const Encoding* Decoder::find(std::uint16_t first, std::uint16_t second) const {
  return is_wide(first) ? table_.find32(static_cast<std::uint32_t>(first) << 16 | second)
                        : table_.find16(first);
}

namespace {

Code conditional(Code code) {
  switch (code) {
#define MCUSIM_CHOSEN(name) \
  case Code::name##_:       \
    return Code::choose_##name;
    MCUSIM_CHOSEN_CODES(MCUSIM_CHOSEN, )
#undef MCUSIM_CHOSEN
    default:
      return Code::if_passed;
  }
}

}  // namespace

Operation Decoder::decode(std::uint16_t first, std::uint16_t second, Address pc, std::uint8_t it) const {
  const bool wide = is_wide(first);
  Operation op;
  op.pc = pc;
  op.slots = wide ? 2 : 1;
  op.it = it;
  Operands operands;
  operands.raw = wide ? static_cast<std::uint32_t>(first) << 16 | second : first;
  operands.pc = pc;
  operands.in_it = it != 0;
  operands.last_in_it = it != 0 && advance_it(it) == 0;
  operands.features = features_;

  const Encoding* encoding = find(first, second);
  bool defined = encoding != nullptr;
  if (defined) {
    extract_fields(*encoding, operands.raw, wide ? 32 : 16, operands);
    defined = apply_format(*encoding, operands, op);
  }
  // Coprocessors 10 and 11 are the FPU: what no row of an existing FPU holds is UNDEFINED.
  const bool fpu = (features_ & kFpSingle) != 0;
  if (defined && op.code == Code::no_coprocessor_ && fpu && (op.a == 10 || op.a == 11)) defined = false;
  if (!defined) {
    op.code = Code::undefined_;
    op.instruction_class = InstructionClass::exception;
  }
  op.cost = costs_.base(op);
  if (it != 0) {
    op.inner = op.code;
    op.code = conditional(op.inner);
  }
  return op;
}

}  // namespace mcusim::emulator::cortex_m
