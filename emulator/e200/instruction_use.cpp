#include "emulator/e200/instruction_use.h"

namespace mcusim::emulator::e200 {
namespace {

using Facts = PipelineE200::Facts;
using I = InstructionClass;

constexpr std::uint64_t bit(unsigned resource) { return std::uint64_t{1} << resource; }
constexpr std::uint64_t gpr(unsigned reg) { return reg < kZeroRegister ? bit(reg) : 0; }
constexpr std::uint64_t kXer = bit(PipelineE200::kXer), kLink = bit(PipelineE200::kLink),
                        kCount = bit(PipelineE200::kCount);
constexpr std::uint64_t cr_field(unsigned field) { return bit(PipelineE200::kCrField + (field & 7)); }

bool is_store(I c) {
  return c == I::store || c == I::store_register || c == I::store_multiple || c == I::store_exclusive;
}
bool is_branch(I c) {
  return c == I::branch || c == I::branch_conditional || c == I::branch_link || c == I::branch_register;
}
bool is_floating_point(I c) { return c >= I::fp_add && c <= I::fp_move; }

/// By the letters of operands.h.
void use_operands(const Operation& op, const Encoding& encoding, Facts& facts) {
  const bool stores = is_store(op.instruction_class);
  for (const char letter : encoding.operands) {
    switch (letter) {
      case 'd':
      case 'w':
      case 'X':
      case '=':
        (stores ? facts.needs : facts.writes) |= gpr(op.d);
        break;
      case 'x':
        facts.needs |= gpr(op.a);
        facts.writes |= gpr(op.d);
        break;
      case 'p':
        facts.needs |= gpr(op.b);
        facts.writes |= gpr(op.d);
        break;
      case 'a':
      case 'g':
      case 's':
      case 'q':
      case 'Y':
        facts.needs |= gpr(op.a);
        break;
      case 'b':
      case 'y':
        facts.needs |= gpr(op.b);
        break;
      case 'C':
      case 'c':
        (is_branch(op.instruction_class) ? facts.needs : facts.writes) |= cr_field(op.d);
        break;
      case 'F':
        facts.needs |= cr_field(op.a);
        break;
      case 'D':
        facts.writes |= cr_field(op.d >> 2u);
        break;
      case 'A':
        facts.needs |= cr_field(op.a >> 2u);
        break;
      case 'B':
        facts.needs |= cr_field(op.b >> 2u);
        break;
      case 'K':
        facts.needs |= cr_field(op.imm >> 2);
        break;
      case '?':
        facts.needs |= cr_field(op.d);
        break;
      default:
        break;
    }
  }
  // Update forms write their base; multiply-add reads its destination.
  const bool updates =
      is_load_or_store(op.instruction_class) && encoding.mnemonic.find('u') != std::string_view::npos;
  if (updates) facts.writes |= gpr(op.a);
  if (op.instruction_class == I::fp_fused_mac || op.code == Code::rlwimi_) facts.needs |= gpr(op.d);
}

/// What no operand names.
void use_hidden(const Operation& op, const Encoding& encoding, Facts& facts) {
  const bool compares16 =
      encoding.mnemonic.starts_with("se_cmp") || encoding.mnemonic == "se_btsti" ||
      encoding.mnemonic.starts_with("e_cmp16") || encoding.mnemonic.starts_with("e_cmpl16") ||
      encoding.mnemonic.starts_with("e_cmph16") || encoding.mnemonic.starts_with("e_cmphl16");
  const auto variant = static_cast<unsigned>(op.code) - static_cast<unsigned>(encoding.code);
  const bool records = encoding.mnemonic.ends_with('.') ||
                       (encoding.pattern.find('r') != std::string_view::npos && (variant & 1) != 0);
  if (compares16 || records) facts.writes |= cr_field(0);
  switch (op.code) {
    case Code::mflr_:
      facts.needs |= kLink;
      break;
    case Code::mtlr_:
      facts.writes |= kLink;
      break;
    case Code::mfctr_:
      facts.needs |= kCount;
      break;
    case Code::mtctr_:
      facts.writes |= kCount;
      break;
    case Code::blr_:
    case Code::blr_link_:
      facts.needs |= kLink;
      break;
    case Code::bctr_:
    case Code::bctr_link_:
      facts.needs |= kCount;
      break;
    case Code::bdnz_:
    case Code::bdz_:
    case Code::bdnz_link_:
    case Code::bdz_link_:
      facts.needs |= kCount;
      facts.writes |= kCount;
      break;
    default:
      break;
  }
  if (op.code >= Code::addc_ && op.code <= Code::addze_o_rc_) facts.writes |= kXer;
  if (op.code >= Code::adde_ && op.code <= Code::addze_o_rc_) facts.needs |= kXer;
  if (op.code >= Code::subfc_ && op.code <= Code::subfze_o_rc_) facts.writes |= kXer;
  if (op.code >= Code::subfe_ && op.code <= Code::subfze_o_rc_) facts.needs |= kXer;
}

unsigned words_of(const Operation& op) {
  if (op.code == Code::lmw_ || op.code == Code::stmw_) return 32u - op.d;
  if (op.code == Code::lmvgprw_ || op.code == Code::stmvgprw_) return 11;
  return op.code == Code::lmvsprw_ || op.code == Code::stmvsprw_ ? 4 : 2;
}

void set_late(Facts& facts, const Operation& op, unsigned latency, StallCause cause) {
  facts.latency = static_cast<std::uint8_t>(latency);
  facts.result = op.d;
  facts.cause = cause;
}

}  // namespace

PipelineE200::Facts facts_of(const Operation& op, const Encoding& encoding,
                             const mcu_models::PipelineE200Parameters& p) {
  Facts facts;
  facts.last_byte = op.slots == 2 ? 2 : 0;
  use_operands(op, encoding, facts);
  use_hidden(op, encoding, facts);
  const I c = op.instruction_class;
  std::uint64_t unit = 0;
  if (is_load_or_store(c)) unit = bit(PipelineE200::kLoadStore);
  if (is_branch(c)) unit = bit(PipelineE200::kBranchUnit);
  if (c == I::multiply || c == I::divide || is_floating_point(c)) unit = bit(PipelineE200::kArithmetic);
  facts.indirect = c == I::branch_register;
  bool alone = false;
  switch (c) {
    case I::load:
    case I::load_register:
    case I::load_exclusive:
      set_late(facts, op, p.load, StallCause::load_use);
      break;
    case I::load_multiple:
    case I::store_multiple:
      // Two words per cycle over the 64-bit bus (UM0434 8.7: 1 + n/2).
      facts.further = static_cast<std::uint8_t>(words_of(op) / 2);
      facts.cause = StallCause::transfer;
      alone = true;
      break;
    case I::multiply:
      set_late(facts, op, p.multiply, StallCause::multiply_divide);
      break;
    case I::divide:
      facts.divides = true;
      facts.cause = StallCause::multiply_divide;
      break;
    case I::fp_add:
    case I::fp_multiply:
    case I::fp_fused_mac:
    case I::fp_convert:
      set_late(facts, op, p.fp_result, StallCause::fpu);
      break;
    case I::fp_divide:
    case I::fp_square_root:
      facts.further = static_cast<std::uint8_t>((c == I::fp_divide ? p.fp_divide : p.fp_square_root) - 1);
      facts.cause = StallCause::fpu;
      break;
    case I::barrier:
    case I::exception:
      // UM0434 8.7: isync, rfi, sc and tw take three cycles; a tw that does not trap is counted alike.
      facts.further = 2;
      alone = true;
      break;
    case I::status:
    case I::system:
    case I::wait:
      alone = true;
      break;
    default:
      break;
  }
  constexpr std::uint64_t kSharing = bit(PipelineE200::kSharing);
  facts.needs |= unit | bit(PipelineE200::kIssue) | (alone ? kSharing : 0);
  facts.takes =
      alone || facts.further != 0 || p.issue_width == 1 ? ~std::uint64_t{0} : facts.writes | unit | kSharing;
  return facts;
}

}  // namespace mcusim::emulator::e200
