#include "emulator/clock_tree/clock_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/error.h"
#include "emulator/clock_tree/family_table.h"

namespace mcusim::emulator::clock_tree {
namespace {

constexpr std::array<const FamilyTable*, 10> kFamilies = {&kStm32F1,     &kStm32F4, &kStm32F7,   &kStm32G0,
                                                          &kStm32G4,     &kStm32H7, &kStm32H7Ab, &kStm32L4,
                                                          &kStm32L4Plus, &kStm32U5};

constexpr unsigned kFractionSteps = 8192;
/// A VCO locks somewhat beyond its documented limit, which is what overclocked firmware relies on; beyond
/// this multiple of it the registers are taken for nonsense.
constexpr Hertz kVcoMargin = 2;

Hertz rounded_quotient(Hertz dividend, Hertz divisor) { return (dividend + divisor / 2) / divisor; }

/// One evaluation of a table for one set of register values.
class Evaluation {
 public:
  Evaluation(const FamilyTable& family, const std::map<std::string_view, std::uint32_t>& offsets,
             Hertz board_oscillator, const ClockTree::ReadRegister& read)
      : family_(family), offsets_(offsets), board_oscillator_(board_oscillator), read_(read) {
    system_ = selected(family.system, 0);
    if (system_ == 0) system_ = family.reset_clock;
    core_ = divided(system_, kAhbDivisors[value(family.core_prescaler)]);
    ahb_ = divided(core_, kAhbDivisors[value(family.ahb_prescaler)]);
  }

  Hertz system() const { return system_; }
  Hertz core() const { return core_; }
  Hertz ahb() const { return ahb_; }
  Hertz bus(const PeripheralBus& bus) const { return divided(ahb_, kApbDivisors[value(bus.prescaler)]); }
  Hertz timers(const PeripheralBus& of) const {
    return std::min(ahb_, bus(of) * (value(family_.timer_prescaler) != 0 ? 4 : 2));
  }
  /// `bus_clock`: of the bus that the user of the multiplexer is on.
  Hertz selected(const Multiplexer& multiplexer, Hertz bus_clock) const {
    const std::uint32_t choice = value(multiplexer.field);
    if (choice >= multiplexer.choices.size()) return 0;
    const Choice& chosen = multiplexer.choices[choice];
    return frequency(chosen.source, bus_clock) / chosen.divide;
  }

 private:
  /// Running clocks never round down to a standstill.
  static Hertz divided(Hertz clock, unsigned divisor) { return std::max<Hertz>(clock / divisor, 1); }

  std::uint32_t value(const Field& field) const {
    const auto offset = offsets_.find(field.reg);
    if (offset == offsets_.end()) return 0;
    return read_(offset->second) >> field.shift & ((1u << field.width) - 1);
  }
  bool is_on(const Field& field) const { return field.reg.empty() || value(field) != 0; }

  /// 0 when outside of the documented range.
  unsigned factor(const Factor& f) const {
    const std::uint32_t bits = value(f.field);
    unsigned result = 0;
    if (!f.values.empty()) {
      result = bits < f.values.size() ? f.values[bits] : 0;
    } else {
      switch (f.encoding) {
        case Encoding::plain:
          result = bits;
          break;
        case Encoding::plus_one:
          result = bits + 1;
          break;
        case Encoding::plus_one_doubled:
          result = (bits + 1) * 2;
          break;
        case Encoding::power_of_two:
          result = 1u << bits;
          break;
      }
    }
    return result >= f.least && result <= f.most ? result : 0;
  }

  Hertz frequency(Source source, Hertz bus_clock) const {
    switch (source) {
      case Source::none:
        return 0;
      case Source::bus:
        return bus_clock;
      case Source::system:
        return system_;
      case Source::core:
        return core_;
      default:
        break;
    }
    for (const Oscillator& oscillator : family_.oscillators) {
      if (oscillator.source == source) return frequency(oscillator);
    }
    for (const Pll& pll : family_.plls) {
      for (const PllOutput& output : pll.outputs) {
        if (output.source == source) return frequency(pll, output);
      }
    }
    return 0;
  }

  Hertz frequency(const Oscillator& oscillator) const {
    if (!is_on(oscillator.on)) return 0;
    Hertz clock = oscillator.frequency;
    if (!oscillator.ranges.empty()) {
      const std::uint32_t range =
          value(value(oscillator.range_select) != 0 ? oscillator.range : oscillator.standby_range);
      clock = range < oscillator.ranges.size() ? oscillator.ranges[range] : 0;
    } else if (clock == 0) {
      clock = board_oscillator_;
    }
    return oscillator.divisor.field.reg.empty() ? clock : clock / factor(oscillator.divisor);
  }

