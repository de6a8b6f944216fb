#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// Which lines an L1 cache holds, and which of them are dirty; no data. Replacement is pseudo-random, from a
/// linear feedback shift register: the same run gives the same sequence.
class Level1Cache {
 public:
  explicit Level1Cache(const mcu_models::CacheModel& model)
      : ways_(model.ways),
        set_mask_(static_cast<std::uint32_t>(model.size / (model.line * model.ways)) - 1),
        tags_(std::size_t{ways_} * (set_mask_ + 1), kEmpty),
        dirty_(tags_.size()),
        random_(static_cast<std::uint16_t>(model.seed)) {}

  /// The place of a line (address / line size), or kAbsent.
  std::uint32_t find(std::uint32_t line) const {
    const std::uint32_t first = (line & set_mask_) * ways_;
    for (std::uint32_t place = first; place < first + ways_; ++place)
      if (tags_[place] == line) return place;
    return kAbsent;
  }
  void mark_dirty(std::uint32_t place) { dirty_[place] = 1; }

  /// Makes room for a line that is absent and takes it in. Answers whether a dirty line had to leave.
  bool insert(std::uint32_t line, bool dirty) {
    const std::uint32_t first = (line & set_mask_) * ways_;
    std::uint32_t place = first;
    while (place < first + ways_ && tags_[place] != kEmpty) ++place;
    if (place == first + ways_) place = first + draw() % ways_;
    const bool writes_back = tags_[place] != kEmpty && dirty_[place] != 0;
    tags_[place] = line;
    dirty_[place] = dirty ? 1 : 0;
    counters.writebacks += writes_back ? 1 : 0;
    return writes_back;
  }

  /// Forgets all lines.
  void clear() {
    std::ranges::fill(tags_, kEmpty);
    clean();
  }
  void clean() { std::ranges::fill(dirty_, std::uint8_t{0}); }

  static constexpr std::uint32_t kAbsent = ~0u;
  CacheCounters counters;

 private:
  static constexpr std::uint32_t kEmpty = ~0u;

  std::uint32_t draw() {
    random_ = static_cast<std::uint16_t>(random_ >> 1 ^ ((random_ & 1) != 0 ? 0xb400u : 0u));
    return random_;
  }

  std::uint32_t ways_, set_mask_;
  std::vector<std::uint32_t> tags_;
  std::vector<std::uint8_t> dirty_;
  std::uint16_t random_;
};

}  // namespace mcusim::emulator
