#include "emulator/cortex_m/decoder.h"

#include <stdexcept>

#include "emulator/cortex_m/operand_formats.h"

namespace mcusim::emulator::cortex_m {
namespace {

struct Match {
  std::uint32_t mask = 0;
  std::uint32_t value = 0;
};

Match match_of(const Encoding& encoding, unsigned bits) {
  Match match;
  unsigned count = 0;
  for (const char c : encoding.pattern) {
    if (c == ' ') continue;
    match.mask = match.mask << 1 | (c == '0' || c == '1');
    match.value = match.value << 1 | (c == '1');
    ++count;
  }
  if (count != bits) throw std::logic_error("pattern of wrong length: " + std::string(encoding.pattern));
  return match;
}

void extract_fields(const Encoding& encoding, std::uint32_t raw, unsigned bits, Operands& operands) {
  unsigned position = bits;
  for (const char c : encoding.pattern) {
    if (c == ' ') continue;
    --position;
    std::uint32_t& field = operands.field[static_cast<unsigned char>(c)];
    field = field << 1 | (raw >> position & 1);
  }
}

constexpr unsigned bucket_of(std::uint32_t raw) { return raw >> 20 & 511; }

}  // namespace

Decoder::Decoder(Features features, const CostTable& costs) : features_(features), costs_(costs) {
  add_rows16();
  add_rows32(encodings32());
  add_rows32(encodings_fp());
}

void Decoder::add_rows16() {
  table16_.resize(1u << 16);
  for (const Encoding& encoding : encodings16()) {
    if (!available(encoding)) continue;
    const Match match = match_of(encoding, 16);
    rows16_.push_back({match.mask, match.value, &encoding});
    if (rows16_.size() > 255) throw std::logic_error("more than 255 16-bit encodings");
    // Every value of the free bits, counted down through the inverted mask.
    const std::uint32_t free_bits = ~match.mask & 0xffff;
    for (std::uint32_t bits = free_bits;; bits = (bits - 1) & free_bits) {
      std::uint8_t& entry = table16_[match.value | bits];
      if (entry == 0) entry = static_cast<std::uint8_t>(rows16_.size());
      if (bits == 0) break;
    }
  }
}

void Decoder::add_rows32(std::span<const Encoding> encodings) {
  for (const Encoding& encoding : encodings) {
    if (!available(encoding)) continue;
    const Match match = match_of(encoding, 32);
    const auto index = static_cast<std::uint16_t>(rows32_.size());
    rows32_.push_back({match.mask, match.value, &encoding});
    for (unsigned bucket = 0; bucket < buckets32_.size(); ++bucket) {
      if (((bucket << 20 ^ match.value) & match.mask & 511u << 20) == 0) buckets32_[bucket].push_back(index);
    }
  }
}

const Encoding* Decoder::find(std::uint16_t first, std::uint16_t second) const {
  if (!is_wide(first)) {
    const std::uint8_t entry = table16_[first];
    return entry == 0 ? nullptr : rows16_[entry - 1u].encoding;
  }
  const std::uint32_t raw = static_cast<std::uint32_t>(first) << 16 | second;
  for (const std::uint16_t index : buckets32_[bucket_of(raw)]) {
    const Row& row = rows32_[index];
    if ((raw & row.mask) == row.value) return row.encoding;
  }
  return nullptr;
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
