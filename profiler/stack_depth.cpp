#include "profiler/stack_depth.h"

#include <algorithm>

#include "emulator/image/debug_info.h"

namespace mcusim::profiler {
namespace {

/// What a table computes from other registers than SP is far from this.
constexpr std::uint32_t kStackPointer = 0x40000000;
constexpr Bytes kLargestFrame = 1 << 20;

}  // namespace

std::vector<std::optional<Bytes>> own_frames(const std::vector<emulator::InstructionCount>& executed,
                                             const emulator::Image& image, FunctionTable& functions) {
  std::vector<std::optional<Bytes>> frames(functions.size());
  if (image.debug == nullptr) return frames;
  const unsigned sp = image.debug->frames().convention().stack_pointer;
  emulator::FrameRegisters registers{};
  registers[sp] = kStackPointer;
  const auto any_word = [](Address) { return std::optional<std::uint32_t>(0); };
  for (const emulator::InstructionCount& instruction : executed) {
    const auto caller = image.debug->frames().caller(instruction.address, registers, any_word);
    if (!caller) continue;
    const Bytes frame = (*caller)[sp] - kStackPointer;
    if (frame > kLargestFrame) continue;
    const std::uint32_t function = functions.containing(instruction.address);
    if (function >= frames.size()) frames.resize(function + 1);
    frames[function] = std::max(frames[function].value_or(0), frame);
  }
  return frames;
}

std::vector<std::optional<Bytes>> stack_depths(const std::vector<CallNode>& nodes,
                                               const std::vector<std::optional<Bytes>>& own) {
  std::vector<std::optional<Bytes>> depths = own;
  std::vector<Bytes> below(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const CallNode& node = nodes[i];
    if (depths.size() <= node.function) depths.resize(node.function + 1);
    below[i] = std::max(below[i], node.function < own.size() ? own[node.function].value_or(0) : 0);
    if (below[i] != 0) depths[node.function] = std::max(depths[node.function].value_or(0), below[i]);
    if (node.parent != CallNode::kNone)
      below[node.parent] = std::max(below[node.parent], node.entry_depth + below[i]);
  }
  return depths;
}

}  // namespace mcusim::profiler
