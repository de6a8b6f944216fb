#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "emulator/timing/cache_watch.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// The ICACHE of STM32U5, U3, L5 and H5 on the code bus, and the flash behind it. The cache holds what one
/// read of the flash delivers per line, in one or two ways as the firmware selects; the flash keeps the line
/// that follows the one it has delivered, if its prefetch is on. With the cache off, that and the line read
/// last are all there is.
///
/// Times are core cycles. The functions answer by how many cycles an access is longer than a hit.
class CachedFlash {
 public:
  using ReadRegister = std::function<std::uint32_t(Address)>;
  using Line = std::uint32_t;  ///< Address divided by the bytes of a line.
  static constexpr Line kNoLine = ~0u;
  static constexpr unsigned kLineShift = 4;

  /// `mcu` has its flash_timing. Throws InputError when its caches are not of this kind.
  CachedFlash(const mcu_models::McuModel& mcu, ReadRegister read_register);

  /// Takes wait states and the cache's settings from the registers, and does what they ask for.
  void refresh();
  /// Whether a write to `address` may change them.
  bool controlled_by(Address address) const {
    const Address word = address & ~3u;
    return word == timing_.latency.address || (enable_ && word == enable_->address);
  }
  /// Everything cold, registers as they are.
  void reset();

  /// Whether the line is in the cache; makes it the one used last.
  bool hit(Line line) {
    Line* const set = &tags_[(line & set_mask_) * ways_];
    if (set[0] == line) return true;
    return ways_ > 1 && hit_second(set, line);
  }
  /// Lines that it holds, in the order of their last use; so many of the reads count.
  void hit(std::span<const Line> lines, std::uint64_t accesses) {
    counters_.accesses += accesses;
    for (const Line line : lines) hit(line);
  }
  bool holds(Line line) const {
    const Line* const set = &tags_[(line & set_mask_) * ways_];
    return set[0] == line || (ways_ > 1 && set[1] == line);
  }
  /// Another number whenever a line that holds() was true for may have gone.
  std::uint32_t contents() const { return contents_; }
  Cycles fetch(Line line, Cycles at) { return read(line << kLineShift, at, true); }
  Cycles data(Address address, Cycles at) { return read(address, at, false); }

  const CacheCounters& counters() const { return counters_; }
  CacheWatch* watch(const CacheWatch::OwnerOf& owner_of, const CacheWatch::Accessing& accessing);

 private:
  bool hit_second(Line* set, Line line) {
    if (set[1] != line) return false;
    std::swap(set[0], set[1]);
    return true;
  }
  Cycles read(Address address, Cycles at, bool is_fetch) {
    ++counters_.accesses;
    const Line line = address >> kLineShift;
    if (hit(line)) {
      if (watch_ != nullptr) [[unlikely]]
        watch_->used(address, line & set_mask_);
      return 0;
    }
    return miss(address, at, is_fetch);
  }
  Cycles miss(Address address, Cycles at, bool is_fetch);
  void organise(unsigned ways);

  const mcu_models::FlashTiming timing_;
  std::optional<mcu_models::RegisterBits> enable_, ways_select_, invalidate_;
  unsigned lines_ = 0;  ///< Of the cache.
  ReadRegister read_register_;

  Cycles wait_states_ = 0;
  bool enabled_ = false, prefetch_ = false;
  unsigned ways_ = 1;
  Line set_mask_ = 0;
  std::uint32_t contents_ = 1;
  std::vector<Line> tags_;  ///< By set; the way used last comes first.

  Line buffered_ = kNoLine;  ///< Delivered last; all there is when the cache is off.
  Line ahead_ = kNoLine;     ///< Read, or being read, behind it.
  Cycles ahead_end_ = 0;     ///< First cycle after that read.
  Cycles port_free_ = 0;
  CacheCounters counters_;
  std::unique_ptr<CacheWatch> watch_;
};

}  // namespace mcusim::emulator
