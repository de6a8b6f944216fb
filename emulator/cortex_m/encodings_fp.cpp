#include "emulator/cortex_m/encodings.h"

namespace mcusim::emulator::cortex_m {
namespace {

using C = Code;
using F = Format;
using I = InstructionClass;

// Armv7-M Architecture Reference Manual (DDI 0403E) A6.4-A6.6. Field letters: d n m registers with D N M
// their extra bit, t core registers, s double precision, i immediate. Rows with `s` need kFpDouble where it
// is set.
// clang-format off
constexpr Encoding kRows[] = {
    {"111011000100uuuu tttt101000M1mmmm", "vmov", C::vmov_s2_core2_, F::fp_core_pair, kFpSingle, I::fp_move_core_pair},
    {"111011000101uuuu tttt101000M1mmmm", "vmov", C::vmov_core2_s2_, F::fp_core_pair, kFpSingle, I::fp_move_core_pair},
    {"111011000100uuuu tttt1011B0M1mmmm", "vmov", C::vmov_s2_core2_, F::fp_core_pair, kFpSingle, I::fp_move_core_pair},
    {"111011000101uuuu tttt1011B0M1mmmm", "vmov", C::vmov_core2_s2_, F::fp_core_pair, kFpSingle, I::fp_move_core_pair},
    {"11101101UD01nnnn dddd1010iiiiiiii", "vldr", C::vldr_s_, F::fp_ls, kFpSingle, I::fp_load},
    {"11101101UD01nnnn dddd1011iiiiiiii", "vldr", C::vldr_d_, F::fp_ls, kFpSingle, I::fp_load_double},
    {"11101101UD00nnnn dddd1010iiiiiiii", "vstr", C::vstr_s_, F::fp_ls, kFpSingle, I::fp_store},
    {"11101101UD00nnnn dddd1011iiiiiiii", "vstr", C::vstr_d_, F::fp_ls, kFpSingle, I::fp_store_double},
    {"111011001D111101 dddd101siiiiiiii", "vpop", C::vldm_, F::fp_ls_multiple, kFpSingle, I::fp_load_multiple},
    {"111011010D101101 dddd101siiiiiiii", "vpush", C::vstm_, F::fp_ls_multiple, kFpSingle, I::fp_store_multiple},
    {"111011001DW1nnnn dddd101siiiiiiii", "vldmia", C::vldm_, F::fp_ls_multiple, kFpSingle, I::fp_load_multiple},
    {"111011010D11nnnn dddd101siiiiiiii", "vldmdb", C::vldm_, F::fp_ls_multiple, kFpSingle, I::fp_load_multiple},
    {"111011001DW0nnnn dddd101siiiiiiii", "vstmia", C::vstm_, F::fp_ls_multiple, kFpSingle, I::fp_store_multiple},
    {"111011010D10nnnn dddd101siiiiiiii", "vstmdb", C::vstm_, F::fp_ls_multiple, kFpSingle, I::fp_store_multiple},
    {"111011100000nnnn tttt1010Nzz1zzzz", "vmov", C::vmov_s_core_, F::fp_core, kFpSingle, I::fp_move_core},
    {"111011100001nnnn tttt1010Nzz1zzzz", "vmov", C::vmov_core_s_, F::fp_core, kFpSingle, I::fp_move_core},
    {"1110111000X0nnnn tttt1011N001zzzz", "vmov", C::vmov_s_core_, F::fp_core_scalar, kFpSingle, I::fp_move_core},
    {"1110111000X1nnnn tttt1011N001zzzz", "vmov", C::vmov_core_s_, F::fp_core_scalar, kFpSingle, I::fp_move_core},
    {"1110111011100001 tttt1010zzz1zzzz", "vmsr", C::vmsr_, F::fp_status, kFpSingle, I::fp_move_core},
    {"1110111011110001 tttt1010zzz1zzzz", "vmrs", C::vmrs_, F::fp_status, kFpSingle, I::fp_move_core},
    {"111011100D00nnnn dddd101sN0M0mmmm", "vmla", C::vmla_s_, F::fp3, kFpSingle, I::fp_chained_mac},
    {"111011100D00nnnn dddd101sN1M0mmmm", "vmls", C::vmls_s_, F::fp3, kFpSingle, I::fp_chained_mac},
    {"111011100D01nnnn dddd101sN0M0mmmm", "vnmls", C::vnmls_s_, F::fp3, kFpSingle, I::fp_chained_mac},
    {"111011100D01nnnn dddd101sN1M0mmmm", "vnmla", C::vnmla_s_, F::fp3, kFpSingle, I::fp_chained_mac},
    {"111011100D10nnnn dddd101sN0M0mmmm", "vmul", C::vmul_s_, F::fp3, kFpSingle, I::fp_multiply},
    {"111011100D10nnnn dddd101sN1M0mmmm", "vnmul", C::vnmul_s_, F::fp3, kFpSingle, I::fp_multiply},
    {"111011100D11nnnn dddd101sN0M0mmmm", "vadd", C::vadd_s_, F::fp3, kFpSingle, I::fp_add},
    {"111011100D11nnnn dddd101sN1M0mmmm", "vsub", C::vsub_s_, F::fp3, kFpSingle, I::fp_add},
    {"111011101D00nnnn dddd101sN0M0mmmm", "vdiv", C::vdiv_s_, F::fp3, kFpSingle, I::fp_divide},
    {"111011101D01nnnn dddd101sN0M0mmmm", "vfnms", C::vfnms_s_, F::fp3, kFpSingle, I::fp_fused_mac},
    {"111011101D01nnnn dddd101sN1M0mmmm", "vfnma", C::vfnma_s_, F::fp3, kFpSingle, I::fp_fused_mac},
    {"111011101D10nnnn dddd101sN0M0mmmm", "vfma", C::vfma_s_, F::fp3, kFpSingle, I::fp_fused_mac},
    {"111011101D10nnnn dddd101sN1M0mmmm", "vfms", C::vfms_s_, F::fp3, kFpSingle, I::fp_fused_mac},
    {"111011101D11iiii dddd101sz0z0iiii", "vmov", C::vmov_imm_s_, F::fp_imm, kFpSingle, I::fp_move},
    {"111011101D110000 dddd101s01M0mmmm", "vmov", C::vmov_s_, F::fp2, kFpSingle, I::fp_move},
    {"111011101D110000 dddd101s11M0mmmm", "vabs", C::vabs_s_, F::fp2, kFpSingle, I::fp_move},
    {"111011101D110001 dddd101s01M0mmmm", "vneg", C::vneg_s_, F::fp2, kFpSingle, I::fp_move},
    {"111011101D110001 dddd101s11M0mmmm", "vsqrt", C::vsqrt_s_, F::fp2, kFpSingle, I::fp_square_root},
    {"111011101D110010 dddd101s01M0mmmm", "vcvtb", C::vcvt_from_half_s_, F::fp_half, kFpSingle, I::fp_convert},
    {"111011101D110010 dddd101s11M0mmmm", "vcvtt", C::vcvt_from_half_s_, F::fp_half, kFpSingle, I::fp_convert},
    {"111011101D110011 dddd101s01M0mmmm", "vcvtb", C::vcvt_to_half_s_, F::fp_half, kFpSingle, I::fp_convert},
    {"111011101D110011 dddd101s11M0mmmm", "vcvtt", C::vcvt_to_half_s_, F::fp_half, kFpSingle, I::fp_convert},
    {"111011101D110100 dddd101s01M0mmmm", "vcmp", C::vcmp_s_, F::fp_compare, kFpSingle, I::fp_compare},
    {"111011101D110100 dddd101s11M0mmmm", "vcmpe", C::vcmp_s_, F::fp_compare, kFpSingle, I::fp_compare},
    {"111011101D110101 dddd101s01z0zzzz", "vcmp", C::vcmp_zero_s_, F::fp_compare, kFpSingle, I::fp_compare},
    {"111011101D110101 dddd101s11z0zzzz", "vcmpe", C::vcmp_zero_s_, F::fp_compare, kFpSingle, I::fp_compare},
    {"111011101D110110 dddd101s01M0mmmm", "vrintr", C::vrint_s_, F::fp_round, kFp5, I::fp_convert},
    {"111011101D110110 dddd101s11M0mmmm", "vrintz", C::vrint_s_, F::fp_round, kFp5, I::fp_convert},
    {"111011101D110111 dddd101s01M0mmmm", "vrintx", C::vrint_s_, F::fp_round, kFp5, I::fp_convert},
    {"111011101D110111 dddd101s11M0mmmm", "vcvt", C::vcvt_s_to_d_, F::fp_widen, kFpDouble, I::fp64_convert},
    {"111011101D111000 dddd101sS1M0mmmm", "vcvt", C::vcvt_from_int_s_, F::fp_from_int, kFpSingle, I::fp_convert},
    {"111011101D111O1U dddd101sX1I0iiii", "vcvt", C::vcvt_fixed_s_, F::fp_fixed, kFpSingle, I::fp_convert},
    {"111011101D11110S dddd101s01M0mmmm", "vcvtr", C::vcvt_to_int_s_, F::fp_to_int, kFpSingle, I::fp_convert},
    {"111011101D11110S dddd101s11M0mmmm", "vcvt", C::vcvt_to_int_s_, F::fp_to_int, kFpSingle, I::fp_convert},
    {"111111100D00nnnn dddd101sN0M0mmmm", "vseleq", C::vsel_s_, F::fp_select, kFp5, I::fp_move},
    {"111111100D01nnnn dddd101sN0M0mmmm", "vselvs", C::vsel_s_, F::fp_select, kFp5, I::fp_move},
    {"111111100D10nnnn dddd101sN0M0mmmm", "vselge", C::vsel_s_, F::fp_select, kFp5, I::fp_move},
    {"111111100D11nnnn dddd101sN0M0mmmm", "vselgt", C::vsel_s_, F::fp_select, kFp5, I::fp_move},
    {"111111101D00nnnn dddd101sN0M0mmmm", "vmaxnm", C::vmaxnm_s_, F::fp3, kFp5, I::fp_compare},
    {"111111101D00nnnn dddd101sN1M0mmmm", "vminnm", C::vminnm_s_, F::fp3, kFp5, I::fp_compare},
    {"111111101D111000 dddd101s01M0mmmm", "vrinta", C::vrint_s_, F::fp_round_directed, kFp5, I::fp_convert},
    {"111111101D111001 dddd101s01M0mmmm", "vrintn", C::vrint_s_, F::fp_round_directed, kFp5, I::fp_convert},
    {"111111101D111010 dddd101s01M0mmmm", "vrintp", C::vrint_s_, F::fp_round_directed, kFp5, I::fp_convert},
    {"111111101D111011 dddd101s01M0mmmm", "vrintm", C::vrint_s_, F::fp_round_directed, kFp5, I::fp_convert},
    {"111111101D111100 dddd101sS1M0mmmm", "vcvta", C::vcvt_to_int_s_, F::fp_to_int_directed, kFp5, I::fp_convert},
    {"111111101D111101 dddd101sS1M0mmmm", "vcvtn", C::vcvt_to_int_s_, F::fp_to_int_directed, kFp5, I::fp_convert},
    {"111111101D111110 dddd101sS1M0mmmm", "vcvtp", C::vcvt_to_int_s_, F::fp_to_int_directed, kFp5, I::fp_convert},
    {"111111101D111111 dddd101sS1M0mmmm", "vcvtm", C::vcvt_to_int_s_, F::fp_to_int_directed, kFp5, I::fp_convert},
    // Any other coprocessor instruction: no such coprocessor (DDI 0403E B1.5.14), except that unallocated
    // encodings of 10 and 11 are UNDEFINED where the FPU exists; the decoder tells them apart.
    {"111z110zzzzzzzzz zzzzppppzzzzzzzz", "coprocessor", C::no_coprocessor_, F::none, kThumb2, I::exception},
    {"111z1110zzzzzzzz zzzzppppzzzzzzzz", "coprocessor", C::no_coprocessor_, F::none, kThumb2, I::exception},
};
// clang-format on

}  // namespace

std::span<const Encoding> encodings_fp() { return kRows; }

}  // namespace mcusim::emulator::cortex_m
