#pragma once

#include <cstdint>

#include "emulator/cortex_m/fpu/format.h"
#include "emulator/cortex_m/fpu/fpscr.h"

/// Arithmetic of Arm FPv4-SP and FPv5 as functions on bit patterns.
///
/// Every function takes the FPSCR, obeys its rounding mode, FZ, DN and AHP, and sets its cumulative flags;
/// only compare() changes the condition flags. Results and flags follow the pseudocode of the Armv7-M
/// Architecture Reference Manual (DDI 0403, A2.5): choice and quieting of NaN operands, flushing, underflow
/// before rounding. Format is Single or Double: `add<Single>(a, b, fpscr)`. No function fails; any bit
/// pattern is an operand.
namespace mcusim::emulator::fpu {

/// A fixed-point number of VCVT: `width` is 16 or 32 bits, of which `fraction_bits` (0 to width) are
/// fraction.
struct FixedPoint {
  int width = 32;
  int fraction_bits = 0;
  bool is_signed = true;
};

/// The same operations by integer arithmetic alone: slower, complete, the definition that the functions of
/// namespace fpu must equal bit for bit.
namespace integer {

template <typename Format>
typename Format::Bits add(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits subtract(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits multiply(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits divide(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits fused_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                         typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits square_root(typename Format::Bits a, Fpscr& fpscr);
template <typename Format>
typename Format::Bits max_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits min_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
void compare(typename Format::Bits a, typename Format::Bits b, bool signal_quiet_nan, Fpscr& fpscr);
template <typename To, typename From>
typename To::Bits convert(typename From::Bits a, Fpscr& fpscr);
template <typename Format>
std::uint32_t to_integer(typename Format::Bits a, bool is_signed, Rounding rounding, Fpscr& fpscr);
template <typename Format>
typename Format::Bits from_integer(std::uint32_t value, bool is_signed, Fpscr& fpscr);

}  // namespace integer

// --- Bit operations: no flags, NaNs are not touched (VABS, VNEG) ---

template <typename Format>
constexpr typename Format::Bits absolute(typename Format::Bits a) {
  return a & static_cast<typename Format::Bits>(~Format::kSignBit);
}
template <typename Format>
constexpr typename Format::Bits negate(typename Format::Bits a) {
  return a ^ Format::kSignBit;
}

// --- Arithmetic ---

/// VADD.
template <typename Format>
typename Format::Bits add(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
/// VSUB: a - b. A NaN operand keeps its sign.
template <typename Format>
typename Format::Bits subtract(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
/// VMUL. (VNMUL negates the result.)
template <typename Format>
typename Format::Bits multiply(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
/// VDIV: a / b.
template <typename Format>
typename Format::Bits divide(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
/// VSQRT.
template <typename Format>
typename Format::Bits square_root(typename Format::Bits a, Fpscr& fpscr);

/// VFMA: addend + a * b, rounded once. VFMS negates a, VFNMA negates a and addend, VFNMS negates addend.
template <typename Format>
typename Format::Bits fused_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                         typename Format::Bits b, Fpscr& fpscr);
/// VMLA: addend + round(a * b), rounded twice. VMLS negates the rounded product (`negate_product`), VNMLS the
/// addend, VNMLA both.
template <typename Format>
typename Format::Bits chained_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                           typename Format::Bits b, bool negate_product, Fpscr& fpscr);

/// VMAXNM, VMINNM: a single quiet NaN loses against a number.
template <typename Format>
typename Format::Bits max_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);
template <typename Format>
typename Format::Bits min_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr);

/// VCMP (`signal_quiet_nan` false) and VCMPE (true): sets FPSCR.NZCV.
template <typename Format>
void compare(typename Format::Bits a, typename Format::Bits b, bool signal_quiet_nan, Fpscr& fpscr);

// --- Conversions ---

/// VCVT.F64.F32, VCVT.F32.F64, VCVTB/VCVTT between half and the other formats (AHP chooses the half format).
template <typename To, typename From>
typename To::Bits convert(typename From::Bits a, Fpscr& fpscr);

/// VCVT to a 32-bit integer (Rounding::toward_zero), VCVTR (fpscr.rounding()), VCVTA/N/P/M. Saturates; NaN
/// gives 0.
template <typename Format>
std::uint32_t to_integer(typename Format::Bits a, bool is_signed, Rounding rounding, Fpscr& fpscr);
/// VCVT from a 32-bit integer, rounded as the FPSCR says.
template <typename Format>
typename Format::Bits from_integer(std::uint32_t value, bool is_signed, Fpscr& fpscr);

/// VCVT to fixed point, towards zero. The result is sign- or zero-extended from its width to 64 bits, which
/// is what VCVT writes to a double register; a single register takes the low 32 bits.
template <typename Format>
std::uint64_t to_fixed(typename Format::Bits a, FixedPoint type, Fpscr& fpscr);
/// VCVT from fixed point, always to nearest even. Bits of `value` above the type's width are ignored.
template <typename Format>
typename Format::Bits from_fixed(std::uint32_t value, FixedPoint type, Fpscr& fpscr);

/// VRINT: to an integral value in the same format. VRINTX signals inexact and, as VRINTR, takes
/// fpscr.rounding(); VRINTZ takes toward_zero, VRINTA/N/P/M their own mode.
template <typename Format>
typename Format::Bits round_to_integral(typename Format::Bits a, Rounding rounding, bool signal_inexact,
                                        Fpscr& fpscr);

}  // namespace mcusim::emulator::fpu

#include "emulator/cortex_m/fpu/fast_paths.h"
