#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/timing/stall_cause.h"

namespace mcusim::emulator {

/// What a pipeline made of an instruction before, so that it need not work it out again: a pipeline's state,
/// with every time counted from now, is a number; from a state, an instruction at an address always takes the
/// same cycles and leads to the same state, as long as no memory makes it wait.
///
/// `State` is trivially copyable without padding.
template <typename State>
class PipelineMemo {
 public:
  static_assert(std::has_unique_object_representations_v<State>);
  static constexpr std::uint32_t kUnknown = 0;

  /// From a state through one instruction.
  struct Step {
    std::uint64_t key = 0;
    std::uint64_t uses = 0;
    std::uint32_t next = kUnknown;
    std::uint8_t cycles = 0;
    std::uint8_t lines = 0;                  ///< How many flash lines are entered, in the order below.
    std::array<std::uint32_t, 2> line{};     ///< All of them held.
    std::array<std::uint8_t, 6> cause{};     ///< On what the cycles were spent ..
    std::array<std::uint8_t, 6> of_cause{};  ///< .. and how many.
  };

  static std::uint64_t key(std::uint32_t state, std::uint32_t pc, bool redirected) {
    return std::uint64_t{state} << 32 | pc | (redirected ? 1u : 0u);
  }
  /// The step of that key, or nullptr. Where it lies depends on the address alone, so that the host need not
  /// know the state before it can look ahead.
  Step* find(std::uint64_t key) {
    Step* const set = &steps_[set_of(key)];
    if (set->key == key) [[likely]]
      return set;
    for (std::size_t way = 1; way < kWays; ++way)
      if (set[way].key == key) return &set[way];
    return nullptr;
  }
  const State& state(std::uint32_t number) const { return states_[number - first_]; }

  /// A number for `state`; the same until forget().
  std::uint32_t number_of(const State& state) {
    if (states_.size() >= kMostStates) forget();
    const auto [entry, is_new] =
        numbers_.try_emplace(state, first_ + static_cast<std::uint32_t>(states_.size()));
    if (is_new) states_.push_back(state);
    return entry->second;
  }

  /// Where a state goes when its data access adds `cycles` and goes to memory `region`.
  std::uint32_t& after_access(std::uint32_t state, std::uint8_t region, std::uint8_t cycles) {
    const std::uint64_t key = std::uint64_t{state} << 16 | region << 8 | cycles;
    AccessStep& found = access_steps_[(key * 0x9e3779b97f4a7c15u) >> (64 - kAccessBits)];
    if (found.key != key) found = {key, kUnknown};
    return found.next;
  }

  /// Takes the place of the one with the same key, or of the oldest at its address; the cycles of that one
  /// are added to `spent`.
  void record(const Step& step, StallCycles& spent) {
    Step* const set = &steps_[set_of(step.key)];
    Step* place = find(step.key);
    if (place == nullptr) place = &set[kWays - 1];
    book(*place, spent);
    forgotten_uses_ += place->uses;
    std::move_backward(set, place, place + 1);
    *set = step;
  }
  std::uint64_t uses() const {
    std::uint64_t uses = forgotten_uses_;
    for (const Step& step : steps_) uses += step.uses;
    return uses;
  }
  /// Adds what the remembered steps took.
  void add_to(StallCycles& stalls) const {
    for (const Step& step : steps_) book(step, stalls);
  }
  /// Instructions are about to mean something else: all numbers are new ones from here.
  void forget() {
    first_ += static_cast<std::uint32_t>(states_.size());
    states_.clear();
    numbers_.clear();
  }
  void reset() {
    forget();
    std::ranges::fill(steps_, Step{});
    std::ranges::fill(access_steps_, AccessStep{});
  }

 private:
  struct AccessStep {
    std::uint64_t key = 0;
    std::uint32_t next = kUnknown;
  };
  struct Hash {
    std::size_t operator()(const State& state) const {
      return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&state), sizeof state});
    }
  };
  struct Equal {
    bool operator()(const State& a, const State& b) const { return std::memcmp(&a, &b, sizeof a) == 0; }
  };
  static constexpr std::size_t kSets = 4096, kWays = 4;
  static constexpr unsigned kAccessBits = 11;
  static constexpr std::size_t kMostStates = std::size_t{1} << 16;

  static std::size_t set_of(std::uint64_t key) {
    const auto address = static_cast<std::uint32_t>(key) >> 1;
    return (address ^ address >> 12) % kSets * kWays;
  }
  static void book(const Step& step, StallCycles& stalls) {
    if (step.uses == 0) return;
    for (std::size_t i = 0; i < step.cause.size(); ++i)
      stalls.by_cause[step.cause[i]] += step.uses * step.of_cause[i];
  }

  std::vector<Step> steps_ = std::vector<Step>(kSets * kWays);
  std::vector<AccessStep> access_steps_ = std::vector<AccessStep>(std::size_t{1} << kAccessBits);
  std::vector<State> states_;
  std::unordered_map<State, std::uint32_t, Hash, Equal> numbers_;
  std::uint32_t first_ = 1;
  std::uint64_t forgotten_uses_ = 0;
};

}  // namespace mcusim::emulator
