#include "emulator/cortex_m/fault_status.h"

#include <array>

namespace mcusim::emulator::cortex_m {
namespace {

// In the order of Fault.
constexpr FaultStatus kStatus[] = {
    {kHardFault, 0, false, "no fault"},
    {kUsageFault, 1u << 16, false, "undefined instruction"},
    {kUsageFault, 1u << 17, false,
     "instruction outside Thumb state, bit 0 (Thumb) clear in the branch target"},
    {kUsageFault, 1u << 18, false, "invalid exception return"},
    {kUsageFault, 1u << 19, false, "coprocessor absent or switched off"},
    {kUsageFault, 1u << 24, false, "unaligned access"},
    {kUsageFault, 1u << 25, false, "division by zero"},
    {kUsageFault, 1u << 20, false, "stack pointer below its limit"},
    {kBusFault, 1u << 8, false, "instruction fetch from an address without memory"},
    {kBusFault, 1u << 9 | 1u << 15, true, "data access that the bus refused"},
    {kBusFault, 1u << 12, false, "exception entry could not write its frame"},
    {kBusFault, 1u << 11, false, "exception return could not read its frame"},
    {kBusFault, 1u << 13, false, "floating-point state could not be saved"},
    {kMemManage, 1u << 0, false, "instruction fetch from an execute-never address"},
    {kMemManage, 1u << 1 | 1u << 7, true, "data access that the MPU forbids"},
    {kMemManage, 1u << 4, false, "exception entry: the MPU forbids the frame"},
    {kMemManage, 1u << 3, false, "exception return: the MPU forbids the frame"},
    {kMemManage, 1u << 5, false, "floating-point state: the MPU forbids the frame"},
    {kHardFault, 0, false, "vector table could not be read"},
    {kHardFault, 0, false, "watchpoint"},
};
static_assert(std::size(kStatus) == static_cast<std::size_t>(Fault::watchpoint) + 1);

}  // namespace

const FaultStatus& status_of(Fault fault) { return kStatus[static_cast<std::size_t>(fault)]; }

std::string exception_name(unsigned number) {
  switch (number) {
    case 0:
      return "thread";
    case kNmi:
      return "NMI";
    case kHardFault:
      return "HardFault";
    case kMemManage:
      return "MemManage";
    case kBusFault:
      return "BusFault";
    case kUsageFault:
      return "UsageFault";
    case kSvCall:
      return "SVCall";
    case kDebugMonitor:
      return "DebugMonitor";
    case kPendSv:
      return "PendSV";
    case kSysTick:
      return "SysTick";
    default:
      return number >= kFirstInterrupt ? "interrupt " + std::to_string(number - kFirstInterrupt)
                                       : "exception " + std::to_string(number);
  }
}

}  // namespace mcusim::emulator::cortex_m
