#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/units.h"
#include "emulator/timing/miss_classes.h"

namespace mcusim::emulator {

/// Looks on while a cache works: who misses what, and why. The cache tells each access, and behind a miss
/// what it fills; nobody pays for a watch that is not there.
///
/// For the classes it knows when each line was used last, of lines in the cache and of those that left it
/// lately, so a miss finds out how many others were used since.
class CacheWatch {
 public:
  struct Shape {
    std::uint32_t sets = 1, ways = 1, line_bytes = 32;  ///< Lines of 16 bytes to 4 KiB, a power of two.
  };
  /// A number for what lies at an address: a symbol, a section, a memory.
  using OwnerOf = std::function<std::uint32_t(Address)>;
  /// Where the instruction is that accesses data now; 0: there is none, but an exception.
  using Accessing = std::function<Address()>;

  /// Null without `owner_of`.
  static std::unique_ptr<CacheWatch> make(const Shape& shape, const OwnerOf& owner_of,
                                          const Accessing& accessing);
  CacheWatch(const Shape& shape, OwnerOf owner_of, Accessing accessing);

  // --- What the cache tells ---
  /// Accesses to one line, the first at `address`. A miss is told before.
  void used(Address address, std::uint32_t set, std::uint32_t times = 1);
  void missed_fetch(Address address, std::uint32_t set) { missed(address, set, address); }
  void missed_data(Address address, std::uint32_t set) { missed(address, set, accessing_()); }
  /// The line at `address` is taken in, for the instruction that missed last. `evicted`: address of the line
  /// that had to leave.
  void filled(Address address, std::uint32_t set, std::optional<Address> evicted, bool written_back);
  void invalidated();
  /// Firmware chose so many ways; the cache is empty.
  void organised(std::uint32_t sets, std::uint32_t ways);
  void reset();

  // --- What it found ---
  /// Of a set, or of one of its ways.
  struct PlaceCounts {
    std::uint64_t accesses = 0, misses = 0, fills = 0;
  };
  struct Counts {
    std::uint64_t accesses = 0;
    MissClasses misses;
    std::uint64_t writebacks = 0;
  };
  /// Conflict misses of one owner that would not be, had another owner not taken the line's place.
  struct Conflict {
    std::uint64_t misses = 0;
    std::vector<bool> sets;  ///< In which of them.
  };
  using Owners = std::pair<std::uint32_t, std::uint32_t>;  ///< Whose line it was; who took its place.
  struct Findings {
    /// By set; by set and way, the ways of a set side by side. Of no way are accesses that pass the cache by,
    /// and misses whose line it did not take in.
    std::vector<PlaceCounts> sets, ways;
    std::map<std::uint32_t, Counts> by_owner;  ///< Of what is accessed.
    std::map<Address, Counts> by_code;  ///< Address of the code that misses; 0: exceptions. Without accesses.
    std::map<Owners, Conflict> conflicts;

    /// Of sets and ways, where they are others than before, only the later ones stay.
    Findings& operator+=(const Findings& later);
  };
  /// Since reset or clear().
  Findings findings() const;
  /// What findings() answers begins here; what the cache holds stays known.
  void clear();

  const Shape& shape() const { return shape_; }
  /// Since reset.
  const MissClasses& misses() const { return misses_; }
  const std::vector<PlaceCounts>& sets() const { return sets_; }
  const std::vector<PlaceCounts>& ways() const { return ways_; }
  /// False: so much memory was touched that classes and owners are not known.
  bool complete() const { return !overflown_; }

 private:
  static constexpr Address kBlock = 4096, kWord = 4;
  /// 16 MiB of touched memory, 60 MB here.
  static constexpr std::size_t kMostBlocks = 4096;
  static constexpr std::size_t kMostConflicts = 65'536;
  static constexpr Address kNobody = ~0u;

  struct Line {
    std::uint32_t slot = 0;      ///< Set and way, as ways_ has them; that behind the last: not in the cache.
    std::uint32_t era = 0;       ///< In which it was filled.
    std::uint64_t left = 0;      ///< When it was used last, once it has left.
    Address taken_by = kNobody;  ///< What was filled in its place.
  };
  struct Block {
    std::array<std::uint64_t, kBlock / kWord> accesses{};
    std::vector<Line> lines;
  };

  Block& block_of(Address address) {
    const auto& row = blocks_[address >> 22];
    if (row != nullptr) {
      Block* const block = (*row)[address >> 12 & 1023].get();
      if (block != nullptr) return *block;
    }
    return new_block(address);
  }
  Line& line_of(Address address) { return block_of(address).lines[address % kBlock / shape_.line_bytes]; }
  Block& new_block(Address address);
  void missed(Address address, std::uint32_t set, Address code);
  bool is_conflict(const Line& line) const;
  void leave(Line& line, Address taken_by);
  void count_places_anew();
  template <typename Visit>
  void for_each_block(Visit&& visit) const;

  Shape shape_;
  const OwnerOf owner_of_;
  const Accessing accessing_;
  std::array<std::unique_ptr<std::array<std::unique_ptr<Block>, 1024>>, 1024> blocks_;
  std::size_t block_count_ = 0;
  Block overflow_;
  bool overflown_ = false;

  std::uint64_t time_ = 0;               ///< Counts uses.
  std::vector<std::uint64_t> last_use_;  ///< By slot; one more behind, for lines that are not in the cache.
  std::vector<bool> taken_;              ///< By slot.
  std::vector<std::uint64_t> left_;      ///< Last uses of lines that left, at least the latest.
  std::uint32_t era_ = 1;                ///< Grows when the cache is invalidated.
  bool filled_ = false;                  ///< In this era.
  MissClasses misses_;
  std::vector<PlaceCounts> sets_, ways_;                ///< Since reset.
  std::vector<PlaceCounts> sets_before_, ways_before_;  ///< Up to clear().
  Findings found_;                                      ///< Without sets, ways and accesses.
  Address code_ = 0;                                    ///< That missed last.
  bool has_missed_ = false;                             ///< What is used next.
};

/// What an engine is, too, when its caches can be watched.
class WatchedCaches {
 public:
  virtual ~WatchedCaches() = default;
  /// From now on something looks on how the caches work, which costs time; without `owner_of` nobody does any
  /// more. Between two runs.
  virtual void watch_caches(const CacheWatch::OwnerOf& owner_of) = 0;
  /// One for each of Engine::caches(), which lives until watch_caches() is called again; null where that
  /// cache cannot be watched. Empty: none is.
  const std::vector<CacheWatch*>& watches() const { return watches_; }

 protected:
  std::vector<CacheWatch*> watches_;
};

}  // namespace mcusim::emulator
