#include "emulator/e200/encodings.h"

namespace mcusim::emulator::e200 {
namespace {

using C = Code;
using I = InstructionClass;

// VLE Programming Environments Manual (VLEPEM) ch. 4, the 16-bit forms.
// clang-format off
constexpr Encoding kRows[] = {
    {"0000000000000000", "se_illegal", C::illegal_, "", I::exception},
    {"0000000000000001", "se_isync", C::isync_, "", I::barrier},
    {"0000000000000010", "se_sc", C::sc_, "", I::exception},
    {"000000000000010k", "se_blr", C::blr_, "", I::branch_register},
    {"000000000000011k", "se_bctr", C::bctr_, "", I::branch_register},
    {"0000000000001000", "se_rfi", C::rfi_, "", I::exception},
    {"0000000000001001", "se_rfci", C::rfci_, "", I::exception},
    {"0000000000001010", "se_rfdi", C::rfdi_, "", I::exception},
    {"0000000000001011", "se_rfmci", C::rfmci_, "", I::exception},
    {"0000000000001100", "se_rfgi", C::rfgi_, "", I::exception},
    {"000000000010xxxx", "se_not", C::not_, "x", I::alu},
    {"000000000011xxxx", "se_neg", C::neg_, "x", I::alu},
    {"000000001000wwww", "se_mflr", C::mflr_, "w", I::alu},
    {"000000001001ssss", "se_mtlr", C::mtlr_, "s", I::alu},
    {"000000001010wwww", "se_mfctr", C::mfctr_, "w", I::alu},
    {"000000001011ssss", "se_mtctr", C::mtctr_, "s", I::alu},
    {"000000001100xxxx", "se_extzb", C::extzb_, "x", I::extend},
    {"000000001101xxxx", "se_extsb", C::extsb_, "x", I::extend},
    {"000000001110xxxx", "se_extzh", C::extzh_, "x", I::extend},
    {"000000001111xxxx", "se_extsh", C::extsh_, "x", I::extend},
    {"00000001sssswwww", "se_mr", C::mr_, "w,s", I::alu},
    {"00000010ssssXXXX", "se_mtar", C::mr_, "X,s", I::alu},
    {"00000011YYYYwwww", "se_mfar", C::mr_, "w,Y", I::alu},
    {"00000100yyyyxxxx", "se_add", C::add_, "x,y", I::alu},
    {"00000101yyyyxxxx", "se_mullw", C::mullw_, "x,y", I::multiply},
    {"00000110qqqqpppp", "se_sub", C::subf_, "p,q", I::alu},
    {"00000111yyyyxxxx", "se_subf", C::subf_, "x,y", I::alu},
    {"00001100yyyyssss", "se_cmp", C::cmp_, "s,y", I::alu},
    {"00001101yyyyssss", "se_cmpl", C::cmpl_, "s,y", I::alu},
    {"00001110yyyyssss", "se_cmph", C::cmph_, "s,y", I::alu},
    {"00001111yyyyssss", "se_cmphl", C::cmphl_, "s,y", I::alu},
    {"0010000oooooxxxx", "se_addi", C::add_imm_, "x,o", I::alu},
    {"0010001ooooossss", "se_cmpli", C::cmpl_imm_, "s,o", I::alu},
    {"0010010nnnnnxxxx", "se_subi", C::add_imm_, "x,n", I::alu},
    {"0010011nnnnnxxxx", "se_subi.", C::add_imm_rc_, "x,n", I::alu},
    {"0010101uuuuussss", "se_cmpi", C::cmp_imm_, "s,u", I::alu},
    {"0010110mmmmmwwww", "se_bmaski", C::mov_imm_, "w,m", I::alu},
    {"0010111uuuuuxxxx", "se_andi", C::and_imm_, "x,u", I::alu},
    {"01000000yyyyxxxx", "se_srw", C::srw_, "x,y", I::shift},
    {"01000001yyyyxxxx", "se_sraw", C::sraw_, "x,y", I::shift},
    {"01000010yyyyxxxx", "se_slw", C::slw_, "x,y", I::shift},
    {"0100010000000000", "se_nop", C::mr_, "", I::nop},
    {"01000100yyyyxxxx", "se_or", C::or_, "x,y", I::alu},
    {"01000101yyyyxxxx", "se_andc", C::andc_, "x,y", I::alu},
    {"0100011ryyyyxxxx", "se_and", C::and_, "x,y", I::alu},
    {"01001uuuuuuuwwww", "se_li", C::mov_imm_, "w,u", I::alu},
    {"0110000EEEEExxxx", "se_bclri", C::and_imm_, "x,E", I::bit_field},
    {"0110001eeeeewwww", "se_bgeni", C::mov_imm_, "w,e", I::alu},
    {"0110010eeeeexxxx", "se_bseti", C::or_imm_, "x,e", I::bit_field},
    {"0110011eeeeessss", "se_btsti", C::btsti_, "s,e", I::alu},
    {"0110100uuuuuxxxx", "se_srwi", C::srwi_, "x,u", I::shift},
    {"0110101uuuuuxxxx", "se_srawi", C::srawi_, "x,u", I::shift},
    {"0110110uuuuuxxxx", "se_slwi", C::slwi_, "x,u", I::shift},
    {"1000uuuuwwwwssss", "se_lbz", C::lbz_, "w,u(s)", I::load},
    {"1001uuuuwwwwssss", "se_stb", C::stb_, "w,u(s)", I::store},
    {"1010hhhhwwwwssss", "se_lhz", C::lhz_, "w,h(s)", I::load},
    {"1011hhhhwwwwssss", "se_sth", C::sth_, "w,h(s)", I::store},
    {"1100WWWWwwwwssss", "se_lwz", C::lwz_, "w,W(s)", I::load},
    {"1101WWWWwwwwssss", "se_stw", C::stw_, "w,W(s)", I::store},
    {"11100000tttttttt", "se_bge", C::b_false_, "?t", I::branch_conditional},
    {"11100001tttttttt", "se_ble", C::b_false_, "?t", I::branch_conditional},
    {"11100010tttttttt", "se_bne", C::b_false_, "?t", I::branch_conditional},
    {"11100011tttttttt", "se_bns", C::b_false_, "?t", I::branch_conditional},
    {"11100100tttttttt", "se_blt", C::b_true_, "?t", I::branch_conditional},
    {"11100101tttttttt", "se_bgt", C::b_true_, "?t", I::branch_conditional},
    {"11100110tttttttt", "se_beq", C::b_true_, "?t", I::branch_conditional},
    {"11100111tttttttt", "se_bso", C::b_true_, "?t", I::branch_conditional},
    {"1110100ktttttttt", "se_b", C::b_, "t", I::branch},
};
// clang-format on

}  // namespace

std::span<const Encoding> encodings16() { return kRows; }

}  // namespace mcusim::emulator::e200
