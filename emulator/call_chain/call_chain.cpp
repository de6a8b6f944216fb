#include "emulator/call_chain/call_chain.h"

#include "emulator/call_chain/unwinder.h"

namespace mcusim::emulator {

std::vector<CallFrame> call_chain(const Registers& registers, const Bus& bus, const Image& image,
                                  std::optional<Address> fault_pc,
                                  const std::vector<Registers>& interrupted) {
  if (registers.power) return power_unwinder(registers, bus, image, interrupted)->follow();
  return arm_unwinder(registers, bus, image, fault_pc)->follow();
}

}  // namespace mcusim::emulator
