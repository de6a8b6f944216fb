#pragma once

#include "emulator/cortex_m/fpu/fpu.h"

namespace mcusim::emulator::fpu {

template <typename Format>
typename Format::Bits add(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return integer::add<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits subtract(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return integer::subtract<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits multiply(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return integer::multiply<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits divide(typename Format::Bits a, typename Format::Bits b, Fpscr& fpscr) {
  return integer::divide<Format>(a, b, fpscr);
}

template <typename Format>
typename Format::Bits fused_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                         typename Format::Bits b, Fpscr& fpscr) {
  return integer::fused_multiply_add<Format>(addend, a, b, fpscr);
}

template <typename Format>
typename Format::Bits chained_multiply_add(typename Format::Bits addend, typename Format::Bits a,
                                           typename Format::Bits b, bool negate_product, Fpscr& fpscr) {
  const typename Format::Bits product = multiply<Format>(a, b, fpscr);
  return add<Format>(addend, negate_product ? negate<Format>(product) : product, fpscr);
}

template <typename Format>
void compare(typename Format::Bits a, typename Format::Bits b, bool signal_quiet_nan, Fpscr& fpscr) {
  integer::compare<Format>(a, b, signal_quiet_nan, fpscr);
}

}  // namespace mcusim::emulator::fpu
