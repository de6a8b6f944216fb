#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/engine.h"
#include "emulator/image/image.h"

namespace mcusim::emulator {

/// How one frame of a call chain was found.
enum class FrameOrigin : std::uint8_t {
  stop,       ///< Where the core stands.
  table,      ///< By the compiler's call frame table.
  exception,  ///< What an exception interrupted, from the frame that the core stacked, or as it remembers.
  guess,  ///< By LR, the back chain, or a word of the stack that points behind a call: code without a table.
};

struct CallFrame {
  Address pc = 0;  ///< Of the instruction that executes, or of the one after the call.
  std::uint32_t sp = 0;
  FrameOrigin origin = FrameOrigin::stop;
  /// Of the instruction, or of the call; inlined calls included.
  std::optional<SourceLocation> source;
};

/// No chain is longer: deep recursion is cut.
inline constexpr std::size_t kMostCallFrames = 64;

/// Who called whom, from where `registers` stand outwards to the reset handler or a thread's first function.
/// Exceptions are followed to what they interrupted, on either stack, with basic and extended frames (DDI
/// 0403E B1.5.6 to B1.5.8), on Power by `interrupted`, Engine::interrupted_code().
///
/// Memory is read by Bus::fetch() only, so devices see nothing. The chain ends where nothing plausible is
/// found, where the stack pointer would not move on, and at kMostCallFrames.
///
/// `fault_pc` is the instruction that faulted, if the core knows it: where a stack overflowed, the frame that
/// would tell could not be stacked.
std::vector<CallFrame> call_chain(const Registers& registers, const Bus& bus, const Image& image,
                                  std::optional<Address> fault_pc = {},
                                  const std::vector<Registers>& interrupted = {});

}  // namespace mcusim::emulator
