#include "emulator/cortex_m/fpu/fpu.h"
#include "emulator/cortex_m/fpu/host_float.h"

/// Host arithmetic where the inexact flag matters or denormals are flushed: still to nearest, on operands
/// that neither are denormal nor come near the largest exponent, with the rounding error computed exactly.
namespace mcusim::emulator::fpu::careful {
namespace {

bool rounds_to_nearest(const Fpscr& fpscr) { return (fpscr.bits & Fpscr::kRoundingMask) == 0; }

/// Zero, or normal and below the highest exponent: there the error of a sum has no overflow on its way.
template <typename Format>
bool is_ordinary(typename Format::Bits bits) {
  using Bits = typename Format::Bits;
  constexpr int kShift = Format::kFractionBits + 1;
  const bool normal =
      static_cast<Bits>((bits << 1) - (Bits{1} << kShift)) < Bits{Format::kMaxExponentField - 2} << kShift;
  return normal || is_zero<Format>(bits);
}

/// The exact error of sum = x + y (Knuth's 2Sum; exact to nearest when nothing overflows).
template <typename Float>
Float error_of_sum(Float x, Float y, Float sum) {
  const Float y_part = sum - x;
  const Float x_part = sum - y_part;
  return (x - x_part) + (y - y_part);
}

template <typename Bits>
Bits finish(Bits result, bool inexact, Fpscr& fpscr) {
  if (inexact) fpscr.raise(Fpscr::kInexact);
  return result;
}

}  // namespace

template <typename Format>
typename Format::Bits add(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (rounds_to_nearest(fpscr) && is_ordinary<Format>(a) && is_ordinary<Format>(b)) {
    const Host<Format> x = to_host<Format>(a);
    const Host<Format> y = to_host<Format>(b);
    const auto result = from_host<Format>(x + y);
    if (is_clearly_normal<Format>(result) || is_zero<Format>(result)) {
      return finish(result, error_of_sum(x, y, x + y) != 0, fpscr);
    }
  }
  return integer::add<Format>(a, b, fpscr);
}

// For numbers a - b is a + (-b); only a NaN must not see the sign change.
template <typename Format>
typename Format::Bits subtract(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return is_finite<Format>(b) ? careful::add<Format>(a, negate<Format>(b), fpscr)
                              : integer::subtract<Format>(a, b, fpscr);
}

// Double precision has no wider host format that would hold the exact product: only the integers tell whether
// it was rounded.
template <typename Format>
typename Format::Bits multiply(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if constexpr (std::is_same_v<Format, Single>) {
    if (rounds_to_nearest(fpscr) && is_ordinary<Single>(a) && is_ordinary<Single>(b)) {
      const double product =
          static_cast<double>(to_host<Single>(a)) * static_cast<double>(to_host<Single>(b));
      const auto rounded = static_cast<float>(product);
      const auto result = from_host<Single>(rounded);
      if (is_clearly_normal<Single>(result) || product == 0) {
        return finish(result, static_cast<double>(rounded) != product, fpscr);
      }
    }
  }
  return integer::multiply<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits divide(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if constexpr (std::is_same_v<Format, Single>) {
    if (rounds_to_nearest(fpscr) && is_ordinary<Single>(a) && is_ordinary<Single>(b)) {
      const float quotient = to_host<Single>(a) / to_host<Single>(b);
      const auto result = from_host<Single>(quotient);
      if (is_clearly_normal<Single>(result)) {
        const double back = static_cast<double>(quotient) * static_cast<double>(to_host<Single>(b));
        return finish(result, back != static_cast<double>(to_host<Single>(a)), fpscr);
      }
    }
  }
  return integer::divide<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits fused_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                         typename Format::Bits b, Fpscr& fpscr) {
  if constexpr (std::is_same_v<Format, Single>) {
    if (rounds_to_nearest(fpscr) && is_ordinary<Single>(a) && is_ordinary<Single>(b) &&
        is_ordinary<Single>(addend)) {
      const double product =
          static_cast<double>(to_host<Single>(a)) * static_cast<double>(to_host<Single>(b));
      const auto term = static_cast<double>(to_host<Single>(addend));
      const double sum = product + term;
      const bool sum_inexact = error_of_sum(product, term, sum) != 0;
      const auto rounded = static_cast<float>(sum);
      const auto result = from_host<Single>(rounded);
      const bool settled = is_clearly_normal<Single>(result) || sum == 0;
      if (settled && !(sum_inexact && is_half_way_between_singles(sum))) {
        return finish(result, sum_inexact || static_cast<double>(rounded) != sum, fpscr);
      }
    }
  }
  return integer::fused_multiply_add<Format>(addend, a, b, fpscr);
}

// The root of a normal number is normal.
template <typename Format>
typename Format::Bits square_root(typename Format::Bits a, Fpscr& fpscr) {
  const bool usable = std::is_same_v<Format, Single> ? rounds_to_nearest(fpscr) : inexact_is_moot(fpscr);
  if (usable && is_normal<Format>(a) && (a & Format::kSignBit) == 0) {
    const Host<Format> value = to_host<Format>(a);
    if constexpr (std::is_same_v<Format, Single>) {
      const float root = __builtin_sqrtf(value);
      return finish(from_host<Single>(root), static_cast<double>(root) * static_cast<double>(root) != value,
                    fpscr);
    } else {
      return from_host<Double>(__builtin_sqrt(value));
    }
  }
  return integer::square_root<Format>(a, fpscr);
}

#define MCUSIM_INSTANTIATE(Format)                                                                    \
  template Format::Bits add<Format>(Format::Bits, Format::Bits, Fpscr&);                              \
  template Format::Bits subtract<Format>(Format::Bits, Format::Bits, Fpscr&);                         \
  template Format::Bits multiply<Format>(Format::Bits, Format::Bits, Fpscr&);                         \
  template Format::Bits divide<Format>(Format::Bits, Format::Bits, Fpscr&);                           \
  template Format::Bits fused_multiply_add<Format>(Format::Bits, Format::Bits, Format::Bits, Fpscr&); \
  template Format::Bits square_root<Format>(Format::Bits, Fpscr&);
MCUSIM_INSTANTIATE(Single)
MCUSIM_INSTANTIATE(Double)
#undef MCUSIM_INSTANTIATE

}  // namespace mcusim::emulator::fpu::careful
