#include "emulator/peripherals/not_modelled.h"

#include <fmt/format.h>

namespace mcusim::emulator {

StandIn::StandIn(const mcu_models::PeripheralModel& model, NotModelledLog& log,
                 std::function<Address()> program_counter)
    : RegisterFile(model),
      log_(log),
      program_counter_(std::move(program_counter)),
      text_(fmt::format("{} {:#010x}: {}", model.name, model.base, model.stand_in)) {}

void StandIn::note() {
  if (text_.empty()) return;
  log_.note(fmt::format("{} (first from {:#010x})", text_, program_counter_()));
  text_.clear();
}

std::uint32_t StandIn::read(std::uint32_t offset, unsigned width) {
  note();
  return RegisterFile::read(offset, width);
}

void StandIn::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  note();
  RegisterFile::write(offset, width, value);
}

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
