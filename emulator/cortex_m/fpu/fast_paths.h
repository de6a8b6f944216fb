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
template <typename Format>
typename Format::Bits square_root(typename Format::Bits a, Fpscr& fpscr);

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
typename Format::Bits square_root(typename Format::Bits a, Fpscr& fpscr) {
  return careful::square_root<Format>(a, fpscr);
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

// Only zeros of both signs are equal and yet differ.
template <typename Format>
typename Format::Bits max_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (!fpscr.flush_to_zero()) [[likely]] {
    if (to_host<Format>(a) > to_host<Format>(b)) return a;
    if (to_host<Format>(a) < to_host<Format>(b)) return b;
  }
  return integer::max_number<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits min_number(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  if (!fpscr.flush_to_zero()) [[likely]] {
    if (to_host<Format>(a) < to_host<Format>(b)) return a;
    if (to_host<Format>(a) > to_host<Format>(b)) return b;
  }
  return integer::min_number<Format>(a, b, fpscr);
}

template <typename To, typename From>
typename To::Bits convert(typename From::Bits a, Fpscr& fpscr) {
  if constexpr (std::is_same_v<To, Double> && std::is_same_v<From, Single>) {
    if (is_normal<Single>(a)) [[likely]]
      return from_host<Double>(to_host<Single>(a));
  } else if constexpr (std::is_same_v<To, Single> && std::is_same_v<From, Double>) {
    if (inexact_is_moot(fpscr)) [[likely]] {
      const auto result = from_host<Single>(static_cast<float>(to_host<Double>(a)));
      if (is_clearly_normal<Single>(result)) [[likely]]
        return result;
    }
  }
  return integer::convert<To, From>(a, fpscr);
}

// The two modes compilers use: C casts truncate, lrintf() and VCVTR round to nearest even.
template <typename Format>
std::uint32_t to_integer(typename Format::Bits a, bool is_signed, Rounding rounding, Fpscr& fpscr) {
  const double value = to_host<Format>(a);
  const double lowest = is_signed ? -0x1p31 : 0.0;
  const double end = is_signed ? 0x1p31 : 0x1p32;
  const bool nearest = rounding == Rounding::nearest_even;
  if (!fpscr.flush_to_zero() && (nearest || rounding == Rounding::toward_zero) && value >= lowest &&
      value < end) [[likely]] {
    // Beside this number doubles are one apart, so that adding it rounds to an integer.
    constexpr double kIntegersOnly = 0x1.8p52;
    const auto integral =
        static_cast<std::int64_t>(nearest ? (value + kIntegersOnly) - kIntegersOnly : value);
    if (static_cast<double>(integral) < end) [[likely]] {
      if (static_cast<double>(integral) != value) fpscr.raise(Fpscr::kInexact);
      return static_cast<std::uint32_t>(integral);
    }
  }
  return integer::to_integer<Format>(a, is_signed, rounding, fpscr);
}

template <typename Format>
typename Format::Bits from_integer(std::uint32_t value, bool is_signed, Fpscr& fpscr) {
  const double exact =
      is_signed ? static_cast<double>(static_cast<std::int32_t>(value)) : static_cast<double>(value);
  if constexpr (std::is_same_v<Format, Double>) {
    return from_host<Double>(exact);
  } else {
    const auto rounded = static_cast<float>(exact);
    if (static_cast<double>(rounded) == exact) return from_host<Single>(rounded);
    if (!inexact_is_moot(fpscr)) return integer::from_integer<Single>(value, is_signed, fpscr);
    return from_host<Single>(rounded);
  }
}

}  // namespace mcusim::emulator::fpu
