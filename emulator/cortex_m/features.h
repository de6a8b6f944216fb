#pragma once

#include <cstdint>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

/// What a core implements, as the decoder asks for it. A row that needs a bit the core lacks is UNDEFINED.
using Features = std::uint32_t;

inline constexpr Features kBase = 0;            ///< Armv6-M, hence every core.
inline constexpr Features kThumb2 = 1u << 0;    ///< Armv7-M: 32-bit encodings, IT, CBZ, divide.
inline constexpr Features kDsp = 1u << 1;       ///< Armv7E-M or the DSP extension of Armv8-M.
inline constexpr Features kV8m = 1u << 2;       ///< Armv8-M main: TT, LDA/STL, stack limits.
inline constexpr Features kFpSingle = 1u << 3;  ///< FPv4-SP and everything above.
inline constexpr Features kFp5 = 1u << 4;       ///< FPv5: VSEL, VMAXNM, VRINT, directed VCVT.
inline constexpr Features kFpDouble = 1u << 5;  ///< Double-precision arithmetic.

inline Features features_of(const mcu_models::CoreModel& core, mcu_models::Fpu fpu) {
  using mcu_models::Architecture;
  using mcu_models::Fpu;
  Features features = kBase;
  if (core.architecture != Architecture::v6m) features |= kThumb2;
  if (core.dsp || core.architecture == Architecture::v7em) features |= kDsp;
  if (core.architecture == Architecture::v8m_main) features |= kV8m;
  if (fpu != Fpu::none) features |= kFpSingle;
  if (fpu == Fpu::fpv5_sp || fpu == Fpu::fpv5_dp) features |= kFp5;
  if (fpu == Fpu::fpv5_dp) features |= kFpDouble;
  return features;
}

}  // namespace mcusim::emulator::cortex_m
