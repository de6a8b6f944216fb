#include "emulator/hazards.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mcusim::emulator {
namespace {

using mcu_models::CacheModel;
using mcu_models::FlashTiming;
using mcu_models::MemoryKind;
using mcu_models::MemoryRegion;
using mcu_models::RegisterBits;
using mcu_models::WaitStates;

/// SCB CCR and its enable bits of the L1 caches (Armv7-M ARM, DDI 0403E B3.2.8).
constexpr RegisterBits kL1DataEnable{0xe000ed14, 16, 1}, kL1CodeEnable{0xe000ed14, 17, 1};

std::uint32_t field(const HazardView& view, const RegisterBits& bits) {
  return view.read_register(bits.address) >> bits.shift & ((std::uint64_t{1} << bits.width) - 1);
}

double mhz_of(Hertz clock) { return static_cast<double>(clock) / 1e6; }

/// The table of the voltage range that is programmed; without a programmable one the one that allows most.
const WaitStates* table_in_use(const HazardView& view, const FlashTiming& flash) {
  const WaitStates* widest = nullptr;
  for (const WaitStates& table : flash.wait_states) {
    const bool programmed = !table.when.empty() &&
                            std::ranges::all_of(table.when, [&](const mcu_models::RegisterCondition& when) {
                              return field(view, when.bits) == when.value;
                            });
    if (programmed) return &table;
    if (table.when.empty() && (widest == nullptr || table.mhz.front() > widest->mhz.front())) widest = &table;
  }
  return widest;
}

std::optional<std::string> wait_states(const HazardView& view) {
  if (!view.mcu.flash_timing) return std::nullopt;
  const WaitStates* table = table_in_use(view, *view.mcu.flash_timing);
  if (table == nullptr) return std::nullopt;
  const double mhz = mhz_of(view.flash_clock);
  const std::string range =
      fmt::format("{}{}", table->range, table->when.empty() ? ", the most favourable supply" : "");
  const auto needed = std::ranges::find_if(table->mhz, [&](double most) { return mhz <= most; });
  if (needed == table->mhz.end()) {
    return fmt::format("flash clock {:g} MHz is above the {:g} MHz that the manual allows ({})", mhz,
                       table->mhz.back(), range);
  }
  const auto least = static_cast<std::uint32_t>(needed - table->mhz.begin());
  const std::uint32_t programmed = field(view, view.mcu.flash_timing->latency);
  if (programmed >= least) return std::nullopt;
  return fmt::format(
      "{} flash wait states are programmed, but {:g} MHz need {} ({}): a board may read wrong "
      "instructions",
      programmed, mhz, least, range);
}

struct CodePlace {
  const MemoryRegion* memory = nullptr;
  bool by_alias = false;  ///< Executed over another bus than the one at the memory's own address.
};

bool holds(Address base, Bytes size, Address address) { return address >= base && address - base < size; }

CodePlace place_of(const mcu_models::McuModel& mcu, Address code) {
  for (const MemoryRegion& memory : mcu.memory) {
    if (holds(memory.base, memory.size, code)) return {&memory, false};
    for (const Address alias : memory.aliases)
      if (holds(alias, memory.size, code)) return {&memory, true};
  }
  return {};
}

bool tightly_coupled(const MemoryRegion& memory) {
  return memory.kind == MemoryKind::itcm || memory.kind == MemoryKind::dtcm || memory.kind == MemoryKind::ccm;
}

/// A cache that the core itself switches on. Others without an enable bit are always on.
bool is_l1(const std::string& name) { return name == "L1I" || name == "L1D"; }

bool off(const HazardView& view, const std::string& name, const CacheModel& cache) {
  if (!cache.enable && !is_l1(name)) return false;
  const RegisterBits enable = cache.enable ? *cache.enable : name == "L1I" ? kL1CodeEnable : kL1DataEnable;
  return field(view, enable) == 0;
}

/// Whether code at `place`, with the constants beside it, is read through the cache.
bool serves(const std::string& name, const CacheModel& cache, const CodePlace& place,
            std::uint32_t programmed_wait_states) {
  if (tightly_coupled(*place.memory)) return false;
  if (is_l1(name)) return !place.by_alias;
  if (place.memory->kind != MemoryKind::flash || programmed_wait_states == 0) return false;
  switch (cache.serves) {
    case mcu_models::CacheServes::flash:
      return true;
    case mcu_models::CacheServes::flash_by_alias:
      return place.by_alias;
    case mcu_models::CacheServes::external_memory:
      return false;
  }
  return false;
}

/// Bytes of code that are executed in `memory`; nothing when the image does not tell.
std::optional<Bytes> code_in(const Image& image, const MemoryRegion& memory) {
  Bytes size = 0;
  for (const AddressRange& range : image.code)
    if (holds(memory.base, memory.size, range.begin)) size += range.size;
  return size == 0 ? std::nullopt : std::optional(size);
}

bool used_by(const Image& image, const MemoryRegion& memory) {
  const auto inside = [&](Address address) { return holds(memory.base, memory.size, address); };
  return std::ranges::any_of(image.segments, inside, &Segment::address) ||
         std::ranges::any_of(image.code, inside, &AddressRange::begin) ||
         std::ranges::any_of(image.symbols, inside, &Symbol::address);
}

}  // namespace

std::vector<std::string> hazards(const HazardView& view) {
  std::vector<std::string> lines;
  if (auto line = wait_states(view)) lines.push_back(std::move(*line));
  const CodePlace place = place_of(view.mcu, view.code);
  if (place.memory == nullptr) return lines;
  const std::uint32_t programmed = view.mcu.flash_timing ? field(view, view.mcu.flash_timing->latency) : 0;
  bool code_uncached = false;
  for (const auto& [name, cache] : view.mcu.caches) {
    if (!serves(name, cache, place, programmed) || !off(view, name, cache)) continue;
    code_uncached = code_uncached || name == "L1I";
    lines.push_back(fmt::format("cache {} is off while code runs from {}: switch it on before the work", name,
                                place.memory->name));
  }
  if (!code_uncached) return lines;
  const std::optional<Bytes> size = code_in(view.image, *place.memory);
  for (const MemoryRegion& memory : view.mcu.memory) {
    if (memory.kind != MemoryKind::itcm || !size || *size > memory.size || used_by(view.image, memory))
      continue;
    lines.push_back(
        fmt::format("{} bytes of code run uncached from {} while {} ({} bytes) is free: copy them there",
                    *size, place.memory->name, memory.name, memory.size));
  }
  return lines;
}

}  // namespace mcusim::emulator
