#include "emulator/timing/m7/memory_m7.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

// System control space (DDI 0489).
constexpr Address kCacheControl = 0xe000ed14;  // CCR
constexpr Address kMpuFirst = 0xe000ed94, kMpuLast = 0xe000edb8;
constexpr Address kInvalidateInstructions = 0xe000ef50;  // ICIALLU
constexpr Address kInvalidateSetWay = 0xe000ef60;        // DCISW
constexpr Address kCleanSetWay = 0xe000ef6c;             // DCCSW
constexpr Address kCleanInvalidateSetWay = 0xe000ef74;   // DCCISW
constexpr std::uint32_t kDataCacheOn = 1u << 16, kInstructionCacheOn = 1u << 17;

constexpr std::array<unsigned, 16> kBusDivisors = {1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 64, 128, 256, 512};

template <typename T>
const T& required(const std::optional<T>& fact, const mcu_models::McuModel& mcu, const char* what) {
  if (fact) return *fact;
  throw InputError(fmt::format("{}: {} is not modelled, use --timing table", mcu.name, what));
}

const mcu_models::CacheModel& cache_of(const mcu_models::McuModel& mcu, const char* name) {
  const auto found = mcu.caches.find(name);
  if (found != mcu.caches.end() && found->second.line == 32) return found->second;
  throw InputError(fmt::format("{}: its cache {} is not described, use --timing table", mcu.name, name));
}

std::uint32_t field(std::uint32_t value, const mcu_models::RegisterBits& bits) {
  return value >> bits.shift & ((1u << bits.width) - 1);
}

}  // namespace

MemoryM7::MemoryM7(const mcu_models::McuModel& mcu, Environment environment)
    : core_(required(mcu.core.pipeline_m7, mcu, "its pipeline")),
      flash_(required(mcu.flash_timing, mcu, "its flash interface")),
      timing_(required(mcu.line_fill, mcu, "its line fill")),
      memory_(mcu.memory),
      environment_(std::move(environment)),
      pages_(std::size_t{1} << (32 - kPageBits)),
      instructions_(cache_of(mcu, "L1I")),
      data_(cache_of(mcu, "L1D")) {
  if (!mcu.caches.contains("ART")) return;
  for (const mcu_models::MemoryRegion& region : mcu.memory) {
    if (region.kind != mcu_models::MemoryKind::flash || region.aliases.empty()) continue;
    art_.emplace(mcu, region.size, environment_.read_register);
    art_base_ = region.aliases.front();
    return;
  }
}

void MemoryM7::reset() {
  instructions_.clear();
  data_.clear();
  for (Level1Cache* const cache : {&instructions_, &data_}) {
    cache->counters = {};
    if (cache->watch() != nullptr) cache->watch()->reset();
  }
  instruction_fills_ = data_fills_ = {};
  instruction_fills_end_ = data_fills_end_ = flash_free_ = ram_free_ = drained_ = 0;
  write_back_begin_ = write_back_end_ = write_back_wait_ = 0;
  store_done_ = {};
  flash_buffer_ = last_store_ = ~0u;
  if (art_) art_->reset();
  refresh();
}

// Maintenance by set and way is taken for the whole cache, which is how it is used; by address it does
// nothing.
bool MemoryM7::control(Address address) {
  const Address word = address & ~3u;
  switch (word) {
    case kInvalidateInstructions:
      instructions_.clear();
      fetched_line_ = ~0u;
      ++contents_;
      return false;
    case kInvalidateSetWay:
    case kCleanInvalidateSetWay:
      data_.clear();
      return false;
    case kCleanSetWay:
      data_.clean();
      return false;
    default:
      return word == flash_.latency.address || (flash_.bus_divider && word == flash_.bus_divider->address) ||
             word == kCacheControl || (word >= kMpuFirst && word <= kMpuLast);
  }
}

void MemoryM7::refresh() {
  if (art_) art_->refresh();
  wait_states_ = field(environment_.read_register(flash_.latency.address), flash_.latency);
  if (flash_.bus_divider) {
    bus_ratio_ =
        kBusDivisors[field(environment_.read_register(flash_.bus_divider->address), *flash_.bus_divider)];
  }
  const std::uint32_t control = environment_.read_register(kCacheControl);
  if (!instruction_cache_on_ || (control & kInstructionCacheOn) == 0) instructions_.clear();
  if (!data_cache_on_ || (control & kDataCacheOn) == 0) data_.clear();
  instruction_cache_on_ = (control & kInstructionCacheOn) != 0;
  data_cache_on_ = (control & kDataCacheOn) != 0;
  data_cache_at_once_ = data_cache_on_ && data_.watch() == nullptr;
  std::ranges::fill(pages_, std::uint8_t{0});
  fetched_line_ = ~0u;
  ++contents_;
}

