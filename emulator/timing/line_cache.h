#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// Which lines of one memory a cache holds; no data. Lines are numbered from the memory's start.
class LineCache {
 public:
  /// `lines`: of the memory that it caches.
  LineCache(const mcu_models::CacheModel& model, std::uint32_t lines)
      : ways_(model.ways),
        sets_(static_cast<std::uint32_t>(model.size / (model.line * model.ways))),
        random_replacement_(model.replacement == mcu_models::Replacement::random),
        way_of_(lines, kAbsent),
        entries_(std::size_t{ways_} * sets_),
        random_(static_cast<std::uint16_t>(model.seed)) {}

  bool holds(std::uint32_t line) const { return line < way_of_.size() && way_of_[line] != kAbsent; }

  /// Marks a line that is held as used.
  void touch(std::uint32_t line) { entry(line, way_of_[line]).used = ++time_; }

  void insert(std::uint32_t line) {
    if (line >= way_of_.size() || holds(line)) return;
    const std::uint16_t way = victim(line);
    Entry& place = entry(line, way);
    if (place.valid) way_of_[place.line] = kAbsent;
    place = {line, true, ++time_};
    way_of_[line] = way;
  }

  void clear() {
    std::ranges::fill(way_of_, kAbsent);
    std::ranges::fill(entries_, Entry{});
  }

 private:
  struct Entry {
    std::uint32_t line = 0;
    bool valid = false;
    std::uint64_t used = 0;
  };
  static constexpr std::uint16_t kAbsent = 0xffff;

  Entry& entry(std::uint32_t line, std::uint16_t way) {
    return entries_[std::size_t{line % sets_} * ways_ + way];
  }

  std::uint16_t victim(std::uint32_t line) {
    std::uint16_t oldest = 0;
    for (std::uint16_t way = 0; way < ways_; ++way) {
      if (!entry(line, way).valid) return way;
      if (entry(line, way).used < entry(line, oldest).used) oldest = way;
    }
    if (!random_replacement_) return oldest;
    // A linear feedback shift register, as hardware has it: the same run gives the same sequence.
    random_ = static_cast<std::uint16_t>(random_ >> 1 ^ ((random_ & 1) != 0 ? 0xb400u : 0u));
    return static_cast<std::uint16_t>(random_ % ways_);
  }

  std::uint32_t ways_, sets_;
  bool random_replacement_;
  std::vector<std::uint16_t> way_of_;  ///< By line.
  std::vector<Entry> entries_;
  std::uint64_t time_ = 0;
  std::uint16_t random_;
};

}  // namespace mcusim::emulator
