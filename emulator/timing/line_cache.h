#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "emulator/timing/cache_watch.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// Which lines of one memory a cache holds; no data. Lines are numbered from the memory's start.
class LineCache {
 public:
  /// `lines`: of the memory that it caches.
  LineCache(const mcu_models::CacheModel& model, std::uint32_t lines)
      : ways_(model.ways),
        line_bytes_(model.line),
        sets_(static_cast<std::uint32_t>(model.size / (model.line * model.ways))),
        random_replacement_(model.replacement == mcu_models::Replacement::random),
        place_of_(lines, kAbsent),
        entries_(std::size_t{ways_} * sets_),
        random_(static_cast<std::uint16_t>(model.seed)) {}

  bool holds(std::uint32_t line) const { return line < place_of_.size() && place_of_[line] != kAbsent; }

  /// Marks a line that is held as used.
  void touch(std::uint32_t line) { entries_[place_of_[line]].used = ++time_; }

  void insert(std::uint32_t line) {
    if (line >= place_of_.size() || holds(line)) return;
    const std::uint32_t place = place_for(line);
    Entry& entry = entries_[place];
    if (entry.valid) place_of_[entry.line] = kAbsent;
    if (watch_ != nullptr) {
      watch_->filled(address_of(line), line % sets_,
                     entry.valid ? std::optional(address_of(entry.line)) : std::nullopt, false);
    }
    entry = {line, true, ++time_};
    place_of_[line] = place;
  }

  void clear() {
    std::ranges::fill(place_of_, kAbsent);
    std::ranges::fill(entries_, Entry{});
    if (watch_ != nullptr) watch_->invalidated();
  }

  /// The memory begins at `base`.
  CacheWatch* watch(Address base, const CacheWatch::OwnerOf& owner_of,
                    const CacheWatch::Accessing& accessing) {
    base_ = base;
    watch_ = CacheWatch::make(CacheWatch::Shape{sets_, ways_, line_bytes_}, owner_of, accessing);
    return watch_.get();
  }
  /// Null: nobody looks on.
  CacheWatch* watch() const { return watch_.get(); }
  void note_use(Address offset) { watch_->used(base_ + offset, set_of(offset)); }
  void note_missed_fetch(std::uint32_t line) { watch_->missed_fetch(address_of(line), line % sets_); }
  void note_missed_data(Address offset) { watch_->missed_data(base_ + offset, set_of(offset)); }

 private:
  struct Entry {
    std::uint32_t line = 0;
    bool valid = false;
    std::uint64_t used = 0;
  };
  static constexpr std::uint32_t kAbsent = ~0u;

  Address address_of(std::uint32_t line) const { return base_ + line * line_bytes_; }
  std::uint32_t set_of(Address offset) const { return offset / line_bytes_ % sets_; }
  /// In entries_, where the ways of a set stand side by side.
  std::uint32_t place_for(std::uint32_t line) {
    const std::uint32_t first = line % sets_ * ways_;
    std::uint32_t oldest = first;
    for (std::uint32_t place = first; place < first + ways_; ++place) {
      if (!entries_[place].valid) return place;
      if (entries_[place].used < entries_[oldest].used) oldest = place;
    }
    if (!random_replacement_) return oldest;
    // A linear feedback shift register, as hardware has it: the same run gives the same sequence.
    random_ = static_cast<std::uint16_t>(random_ >> 1 ^ ((random_ & 1) != 0 ? 0xb400u : 0u));
    return first + random_ % ways_;
  }

  std::uint32_t ways_, line_bytes_, sets_;
  bool random_replacement_;
  std::vector<std::uint32_t> place_of_;  ///< By line.
  std::vector<Entry> entries_;
  std::uint64_t time_ = 0;
  std::uint16_t random_;
  Address base_ = 0;
  std::unique_ptr<CacheWatch> watch_;
};

}  // namespace mcusim::emulator