std::uint8_t MemoryM7::look_up(Address address) {
  Place place = place_device;
  for (const mcu_models::MemoryRegion& region : memory_) {
    const auto inside = [&](Address base) { return address >= base && address - base < region.size; };
    if (!inside(region.base) && std::ranges::none_of(region.aliases, inside)) continue;
    using enum mcu_models::MemoryKind;
    place = region.kind == flash                         ? place_flash
            : region.kind == itcm || region.kind == dtcm ? place_tcm
                                                         : place_ram;
    if (place == place_flash && art_ && !inside(region.base)) place = place_art;
  }
  const Cacheability rule = place == place_tcm ? Cacheability::device : environment_.cacheability(address);
  return pages_[address >> kPageBits] = static_cast<std::uint8_t>(place << 2 | static_cast<unsigned>(rule));
}

/// The wait for the beat that holds `address`, if its line is on the way.
Cycles MemoryM7::beat_of(const Fills& fills, std::uint32_t line, Address address, Cycles at) {
  for (const Fill& fill : fills) {
    if (fill.line != line) continue;
    const Cycles beat = fill.beats[address >> 3 & 3];
    return beat > at ? beat - at : 0;
  }
  return 0;
}

/// Begins to fill a line, the critical 64 bits first, the others in wrapping order.
const MemoryM7::Fill& MemoryM7::fill(Fills& fills, Place place, std::uint32_t line, unsigned critical,
                                     Cycles at) {
  Fill& slot = fills[0].end <= fills[1].end ? fills[0] : fills[1];
  const Cycles begin = std::max(at, slot.end);
  slot.line = line;
  if (place == place_flash) {
    const unsigned beats_per_word = flash_.read_bits / 64;
    Cycles word_done = std::max(begin + timing_.flash_overhead,
                                flash_free_ == 0 ? Cycles{0} : flash_free_ + timing_.flash_gap) +
                       flash_word_time();
    Cycles last = 0;
    unsigned word = critical / beats_per_word;
    std::array<Cycles, 4> words{};
    words[word] = word_done;
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned beat = (critical + i) & 3;
      word = beat / beats_per_word;
      if (words[word] == 0) words[word] = word_done += flash_word_time();
      last = slot.beats[beat] = std::max(words[word], last == 0 ? 0 : last + bus_ratio_);
    }
    flash_free_ = word_done;
  } else {
    const Cycles ready = begin + timing_.ram_overhead;
    Cycles beat_done = std::max(ready, ram_free_);
    if (ram_free_ == write_back_end_ && write_back_end_ > ready)
      write_back_wait_ = write_back_end_ - std::max(ready, write_back_begin_);
    for (unsigned i = 0; i < 4; ++i)
      slot.beats[(critical + i) & 3] = beat_done += timing_.ram_beat * bus_ratio_;
    ram_free_ = beat_done;
  }
  slot.end = *std::ranges::max_element(slot.beats);
  return slot;
}

Cycles MemoryM7::read_uncached(Place place, Address address, Cycles at) {
  Cycles done = at;
  if (place == place_device) {
    done += timing_.device_access * bus_ratio_;
  } else if (place == place_flash) {
    const Address word = address & ~(flash_.read_bits / 8 - 1);
    done = at + timing_.flash_overhead + bus_ratio_;
    if (word != flash_buffer_) {
      done = std::max(at + timing_.flash_overhead, flash_free_) + flash_word_time();
      flash_free_ = done;
      flash_buffer_ = word;
    }
  } else {
    done = std::max(at + timing_.ram_overhead, ram_free_) + timing_.ram_beat * bus_ratio_;
    ram_free_ = done;
  }
  return done - at;
}

Cycles MemoryM7::read_cached(Level1Cache& cache, Fills& fills, Cycles& fills_end, Place place,
                             Address address, Cycles at) {
  const std::uint32_t line = address >> kLineBits;
  ++cache.counters.accesses;
  if (cache.holds(line)) {
    if (cache.watch() != nullptr) cache.note_use(address);
    return at < fills_end ? beat_of(fills, line, address, at) : 0;
  }
  const bool evicts = miss(cache, address, false);
  const unsigned critical = address >> 3 & 3;
  const Fill& started = fill(fills, place, line, critical, at);
  if (evicts) write_back(started.end);
  fills_end = std::max(fills_end, started.end);
  return started.beats[critical] - at;
}

