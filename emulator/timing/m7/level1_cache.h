#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "common/units.h"
#include "emulator/timing/cache_counters.h"
#include "emulator/timing/cache_watch.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {

/// Which lines an L1 cache holds, and which of them are dirty; no data. Replacement is pseudo-random, from a
/// linear feedback shift register: the same run gives the same sequence.
class Level1Cache {
 public:
  explicit Level1Cache(const mcu_models::CacheModel& model)
      : ways_(std::min<std::uint32_t>(model.ways, kMostWays)),
        line_bytes_(model.line),
        set_mask_(static_cast<std::uint32_t>(model.size / (model.line * ways_)) - 1),
        tags_(set_mask_ + 1, Tags{} + kEmpty),
        dirty_(tags_.size()),
        random_(static_cast<std::uint16_t>(model.seed)) {}

  bool holds(std::uint32_t line) const {
    const auto found = tags_[line & set_mask_] == line;
    return ((found[0] | found[1]) | (found[2] | found[3])) != 0;
  }
  /// Of a line (address / line size) that it holds.
  void mark_dirty(std::uint32_t line) {
    const Tags& tags = tags_[line & set_mask_];
    for (unsigned way = 0; way < ways_; ++way)
      if (tags[way] == line) dirty_[line & set_mask_][way] = true;
  }

  /// Makes room for a line that is absent and takes it in. Answers whether a dirty line had to leave.
  bool insert(std::uint32_t line, bool dirty) {
    Tags& tags = tags_[line & set_mask_];
    auto& marks = dirty_[line & set_mask_];
    unsigned way = 0;
    while (way < ways_ && tags[way] != kEmpty) ++way;
    if (way == ways_) way = draw() % ways_;
    const std::uint32_t old = tags[way];
    const bool writes_back = old != kEmpty && marks[way];
    tags[way] = line;
    marks[way] = dirty;
    counters.writebacks += writes_back ? 1 : 0;
    if (watch_ != nullptr) [[unlikely]]
      watch_->filled(line * line_bytes_, set_of(line),
                     old == kEmpty ? std::nullopt : std::optional<Address>(old * line_bytes_), writes_back);
    return writes_back;
  }

  CacheWatch* watch(const CacheWatch::OwnerOf& owner_of, const CacheWatch::Accessing& accessing) {
    watch_ = CacheWatch::make(CacheWatch::Shape{set_mask_ + 1, ways_, line_bytes_}, owner_of, accessing);
    return watch_.get();
  }
  /// Null: nobody looks on.
  CacheWatch* watch() const { return watch_.get(); }
  void note_use(Address address, std::uint32_t times = 1) {
    watch_->used(address, set_of(address / line_bytes_), times);
  }
  std::uint32_t set_of(std::uint32_t line) const { return line & set_mask_; }

  /// Forgets all lines.
  void clear() {
    std::ranges::fill(tags_, Tags{} + kEmpty);
    clean();
    if (watch_ != nullptr) watch_->invalidated();
  }
  void clean() { std::ranges::fill(dirty_, std::array<bool, kMostWays>{}); }

  CacheCounters counters;

 private:
  static constexpr std::uint32_t kEmpty = ~0u;
  static constexpr std::uint32_t kMostWays = 4;
  /// Of a set: the host compares all of them at once.
  using Tags [[gnu::vector_size(16)]] = std::uint32_t;

  std::uint32_t draw() {
    random_ = static_cast<std::uint16_t>(random_ >> 1 ^ ((random_ & 1) != 0 ? 0xb400u : 0u));
    return random_;
  }

  std::uint32_t ways_, line_bytes_, set_mask_;
  std::vector<Tags> tags_;  ///< By set.
  std::vector<std::array<bool, kMostWays>> dirty_;
  std::uint16_t random_;
  std::unique_ptr<CacheWatch> watch_;
};

}  // namespace mcusim::emulator
