#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

namespace mcusim::emulator {

/// Numbers what a pipeline model keeps of the instructions: equal facts share a number, so that the table
/// stays small whatever the code does to itself. `Facts` is trivially copyable and has no padding.
template <typename Facts>
class FactsTable {
 public:
  static_assert(std::has_unique_object_representations_v<Facts>);

  const Facts& operator[](std::uint32_t number) const { return facts_[number]; }

  /// From 1.
  std::uint32_t number_of(const Facts& facts) {
    std::string bytes(sizeof facts, '\0');
    std::memcpy(bytes.data(), &facts, sizeof facts);
    const auto [entry, is_new] = numbers_.try_emplace(std::move(bytes), facts_.size());
    if (is_new) facts_.push_back(facts);
    return entry->second;
  }

 private:
  std::vector<Facts> facts_ = std::vector<Facts>(1);
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace mcusim::emulator
