#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mcusim::emulator {

/// Lines of a cache in the order of their last use, each once: all that its replacement can tell of them.
class LastUses {
 public:
  void use(std::uint32_t line) {
    if (!lines_.empty() && lines_.back() == line) return;
    std::erase(lines_, line);
    lines_.push_back(line);
  }
  const std::vector<std::uint32_t>& lines() const { return lines_; }
  bool empty() const { return lines_.empty(); }
  std::size_t bytes() const { return lines_.size() * sizeof lines_[0]; }

 private:
  std::vector<std::uint32_t> lines_;
};

}  // namespace mcusim::emulator