  Hertz frequency(const Pll& pll, const PllOutput& output) const {
    if (!is_on(pll.on) || !is_on(output.enable)) return 0;
    const unsigned m = factor(pll.m);
    const unsigned n = factor(pll.n);
    const unsigned divisor = factor(output.divisor);
    if (m == 0 || n == 0 || divisor == 0) return 0;
    Hertz multiplier = Hertz{n} * kFractionSteps;
    if (!pll.fraction_enable.reg.empty() && value(pll.fraction_enable) != 0) {
      multiplier += value(pll.fraction);
    }
    const Hertz times_steps = selected(pll.input, 0) * multiplier;
    if (times_steps / m > pll.highest_vco * kVcoMargin * kFractionSteps) return 0;
    return rounded_quotient(times_steps, Hertz{m} * divisor * kFractionSteps);
  }

  const FamilyTable& family_;
  const std::map<std::string_view, std::uint32_t>& offsets_;
  Hertz board_oscillator_;
  const ClockTree::ReadRegister& read_;
  Hertz system_ = 0;
  Hertz core_ = 0;
  Hertz ahb_ = 0;
};

std::vector<Field> fields_of(const FamilyTable& family) {
  std::vector<Field> fields = {family.system.field, family.core_prescaler, family.ahb_prescaler,
                               family.timer_prescaler, family.systick_external.field};
  for (const Oscillator& o : family.oscillators) {
    fields.insert(fields.end(), {o.on, o.range_select, o.range, o.standby_range, o.divisor.field});
  }
  for (const Pll& pll : family.plls) {
    fields.insert(fields.end(),
                  {pll.on, pll.input.field, pll.m.field, pll.n.field, pll.fraction_enable, pll.fraction});
    for (const PllOutput& output : pll.outputs) {
      fields.insert(fields.end(), {output.enable, output.divisor.field});
    }
  }
  for (const PeripheralBus& bus : family.buses) fields.push_back(bus.prescaler);
  for (const KernelMultiplexer& kernel : family.kernels) fields.push_back(kernel.multiplexer.field);
  return fields;
}

const FamilyTable& find_family(const mcu_models::McuModel& mcu) {
  const auto found = std::ranges::find(kFamilies, mcu.clock_tree, &FamilyTable::name);
  if (found != kFamilies.end()) return **found;
  const std::vector<std::string> names = clock_tree_names();
  throw InputError(fmt::format("{}: its clock_tree '{}' is unknown; use one of {}", mcu.name, mcu.clock_tree,
                               fmt::join(names, ", ")));
}

}  // namespace

std::vector<std::string> clock_tree_names() {
  std::vector<std::string> names;
  for (const FamilyTable* family : kFamilies) names.emplace_back(family->name);
  std::ranges::sort(names);
  return names;
}

ClockTree::ClockTree(const mcu_models::McuModel& mcu, Hertz oscillator)
    : family_(&find_family(mcu)), oscillator_(oscillator) {
  const mcu_models::PeripheralModel* rcc = mcu.find_peripheral("RCC");
  if (rcc == nullptr) {
    throw InputError(
        fmt::format("{}: has no peripheral RCC, which clock_tree {} needs; add it", mcu.name, family_->name));
  }
  for (const Field& field : fields_of(*family_)) {
    if (field.reg.empty()) continue;
    const auto reg = std::ranges::find(rcc->registers, field.reg, &mcu_models::RegisterModel::name);
    if (reg != rcc->registers.end()) {
      offsets_[field.reg] = reg->offset;
    } else if (!field.optional) {
      throw InputError(fmt::format("{}: RCC has no register {}, which clock_tree {} needs; add it", mcu.name,
                                   field.reg, family_->name));
    }
  }
  for (const mcu_models::PeripheralModel& peripheral : mcu.peripherals) {
    for (std::size_t bus = 0; bus < family_->buses.size(); ++bus) {
      if (peripheral.base - family_->buses[bus].base >= family_->buses[bus].size) continue;
      kernels_.push_back({peripheral.name, bus, peripheral.model == "timer"});
    }
  }
}

bool ClockTree::reads(std::uint32_t offset) const {
  return std::ranges::any_of(offsets_, [&](const auto& reg) { return reg.second == (offset & ~3u); });
}

Clocks ClockTree::clocks(const ReadRegister& read) const {
  const Evaluation now(*family_, offsets_, oscillator_, read);
  Clocks clocks;
  clocks.system = now.system();
  clocks.core = now.core();
  clocks.ahb = now.ahb();
  clocks.systick_external = now.selected(family_->systick_external, 0);
  for (const PeripheralBus& bus : family_->buses) {
    clocks.apb.push_back({bus.name, now.bus(bus), now.timers(bus)});
  }
  for (const Kernel& kernel : kernels_) {
    const Clocks::Bus& bus = clocks.apb[kernel.bus];
    Hertz& clock = clocks.kernels[kernel.peripheral];
    const auto own = std::ranges::find(family_->kernels, kernel.peripheral, &KernelMultiplexer::peripheral);
    if (kernel.timer) {
      clock = bus.timers;
    } else if (own != family_->kernels.end()) {
      clock = now.selected(own->multiplexer, bus.peripherals);
    } else {
      clock = bus.peripherals;
    }
  }
  return clocks;
}

}  // namespace mcusim::emulator::clock_tree
