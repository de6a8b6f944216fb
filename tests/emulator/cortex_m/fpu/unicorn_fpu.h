#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace mcusim::emulator::fpu::testing {

enum class Core { cortex_m4, cortex_m7 };

/// One execution of an instruction: registers before it, in the layout the guest loop reads.
struct Input {
  std::uint32_t fpscr = 0;
  std::uint32_t unused = 0;
  std::uint64_t a = 0;  ///< d0
  std::uint64_t b = 0;  ///< d1
  std::uint64_t c = 0;  ///< d2, the destination
};

struct Output {
  std::uint64_t result = 0;  ///< d2
  std::uint32_t fpscr = 0;
  std::uint32_t unused = 0;
};

/// Runs one floating-point instruction on many operands in Unicorn: one guest loop over an array, because
/// starting the engine costs more than a hundred instructions.
class UnicornFpu {
 public:
  explicit UnicornFpu(Core core);
  ~UnicornFpu();

  /// `encoding`: a 32-bit Thumb instruction, first halfword in the upper half, that reads d0, d1, d2 (or the
  /// single registers s0, s2, s4 in them) and writes d2. Throws std::runtime_error when the core rejects it.
  std::vector<Output> run(std::uint32_t encoding, std::span<const Input> inputs);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mcusim::emulator::fpu::testing
