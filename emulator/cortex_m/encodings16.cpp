#include "emulator/cortex_m/encodings.h"

namespace mcusim::emulator::cortex_m {
namespace {

using C = Code;
using F = Format;
using I = InstructionClass;

// Armv7-M Architecture Reference Manual (DDI 0403E) A5.2 and A7.7. Field letters: d n m t registers (capital:
// its high bit), i immediate, r register list, c condition.
// clang-format off
constexpr Encoding kRows[] = {
    {"0000000000mmmddd", "movs", C::mov_reg_s_, F::dm_two, kBase, I::alu},
    {"00000iiiiimmmddd", "lsls", C::lsl_imm_, F::shift_imm16, kBase, I::shift},
    {"00001iiiiimmmddd", "lsrs", C::lsr_imm_, F::shift_imm16, kBase, I::shift},
    {"00010iiiiimmmddd", "asrs", C::asr_imm_, F::shift_imm16, kBase, I::shift},
    {"0001100mmmnnnddd", "adds", C::add_reg_, F::dnm, kBase, I::alu},
    {"0001101mmmnnnddd", "subs", C::sub_reg_, F::dnm, kBase, I::alu},
    {"0001110iiinnnddd", "adds", C::add_imm_, F::dni, kBase, I::alu},
    {"0001111iiinnnddd", "subs", C::sub_imm_, F::dni, kBase, I::alu},
    {"00100dddiiiiiiii", "movs", C::mov_imm_, F::di, kBase, I::alu},
    {"00101nnniiiiiiii", "cmp", C::cmp_imm_, F::ni, kBase, I::alu},
    {"00110dddiiiiiiii", "adds", C::add_imm_, F::dn_same_i, kBase, I::alu},
    {"00111dddiiiiiiii", "subs", C::sub_imm_, F::dn_same_i, kBase, I::alu},
    {"0100000000mmmddd", "ands", C::and_reg_, F::nm, kBase, I::alu},
    {"0100000001mmmddd", "eors", C::eor_reg_, F::nm, kBase, I::alu},
    {"0100000010mmmddd", "lsls", C::lsl_reg_, F::nm, kBase, I::shift},
    {"0100000011mmmddd", "lsrs", C::lsr_reg_, F::nm, kBase, I::shift},
    {"0100000100mmmddd", "asrs", C::asr_reg_, F::nm, kBase, I::shift},
    {"0100000101mmmddd", "adcs", C::adc_reg_, F::nm, kBase, I::alu},
    {"0100000110mmmddd", "sbcs", C::sbc_reg_, F::nm, kBase, I::alu},
    {"0100000111mmmddd", "rors", C::ror_reg_, F::nm, kBase, I::shift},
    {"0100001000mmmddd", "tst", C::tst_reg_, F::hi_cmp, kBase, I::alu},
    {"0100001001mmmddd", "rsbs", C::rsb_imm_, F::rsb_zero, kBase, I::alu},
    {"0100001010mmmddd", "cmp", C::cmp_reg_, F::hi_cmp, kBase, I::alu},
    {"0100001011mmmddd", "cmn", C::cmn_reg_, F::hi_cmp, kBase, I::alu},
    {"0100001100mmmddd", "orrs", C::orr_reg_, F::nm, kBase, I::alu},
    {"0100001101mmmddd", "muls", C::mul_, F::muls, kBase, I::multiply},
    {"0100001110mmmddd", "bics", C::bic_reg_, F::nm, kBase, I::alu},
    {"0100001111mmmddd", "mvns", C::mvn_reg_, F::dm_two, kBase, I::alu},
    {"01000100Dmmmmddd", "add", C::add_reg_, F::hi_add, kBase, I::alu},
    {"01000101Dmmmmddd", "cmp", C::cmp_reg_, F::hi_cmp, kBase, I::alu},
    {"01000110Dmmmmddd", "mov", C::mov_reg_, F::hi_mov, kBase, I::alu},
    {"010001110mmmmzzz", "bx", C::bx_, F::bx, kBase, I::branch_register},
    {"010001111mmmmzzz", "blx", C::blx_, F::bx, kBase, I::branch_register},
    {"01001tttiiiiiiii", "ldr", C::ldr_lit_, F::load_lit16, kBase, I::load},
    {"0101000mmmnnnttt", "str", C::str_reg_, F::ls_reg16, kBase, I::store_register},
    {"0101001mmmnnnttt", "strh", C::strh_reg_, F::ls_reg16, kBase, I::store_register},
    {"0101010mmmnnnttt", "strb", C::strb_reg_, F::ls_reg16, kBase, I::store_register},
    {"0101011mmmnnnttt", "ldrsb", C::ldrsb_reg_, F::ls_reg16, kBase, I::load_register},
    {"0101100mmmnnnttt", "ldr", C::ldr_reg_, F::ls_reg16, kBase, I::load_register},
    {"0101101mmmnnnttt", "ldrh", C::ldrh_reg_, F::ls_reg16, kBase, I::load_register},
    {"0101110mmmnnnttt", "ldrb", C::ldrb_reg_, F::ls_reg16, kBase, I::load_register},
    {"0101111mmmnnnttt", "ldrsh", C::ldrsh_reg_, F::ls_reg16, kBase, I::load_register},
    {"01100iiiiinnnttt", "str", C::str_imm_, F::ls_imm16_w, kBase, I::store},
    {"01101iiiiinnnttt", "ldr", C::ldr_imm_, F::ls_imm16_w, kBase, I::load},
    {"01110iiiiinnnttt", "strb", C::strb_imm_, F::ls_imm16_b, kBase, I::store},
    {"01111iiiiinnnttt", "ldrb", C::ldrb_imm_, F::ls_imm16_b, kBase, I::load},
    {"10000iiiiinnnttt", "strh", C::strh_imm_, F::ls_imm16_h, kBase, I::store},
    {"10001iiiiinnnttt", "ldrh", C::ldrh_imm_, F::ls_imm16_h, kBase, I::load},
    {"10010tttiiiiiiii", "str", C::str_imm_, F::ls_sp16, kBase, I::store},
    {"10011tttiiiiiiii", "ldr", C::ldr_imm_, F::ls_sp16, kBase, I::load},
    {"10100dddiiiiiiii", "adr", C::mov_imm_, F::adr16, kBase, I::alu},
    {"10101dddiiiiiiii", "add", C::add_imm_, F::add_sp16, kBase, I::alu},
    {"101100000iiiiiii", "add", C::add_sp_imm_, F::sp_adjust, kBase, I::alu},
    {"101100001iiiiiii", "sub", C::sub_sp_imm_, F::sp_adjust, kBase, I::alu},
    {"101100I1iiiiinnn", "cbz", C::cbz_, F::cb, kThumb2, I::branch_compare},
    {"101110I1iiiiinnn", "cbnz", C::cbnz_, F::cb, kThumb2, I::branch_compare},
    {"1011001000mmmddd", "sxth", C::sxth_, F::dm, kBase, I::extend},
    {"1011001001mmmddd", "sxtb", C::sxtb_, F::dm, kBase, I::extend},
    {"1011001010mmmddd", "uxth", C::uxth_, F::dm, kBase, I::extend},
    {"1011001011mmmddd", "uxtb", C::uxtb_, F::dm, kBase, I::extend},
    {"1011010rrrrrrrrr", "push", C::push_, F::push16, kBase, I::store_multiple},
    {"1011110rrrrrrrrr", "pop", C::pop_, F::pop16, kBase, I::load_multiple},
    {"101101100110zzif", "cpsie", C::cps_, F::cps, kBase, I::system},
    {"101101100111zzif", "cpsid", C::cps_, F::cps, kBase, I::system},
    {"1011101000mmmddd", "rev", C::rev_, F::dm, kBase, I::reverse},
    {"1011101001mmmddd", "rev16", C::rev16_, F::dm, kBase, I::reverse},
    {"1011101011mmmddd", "revsh", C::revsh_, F::dm, kBase, I::reverse},
    {"10111110iiiiiiii", "bkpt", C::bkpt_, F::imm8, kBase, I::exception},
    {"1011111100000000", "nop", C::nop_, F::none, kBase, I::nop},
    {"1011111100010000", "yield", C::yield_, F::none, kBase, I::nop},
    {"1011111100100000", "wfe", C::wfe_, F::none, kBase, I::wait},
    {"1011111100110000", "wfi", C::wfi_, F::none, kBase, I::wait},
    {"1011111101000000", "sev", C::sev_, F::none, kBase, I::nop},
    {"10111111hhhh0000", "hint", C::nop_, F::none, kBase, I::nop},
    {"10111111ccccmmmm", "it", C::it_, F::it, kThumb2, I::if_then},
    {"11000nnnrrrrrrrr", "stm", C::stm_, F::stm16, kBase, I::store_multiple},
    {"11001nnnrrrrrrrr", "ldm", C::ldm_, F::ldm16, kBase, I::load_multiple},
    {"11011110iiiiiiii", "udf", C::undefined_, F::imm8, kBase, I::exception},
    {"11011111iiiiiiii", "svc", C::svc_, F::imm8, kBase, I::exception},
    {"1101cccciiiiiiii", "b", C::b_eq_, F::bcond16, kBase, I::branch_conditional},
    {"11100iiiiiiiiiii", "b", C::b_, F::b16, kBase, I::branch},
};
// clang-format on

}  // namespace

std::span<const Encoding> encodings16() { return kRows; }

}  // namespace mcusim::emulator::cortex_m
