#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "emulator/cortex_m/decoder.h"

namespace mcusim::emulator::cortex_m::testing {

/// An instruction both cores must execute alike: defined, predictable, and not leaving the straight line.
struct Generated {
  std::uint16_t first = 0;
  std::uint16_t second = 0;
  Operation operation;  ///< Decoded for address 0 outside an IT block.
  bool is_memory = false;
  bool has_base = false;    ///< operation.n must point into the sandbox.
  bool has_offset = false;  ///< operation.m must be small.
  bool must_be_aligned = false;
  bool is_fp = false;

  unsigned bytes() const { return operation.slots * 2u; }
};

/// Draws instructions from the rows of the decode tables that a core has.
class InstructionGenerator {
 public:
  InstructionGenerator(Features features, const Decoder& decoder, std::uint32_t seed);
  Generated next();
  std::mt19937& random() { return random_; }

 private:
  std::optional<Generated> attempt();

  const Decoder& decoder_;
  std::vector<const Encoding*> rows_;
  std::mt19937 random_;
};

}  // namespace mcusim::emulator::cortex_m::testing