/// Takes in a line that is absent; answers whether a dirty one had to leave.
bool MemoryM7::miss(Level1Cache& cache, Address address, bool dirty) {
  const std::uint32_t line = address >> kLineBits;
  ++cache.counters.misses;
  CacheWatch* const watch = cache.watch();
  if (watch == nullptr) return cache.insert(line, dirty);
  if (&cache == &instructions_) {
    watch->missed_fetch(address, cache.set_of(line));
  } else {
    watch->missed_data(address, cache.set_of(line));
  }
  const bool evicts = cache.insert(line, dirty);
  cache.note_use(address);
  return evicts;
}

// The line that had to leave is written behind the fill that took its place; the memory has one port.
void MemoryM7::write_back(Cycles at) {
  write_back_begin_ = std::max(ram_free_, at);
  write_back_end_ = ram_free_ = write_back_begin_ + 4 * timing_.ram_beat * bus_ratio_;
}

Cycles MemoryM7::fetch_from(Address word, Cycles at) {
  fetched_line_ = ~0u;
  const std::uint8_t page = page_of(word);
  if (page == kTightlyCoupled) return 0;
  fetch_cause_ = place(page) == place_ram ? StallCause::bus : StallCause::flash_fetch;
  if (place(page) == place_art) return art_->fetch(word - art_base_, at);
  if (!instruction_cache_on_ || rule(page) <= Cacheability::uncached)
    return read_uncached(place(page), word, at);
  fetch_cause_ = StallCause::icache_miss;
  fetched_line_ = word >> kLineBits;
  if (!instructions_.holds(fetched_line_)) ++contents_;
  return read_cached(instructions_, instruction_fills_, instruction_fills_end_, place(page), word, at);
}

bool MemoryM7::holds(std::uint32_t line) {
  return instruction_cache_on_ && rule(page_of(line << kLineBits)) > Cacheability::uncached &&
         instructions_.holds(line);
}

Cycles MemoryM7::load_from(std::uint8_t page, Address address, Cycles at) {
  write_back_wait_ = 0;
  if (place(page) == place_art) {
    load_cause_ = StallCause::flash_data;
    return art_->data(address - art_base_, at);
  }
  if (!data_cache_on_ || rule(page) <= Cacheability::uncached) {
    load_cause_ = place(page) == place_flash ? StallCause::flash_data : StallCause::bus;
    return read_uncached(place(page), address, at);
  }
  load_cause_ = StallCause::dcache_miss;
  return read_cached(data_, data_fills_, data_fills_end_, place(page), address, at);
}

std::vector<CacheUse> MemoryM7::caches() const {
  std::vector<CacheUse> caches = {{"l1i", instructions_.counters}, {"l1d", data_.counters}};
  if (art_) {
    caches.push_back({"flash_i", art_->instruction_lines()});
    caches.push_back({"flash_d", art_->data_lines()});
  }
  return caches;
}

std::vector<CacheWatch*> MemoryM7::watch_caches(const CacheWatch::OwnerOf& owner_of,
                                                const CacheWatch::Accessing& accessing) {
  std::vector<CacheWatch*> watches = {instructions_.watch(owner_of, accessing),
                                      data_.watch(owner_of, accessing)};
  if (art_) watches.resize(4);
  data_cache_at_once_ = data_cache_on_ && data_.watch() == nullptr;
  return watches;
}

Cycles MemoryM7::drain_to(std::uint8_t page, Address address, Cycles begin, Cycles cost) {
  const std::uint32_t line = address >> kLineBits;
  const bool cached = data_cache_on_ && rule(page) >= Cacheability::write_through;
  const bool allocates = cached && rule(page) == Cacheability::write_back;
  const bool held = allocates && data_.holds(line);
  if (cached) ++data_.counters.accesses;
  if (cached && data_.watch() != nullptr && held == allocates) data_.note_use(address);
  if (!allocates) {
    // Straight to the bus, one after the other.
    return begin + (place(page) == place_device ? timing_.device_access : timing_.ram_beat) * bus_ratio_;
  }
  if (held) {
    data_.mark_dirty(line);
    return begin + cost;
  }
  const bool evicts = miss(data_, address, true);
  const Cycles end = fill(data_fills_, place(page), line, address >> 3 & 3, begin).end;
  if (evicts) write_back(end);
  data_fills_end_ = std::max(data_fills_end_, end);
  return end;
}

}  // namespace mcusim::emulator
