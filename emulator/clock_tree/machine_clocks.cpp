#include "emulator/clock_tree/machine_clocks.h"

#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator::clock_tree {

/// The RCC as a register file that tells when a register of the clock tree has another value.
class MachineClocks::Rcc : public RegisterFile {
 public:
  Rcc(const mcu_models::PeripheralModel& model, MachineClocks& clocks)
      : RegisterFile(model), clocks_(clocks) {}

  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override {
    const std::uint32_t before = RegisterFile::read(offset, width);
    RegisterFile::write(offset, width, value);
    if (RegisterFile::read(offset, width) != before && clocks_.tree_->reads(offset))
      clocks_.registers_changed();
  }
  void reset() override {
    RegisterFile::reset();
    clocks_.registers_changed();
  }

 private:
  MachineClocks& clocks_;
};

namespace {

/// STM32 parts without a clock tree here: SysTick's external clock is the core's / 8.
constexpr Hertz kSysTickDivisor = 8;

}  // namespace

MachineClocks::MachineClocks(const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                             const Scheduler& scheduler)
    : scheduler_(scheduler), time_(board.core_clock) {
  systick_external_.change(0, kSysTickDivisor, 1);
  for (const mcu_models::PeripheralModel& peripheral : mcu.peripherals) domains_[peripheral.name];
  if (!mcu.clock_tree.empty()) tree_.emplace(mcu, board.oscillator);
  if (mcu.core.architecture != mcu_models::Architecture::vle) return;
  for (const mcu_models::PeripheralModel& peripheral : mcu.peripherals)
    models_[peripheral.name] = peripheral.model;
  spc58_.emplace(board.oscillator, [this](const Spc58Clocks::Rates& rates) { apply(rates); });
}

std::unique_ptr<Device> MachineClocks::make_device(const mcu_models::PeripheralModel& model) {
  if (model.name == "RCC") return make_rcc(model);
  return spc58_ ? spc58_->make(model) : nullptr;
}

std::unique_ptr<Device> MachineClocks::make_rcc(const mcu_models::PeripheralModel& rcc) {
  if (!tree_) return std::make_unique<RegisterFile>(rcc);
  auto device = std::make_unique<Rcc>(rcc, *this);
  rcc_ = device.get();
  registers_changed();
  return device;
}

const DomainClock& MachineClocks::domain(const std::string& peripheral) const {
  return domains_.at(peripheral);
}

void MachineClocks::restart() {
  time_ = Timebase(core());
  for (auto& [name, domain] : domains_) domain.restart();
  systick_external_.restart();
}

void MachineClocks::registers_changed() {
  const Clocks clocks = tree_->clocks([this](std::uint32_t offset) { return rcc_->read(offset, 4); });
  if (clocks != clocks_) apply(clocks);
}

void MachineClocks::apply(const Spc58Clocks::Rates& rates) {
  const bool other_core = rates.core != core();
  const Cycles now = scheduler_.now();
  time_.change(now, rates.core);
  for (const auto& [name, model] : models_) domains_[name].change(now, rates.core, rates.of(model));
  if (changed_) changed_();
  if (other_core && core_changed_) core_changed_();
}

void MachineClocks::apply(const Clocks& clocks) {
  const bool other_core = clocks.core != core();
  clocks_ = clocks;
  const Cycles now = scheduler_.now();
  time_.change(now, clocks.core);
  for (const auto& [name, clock] : clocks.kernels) domains_[name].change(now, clocks.core, clock);
  systick_external_.change(now, clocks.core, clocks.systick_external);
  if (changed_) changed_();
  if (other_core && core_changed_) core_changed_();
}

}  // namespace mcusim::emulator::clock_tree
