#pragma once

#include <string>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m::testing {

/// A core as the tests need it, without a part's memories: one cycle for every instruction class.
inline mcu_models::McuModel make_core(const std::string& name) {
  using mcu_models::Architecture;
  using mcu_models::Fpu;
  mcu_models::McuModel mcu;
  mcu.name = mcu.core.name = name;
  mcu.priority_bits = 4;
  mcu.interrupt_count = 64;
  mcu.core.mpu_regions = 8;
  if (name == "cortex-m0") {
    mcu.core.architecture = Architecture::v6m;
    mcu.core.cpuid = 0x410cc200;
    mcu.core.cycle_counter = false;
    mcu.core.mpu_regions = 0;
    mcu.core.exceptions = {.entry = 16, .exit = 13, .tail_chain = 8, .parallel = 0, .fp_frame = 0};
    mcu.priority_bits = 2;
    mcu.interrupt_count = 32;
  } else if (name == "cortex-m3") {
    mcu.core.architecture = Architecture::v7m;
    mcu.core.cpuid = 0x412fc231;
  } else if (name == "cortex-m4") {
    mcu.core.architecture = Architecture::v7em;
    mcu.core.dsp = true;
    mcu.core.cpuid = 0x410fc241;
    mcu.fpu = Fpu::fpv4_sp;
  } else if (name == "cortex-m7") {
    mcu.core.architecture = Architecture::v7em;
    mcu.core.dsp = true;
    mcu.core.cpuid = 0x411fc271;
    mcu.core.dwt_lock = true;
    mcu.fpu = Fpu::fpv5_dp;
  } else if (name == "cortex-m33") {
    mcu.core.architecture = Architecture::v8m_main;
    mcu.core.dsp = true;
    mcu.core.cpuid = 0x410fd214;
    mcu.fpu = Fpu::fpv5_sp;
  }
  return mcu;
}

}  // namespace mcusim::emulator::cortex_m::testing
