#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator::e200 {

/// What both cores show of themselves in a test.
struct TestState {
  std::array<std::uint32_t, 32> r{};
  std::uint32_t cr = 0, xer = 0, lr = 0, ctr = 0;
};

/// Unicorn's e500v2: a Book E core with scalar floating point on general registers, as a reference for single
/// instructions. Memory: code and data of 4 KiB each.
class BookECore {
 public:
  BookECore(Address code, Address data);
  ~BookECore();

  static constexpr Bytes kDataSize = 4096;
  /// r30 holds XER before and r31 after the instruction. False: the instruction was not executed.
  bool execute(std::uint32_t instruction, TestState& state);
  void write_data(const std::vector<std::uint8_t>& bytes);
  std::vector<std::uint8_t> data() const;

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
  Address code_, data_;
};

}  // namespace mcusim::emulator::e200
