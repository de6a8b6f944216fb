#pragma once

#include <cstdint>
#include <string>

#include "emulator/cortex_m/fault.h"
#include "emulator/cortex_m/system/interrupt_controller.h"

namespace mcusim::emulator::cortex_m {

/// What a fault becomes (DDI 0403E B1.5.14, B3.2.15): its exception, its bit of CFSR, and words for people.
struct FaultStatus {
  ExceptionNumber exception = kHardFault;
  std::uint32_t cfsr_bit = 0;
  bool has_address = false;  ///< MMFAR or BFAR takes the address.
  const char* text = "";
};

const FaultStatus& status_of(Fault fault);

/// "HardFault", "SysTick", "interrupt 37".
std::string exception_name(unsigned number);

}  // namespace mcusim::emulator::cortex_m
