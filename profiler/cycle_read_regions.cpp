#include "profiler/cycle_read_regions.h"

#include <fmt/format.h>

#include "common/error.h"

namespace mcusim::profiler {
namespace {

/// A function that reads the counter for others: load the address, load, return, and what debug builds add.
constexpr Bytes kLargestReader = 32;

}  // namespace

CycleReadRegions::CycleReadRegions(emulator::Machine& machine, const emulator::Image& image)
    : machine_(machine), image_(image) {
  if (!machine.engine().follow_cycle_reads([this](Address pc) { read_at(pc); }))
    throw InputError(
        "--region dwt: this engine does not tell reads of the cycle counter; use --engine native "
        "on a Cortex-M with DWT_CYCCNT, or name regions");
}

CycleReadRegions::~CycleReadRegions() { machine_.engine().follow_cycle_reads({}); }

Address CycleReadRegions::place_of(Address pc) const {
  const emulator::Symbol* const reader = image_.symbol_at(pc);
  if (reader == nullptr || reader->size > kLargestReader) return pc;
  const Address caller = machine_.engine().registers().r[14] & ~1u;
  const bool is_other = caller - reader->address >= reader->size && image_.is_code(caller);
  return is_other ? caller - 2 : pc;  // inside the call, for its line
}

std::string CycleReadRegions::name_of(Address place) const {
  const auto source = image_.source_at(place);
  if (!source || source->at.function.empty()) return fmt::format("0x{:08x}", place);
  if (source->at.line != 0) return fmt::format("{}:{}", source->at.function, source->at.line);
  const emulator::Symbol* const function = image_.symbol_at(place);
  return fmt::format("{}+{}", source->at.function, function == nullptr ? 0 : place - function->address);
}

void CycleReadRegions::read_at(Address pc) {
  const Address place = place_of(pc);
  Reading now = read(machine_.engine());
  // A loop that waits for the counter is one place.
  if (last_place_ && *last_place_ != place) {
    const bool full = layers_.size() >= kMostRegions;
    const auto [entry, is_new] =
        by_places_.try_emplace({*last_place_, place}, full ? kMostRegions : layers_.size());
    if (is_new && layers_.size() <= kMostRegions) {
      LayerProfile& layer = layers_.emplace_back();
      layer.layer.index = static_cast<int>(layers_.size() - 1);
      layer.layer.name = full ? "further pairs" : name_of(*last_place_) + ".." + name_of(place);
      layer.layer.op = "DWT";
    }
    add(spent(now, last_), layers_[entry->second]);
  }
  last_place_ = place;
  last_ = std::move(now);
}

}  // namespace mcusim::profiler
