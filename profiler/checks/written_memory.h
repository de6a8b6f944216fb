#pragma once

#include <cstdint>
#include <vector>

#include "emulator/bus/bus.h"

namespace mcusim::profiler {

/// Which bytes of a machine's RAM have been written: one bit per byte of the memory itself, so that its
/// aliases agree. What is no RAM counts as written.
class WrittenMemory {
 public:
  /// `bus` must outlive it and have all its memories. Nothing is written yet.
  explicit WrittenMemory(const emulator::Bus& bus);

  void set(Address address, bool written);
  void set_all(Address address, Bytes size);
  bool written(Address address) const;

 private:
  struct Block {
    const std::uint8_t* storage = nullptr;
    std::vector<bool> bytes;
  };
  struct Bit {
    std::size_t block = 0;
    std::size_t byte = 0;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  /// The block is kNone outside RAM.
  Bit find(Address address) const;

  const emulator::Bus& bus_;
  std::vector<Block> blocks_;
  mutable const emulator::Bus::Memory* last_ = nullptr;  ///< Where the last byte was.
  mutable const std::uint8_t* last_storage_ = nullptr;   ///< Aliases may be moved to another memory.
  mutable std::size_t last_block_ = kNone;
};

}  // namespace mcusim::profiler
