#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "emulator/image/image.h"

namespace mcusim::bench {

/// Unicorn alone, as a Cortex-M7: the engine that other simulators build on, for comparison.
class UnicornRunner {
 public:
  /// `hooks`: a callback for each block and each data access, as any timing on top of it needs.
  UnicornRunner(const emulator::Image& image, bool hooks);
  ~UnicornRunner();

  /// From reset to the branch to itself at `end`.
  void run(Address end);
  /// The RAM at 0x20000000.
  std::vector<std::uint8_t> ram() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mcusim::bench
