#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "common/units.h"
#include "emulator/timing/flash_accelerator.h"
#include "emulator/timing/m7/level1_cache.h"
#include "emulator/timing/stall_cause.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// What memory attributes mean for the caches.
enum class Cacheability : std::uint8_t { device, uncached, write_through, write_back };

/// The default memory map of Armv7-M (DDI 0403E B3.1).
constexpr Cacheability default_cacheability(Address address) {
  switch (address >> 29) {
    case 0:
      return Cacheability::write_through;
    case 1:
    case 3:
      return Cacheability::write_back;
    case 4:
      return Cacheability::write_through;
    default:
      return Cacheability::device;
  }
}

/// What the memories of a Cortex-M7 part take: tightly coupled memories at once, everything else over AXI
/// through the L1 caches when they are on, the store buffer in front. Times are core cycles; `at` is when the
/// access would be done if nothing had to be waited for, answers are the cycles beyond it.
class MemoryM7 {
 public:
  struct Environment {
    std::function<std::uint32_t(Address)> read_register;
    std::function<Cacheability(Address)> cacheability;
  };

  /// Throws InputError when the part lacks the facts that this model needs.
  MemoryM7(const mcu_models::McuModel& mcu, Environment environment);

  void reset();
  /// Carries out cache maintenance. True when a store to `address` may change wait states, clocks, caches or
  /// attributes: refresh() is due behind it.
  bool control(Address address);
  void refresh();

  /// Instructions at an aligned 64-bit word.
  Cycles fetch(Address word, Cycles at) {
    if (word >> kLineBits != fetched_line_ || at < instruction_fills_end_) return fetch_from(word, at);
    ++instructions_.counters.accesses;
    if (instructions_.watch() != nullptr) instructions_.note_use(word);
    return 0;
  }
  /// StallCause of what fetch() answered last.
  StallCause fetch_cause() const { return fetch_cause_; }
  static std::uint32_t line_of(Address address) { return address >> kLineBits; }
  bool is_tightly_coupled(Address address) { return page_of(address) == kTightlyCoupled; }
  bool is_known_to_be_tcm(Address address) const { return pages_[address >> kPageBits] == kTightlyCoupled; }
  /// Whether a fetch from the line finds it in the instruction cache.
  bool holds(std::uint32_t line);
  /// When the last line that is on its way there will be complete.
  Cycles filled() const { return instruction_fills_end_; }
  /// Another number whenever lines that holds() was true for may have gone.
  std::uint32_t contents() const { return contents_; }
  /// Carries out so many fetches from lines that it holds, the last one from `line`.
  void fetched(std::uint32_t line, unsigned count) {
    instructions_.counters.accesses += count;
    fetched_line_ = line;
  }

  Cycles load(Address address, Cycles at) {
    const std::uint8_t page = page_of(address);
    if (page == kTightlyCoupled) return 0;
    return load_from(page, address, at);
  }
  /// Whether load() would answer 0 for sure, which loaded_at_once() then does. Nobody watches that.
  [[gnu::always_inline]] bool loads_at_once(Address address, Cycles at) const {
    const std::uint8_t page = pages_[address >> kPageBits];
    if (page == kTightlyCoupled) return true;
    return data_cache_at_once_ && rule(page) > Cacheability::uncached && at >= data_fills_end_ &&
           data_.holds(address >> kLineBits);
  }
  void loaded_at_once(Address address) {
    data_.counters.accesses += pages_[address >> kPageBits] != kTightlyCoupled ? 1 : 0;
  }
  StallCause load_cause() const { return load_cause_; }
  /// The part of that during which a dirty line was still being written.
  Cycles write_back_wait() const { return write_back_wait_; }
  bool is_device(Address address) { return place(page_of(address)) == place_device; }

  /// Time until the store buffer has a place.
  Cycles store(Address address, unsigned width, Cycles at) {
    Cycles& entry = store_done_[store_next_];
    store_next_ = store_next_ + 1 == core_.store_entries ? 0 : store_next_ + 1;
    const Cycles wait = entry > at ? entry - at : 0;
    const Cycles begin = std::max(at + wait, drained_);
    const Cycles cost = store_cost(address, width);
    last_store_ = address;
    const std::uint8_t page = page_of(address);
    entry = drained_ = page == kTightlyCoupled ? begin + cost : drain_to(page, address, begin, cost);
    return wait;
  }
  /// Whether store() would answer 0 for sure, and nothing else depends on it.
  [[gnu::always_inline]] bool stores_at_once(Address address, Cycles at) const {
    const std::uint8_t page = pages_[address >> kPageBits];
    return page != 0 && place(page) != place_device && store_done_[store_next_] <= at;
  }
  /// Carries out a store, if it is aligned in tightly coupled memory and nothing has to be waited for.
  template <unsigned kWidth>
  [[gnu::always_inline]] bool store_to_tcm_at_once(Address address, Cycles at) {
    Cycles& entry = store_done_[store_next_];
    if (entry > at || !is_known_to_be_tcm(address)) return false;
    store_next_ = store_next_ + 1 == core_.store_entries ? 0 : store_next_ + 1;
    drained_ = std::max(at, drained_) + store_cost(address, kWidth);
    entry = drained_;
    last_store_ = address;
    return true;
  }

