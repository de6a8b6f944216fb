#include "emulator/timing/cached_flash.h"

#include <fmt/format.h>

#include <bit>

#include "common/error.h"

namespace mcusim::emulator {

CachedFlash::CachedFlash(const mcu_models::McuModel& mcu, ReadRegister read_register)
    : timing_(*mcu.flash_timing), read_register_(std::move(read_register)) {
  const auto found = mcu.caches.find("ICACHE");
  const unsigned line = timing_.read_bits / 8;
  if (found == mcu.caches.end() || found->second.line != line || line != 1u << kLineShift ||
      found->second.ways > 2 || !std::has_single_bit(found->second.size)) {
    throw InputError(
        fmt::format("{}: full timing of {} needs caches.ICACHE with lines of one 128-bit flash read in at "
                    "most two ways, use --timing table",
                    mcu.name, mcu.core.name));
  }
  const mcu_models::CacheModel& cache = found->second;
  enable_ = cache.enable;
  ways_select_ = cache.ways_select;
  invalidate_ = cache.invalidate;
  lines_ = static_cast<unsigned>(cache.size / cache.line);
  organise(cache.ways);
}

void CachedFlash::organise(unsigned ways) {
  ways_ = ways;
  set_mask_ = lines_ / ways - 1;
  tags_.assign(lines_, kNoLine);
  ++contents_;
  if (watch_ != nullptr) watch_->organised(set_mask_ + 1, ways_);
}

CacheWatch* CachedFlash::watch(const CacheWatch::OwnerOf& owner_of,
                               const CacheWatch::Accessing& accessing) {
  watch_ =
      CacheWatch::make(CacheWatch::Shape{set_mask_ + 1, ways_, 1u << kLineShift}, owner_of, accessing);
  return watch_.get();
}

void CachedFlash::refresh() {
  const auto bits = [this](const mcu_models::RegisterBits& field) {
    const std::uint32_t value = read_register_(field.address) >> field.shift;
    return field.width >= 32 ? value : value & ((1u << field.width) - 1);
  };
  wait_states_ = bits(timing_.latency);
  prefetch_ = timing_.prefetch && bits(*timing_.prefetch) != 0;
  const bool was_enabled = enabled_;
  enabled_ = !enable_ || bits(*enable_) != 0;
  const unsigned ways = ways_select_ ? (bits(*ways_select_) != 0 ? 2 : 1) : ways_;
  const bool invalidated = invalidate_ && bits(*invalidate_) != 0;
  if (ways != ways_ || invalidated || enabled_ != was_enabled) organise(ways);
}

void CachedFlash::reset() {
  enabled_ = false;
  organise(ways_);
  buffered_ = ahead_ = kNoLine;
  port_free_ = 0;
  counters_ = {};
  if (watch_ != nullptr) watch_->reset();
  refresh();
}

Cycles CachedFlash::miss(Address address, Cycles at, bool is_fetch) {
  const Line line = address >> kLineShift;
  if (!enabled_ && line == buffered_) return 0;
  ++counters_.misses;
  const Cycles read = 1 + wait_states_;
  // First cycle in which the flash has it; without a wait that would be the access itself.
  Cycles delivered;
  if (line == ahead_) {
    delivered = std::max(at + 1, ahead_end_);
  } else {
    delivered = std::max(at, port_free_) + read;
    port_free_ = delivered;
  }
  buffered_ = line;
  if (prefetch_) {
    ahead_ = line + 1;
    ahead_end_ = std::max(delivered, port_free_) + read;
    port_free_ = ahead_end_;
  }
  if (!enabled_) return delivered - (at + 1);
  Line* const set = &tags_[(line & set_mask_) * ways_];
  const Line evicted = set[ways_ - 1];
  if (ways_ > 1) set[1] = set[0];
  set[0] = line;
  if (watch_ != nullptr) {
    const std::uint32_t number = line & set_mask_;
    if (is_fetch) {
      watch_->missed_fetch(address, number);
    } else {
      watch_->missed_data(address, number);
    }
    watch_->filled(address, number, evicted == kNoLine ? std::nullopt : std::optional(evicted << kLineShift),
                   false);
    watch_->used(address, number);
  }
  ++contents_;
  return delivered - (at + 1) + timing_.refill_overhead;
}

}  // namespace mcusim::emulator
