#pragma once

#include "emulator/cortex_m/fpu/fpu.h"
#include "emulator/cortex_m/fpu/host_float.h"

/// The common case of each operation inline: one host operation and one test of its result. Everything else
/// goes to namespace careful, which still uses the host where it can tell inexactness, and then to integer.
namespace mcusim::emulator::fpu {

namespace careful {

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

}  // namespace careful

// A tiny sum is always exact, so that only overflow, infinities and NaNs need care.
template <typename Format>
typename Format::Bits add(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (inexact_is_moot(fpscr)) [[likely]] {
    const auto result = from_host<Format>(to_host<Format>(a) + to_host<Format>(b));
    if (is_finite<Format>(result)) [[likely]]
      return result;
  }
  return careful::add<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits subtract(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (inexact_is_moot(fpscr)) [[likely]] {
    const auto result = from_host<Format>(to_host<Format>(a) - to_host<Format>(b));
    if (is_finite<Format>(result)) [[likely]]
      return result;
  }
  return careful::subtract<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits multiply(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (inexact_is_moot(fpscr)) [[likely]] {
    const auto result = from_host<Format>(to_host<Format>(a) * to_host<Format>(b));
    if (is_clearly_normal<Format>(result)) [[likely]]
      return result;
  }
  return careful::multiply<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits divide(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (inexact_is_moot(fpscr)) [[likely]] {
    const auto result = from_host<Format>(to_host<Format>(a) / to_host<Format>(b));
    if (is_clearly_normal<Format>(result)) [[likely]]
      return result;
  }
  return careful::divide<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits fused_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                         typename Format::Bits b, Fpscr& fpscr) {
  if constexpr (std::is_same_v<Format, Single>) {
    if (inexact_is_moot(fpscr)) [[likely]] {
      const double product =
          static_cast<double>(to_host<Single>(a)) * static_cast<double>(to_host<Single>(b));
      const double sum = product + static_cast<double>(to_host<Single>(addend));
      const auto result = from_host<Single>(static_cast<float>(sum));
      if (is_clearly_normal<Single>(result) && !is_half_way_between_singles(sum)) [[likely]]
        return result;
    }
  }
  return careful::fused_multiply_add<Format>(addend, a, b, fpscr);
}

template <typename Format>
typename Format::Bits chained_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                           typename Format::Bits b, bool negate_product, Fpscr& fpscr) {
  const typename Format::Bits product = multiply<Format>(a, b, fpscr);
  return add<Format>(addend, negate_product ? negate<Format>(product) : product, fpscr);
}

template <typename Format>
void compare(typename Format::Bits a, typename Format::Bits b, bool signal_quiet_nan, Fpscr& fpscr) {
  const Host<Format> x = to_host<Format>(a);
  const Host<Format> y = to_host<Format>(b);
  if (!fpscr.flush_to_zero()) [[likely]] {
    if (x > y) return fpscr.set_condition(Fpscr::kGreater);
    if (x < y) return fpscr.set_condition(Fpscr::kLess);
    if (x == y) return fpscr.set_condition(Fpscr::kEqual);
  }
  integer::compare<Format>(a, b, signal_quiet_nan, fpscr);
}

}  // namespace mcusim::emulator::fpu