  std::vector<CacheUse> caches() const;
  /// In the order of caches(), null where there is no watch; from now on they are told everything.
  std::vector<CacheWatch*> watch_caches(const CacheWatch::OwnerOf& owner_of,
                                        const CacheWatch::Accessing& accessing);
  bool watches_fetches() const { return instructions_.watch() != nullptr; }
  /// Fetches that fetched() carried out, from one line.
  void note_fetches(Address first, std::uint32_t count) { instructions_.note_use(first, count); }

 private:
  /// What a 4 KiB page is: where its bytes are, and its cacheability. 0: to be looked up.
  enum Place : std::uint8_t {
    place_flash = 1,
    place_ram = 2,
    place_device = 3,
    place_tcm = 4,
    place_art = 5,  ///< Flash on the ITCM bus behind an accelerator.
  };
  static constexpr unsigned kPageBits = 12, kLineBits = 5;
  static constexpr std::uint8_t kTightlyCoupled = place_tcm << 2;
  static Place place(std::uint8_t page) { return static_cast<Place>(page >> 2); }
  static Cacheability rule(std::uint8_t page) { return static_cast<Cacheability>(page & 3); }

  struct Fill {
    std::uint32_t line = ~0u;
    std::array<Cycles, 4> beats{};
    Cycles end = 0;
  };
  using Fills = std::array<Fill, 2>;  ///< As many may be outstanding.

  std::uint8_t page_of(Address address) {
    const std::uint8_t page = pages_[address >> kPageBits];
    return page != 0 ? page : look_up(address);
  }
  std::uint8_t look_up(Address address);
  Cycles read_cached(Level1Cache& cache, Fills& fills, Cycles& fills_end, Place place, Address address,
                     Cycles at);
  Cycles fetch_from(Address word, Cycles at);
  Cycles load_from(std::uint8_t page, Address address, Cycles at);
  static Cycles beat_of(const Fills& fills, std::uint32_t line, Address address, Cycles at);
  const Fill& fill(Fills& fills, Place place, std::uint32_t line, unsigned critical, Cycles at);
  bool miss(Level1Cache& cache, Address address, bool dirty);
  void write_back(Cycles at);
  Cycles read_uncached(Place place, Address address, Cycles at);
  Cycles store_cost(Address address, unsigned width) const {
    // Whatever it crosses, an unaligned store takes as long (jnk0le/random, pipeline notes for M7).
    if ((address & (width - 1)) != 0) return core_.store_narrow_same_bank;
    if (width == 4) return core_.store_word;
    return ((last_store_ ^ address) & 4) == 0 ? core_.store_narrow_same_bank : core_.store_narrow;
  }
  /// When an entry of the store buffer has reached a cache or the bus.
  Cycles drain_to(std::uint8_t page, Address address, Cycles begin, Cycles cost);
  Cycles flash_word_time() const { return (wait_states_ + 1) * bus_ratio_; }

  const mcu_models::PipelineM7Parameters core_;
  const mcu_models::FlashTiming flash_;
  const mcu_models::LineFill timing_;
  const std::vector<mcu_models::MemoryRegion> memory_;
  const Environment environment_;

  std::optional<FlashAccelerator> art_;
  Address art_base_ = 0;
  std::vector<std::uint8_t> pages_;
  Cycles wait_states_ = 0, bus_ratio_ = 1;
  bool instruction_cache_on_ = false, data_cache_on_ = false;
  bool data_cache_at_once_ = false;  ///< It is on and not watched.
  Level1Cache instructions_, data_;
  std::uint32_t contents_ = 1;
  std::uint32_t fetched_line_ = ~0u;  ///< The line in the instruction cache that was fetched from last.
  Fills instruction_fills_, data_fills_;
  Cycles instruction_fills_end_ = 0, data_fills_end_ = 0;
  Cycles flash_free_ = 0, ram_free_ = 0;
  Cycles write_back_begin_ = 0, write_back_end_ = 0;
  Cycles write_back_wait_ = 0;
  StallCause fetch_cause_ = StallCause::flash_fetch, load_cause_ = StallCause::bus;
  Address flash_buffer_ = ~0u;  ///< The flash word that was read last without a cache.

  std::array<Cycles, 8> store_done_{};  ///< When each entry of the store buffer is free.
  unsigned store_next_ = 0;
  Cycles drained_ = 0;
  Address last_store_ = ~0u;
};

}  // namespace mcusim::emulator
