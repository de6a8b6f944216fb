#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "common/units.h"

namespace mcusim::emulator::cortex_m::testing {

/// Everything that two cores are compared in.
struct CoreState {
  std::array<std::uint32_t, 15> r{};
  std::uint32_t flags = 0;  ///< APSR: NZCV, Q, GE.
  std::array<std::uint32_t, 32> s{};
  std::uint32_t fpscr = 0;
};

/// Unicorn as the core `name`, with a code region and a sandbox of data.
class UnicornCore {
 public:
  UnicornCore(const std::string& name, Address code, Bytes code_size, Address data, Bytes data_size);
  ~UnicornCore();

  void write_memory(Address address, const void* bytes, Bytes size);
  void read_memory(Address address, void* bytes, Bytes size) const;
  void set_state(const CoreState& state, bool with_fp);
  CoreState state(bool with_fp) const;
  void set_register(unsigned index, std::uint32_t value);
  /// Executes from `begin` until `end` is reached. An empty answer: done; otherwise Unicorn's error.
  std::string run(Address begin, Address end);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace mcusim::emulator::cortex_m::testing
