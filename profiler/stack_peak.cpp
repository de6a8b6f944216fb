#include "profiler/stack_peak.h"

#include <cstring>
#include <vector>

namespace mcusim::profiler {

void measure_stack(const emulator::Machine& machine, const emulator::Image& image, MemoryUse& memory) {
  const emulator::Symbol* limit = image.find_symbol("__stack_limit");
  const emulator::Symbol* top = image.find_symbol("__stack_top");
  if (limit == nullptr || top == nullptr || top->address <= limit->address) return;
  const Bytes size = top->address - limit->address;
  if (machine.bus().find_memory(limit->address, size) == nullptr) return;
  std::vector<std::uint8_t> stack(size);
  machine.bus().fetch(limit->address, stack.data(), size);
  Bytes painted = 0;
  while (painted + 4 <= size && std::memcmp(&stack[painted], &kStackPaint, 4) == 0) painted += 4;
  memory.stack_size = size;
  // A stack without any paint left was either never painted or overflowed: its peak is unknown.
  if (painted > 0) memory.stack_peak = size - painted;
}

}  // namespace mcusim::profiler
