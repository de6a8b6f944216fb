#include "emulator/peripherals/not_modelled.h"

#include <fmt/format.h>

namespace mcusim::emulator {

NotModelledDevice::NotModelledDevice(Address base, Environment environment)
    : base_(base), environment_(std::move(environment)) {}

std::uint32_t NotModelledDevice::read(std::uint32_t offset, unsigned width) {
  log(offset);
  return store_.read(offset, width);
}

void NotModelledDevice::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  log(offset);
  store_.write(offset, width, value);
}

void NotModelledDevice::log(std::uint32_t offset) {
  const std::uint32_t block = offset / RegisterStore::kBlockBytes;
  if (!seen_.insert(block).second) return;
  const Address address = base_ + block * RegisterStore::kBlockBytes;
  std::string name = environment_.name_of_block(address);
  if (!name.empty()) name += ' ';
  environment_.log->note(
      fmt::format("{}{:#010x} (first from {:#010x})", name, address, environment_.program_counter()));
}

}  // namespace mcusim::emulator
