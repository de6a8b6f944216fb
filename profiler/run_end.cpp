#include "profiler/run_end.h"

namespace mcusim::profiler {
namespace {

using emulator::Image;
using emulator::Machine;
using emulator::StopReason;

/// Extended exception frame with padding (DDI 0403E B1.5.7).
constexpr std::uint32_t kLargestFrame = 0x6c;

/// The state of the stack at the innermost frame that is no exception handler's.
StackState stack_at_end(const Machine& machine, const Image& image, const Profile& profile,
                        const emulator::Registers& registers) {
  constexpr std::uint32_t kProcessStack = 2, kExceptionNumber = 0x1ff;
  StackState stack;
  stack.sp = registers.r[13];
  bool process = (registers.control & kProcessStack) != 0 && (registers.xpsr & kExceptionNumber) == 0;
  for (const emulator::CallFrame& frame : profile.call_chain) {
    if (profile.stop.fault && frame.origin == emulator::FrameOrigin::exception &&
        frame.pc == profile.stop.fault->pc) {
      // A frame on the process stack is not above the handler's on the main one.
      process = frame.sp > registers.psp && frame.sp - registers.psp <= kLargestFrame;
      stack.sp = frame.sp;
      break;
    }
  }
  stack.in_memory = machine.bus().find_memory(stack.sp) != nullptr ||
                    (stack.sp != 0 && machine.bus().find_memory(stack.sp - 1) != nullptr);
  stack.name = registers.power ? "r1" : process ? "PSP" : "MSP";
  const emulator::Symbol* limit = image.find_symbol("__stack_limit");
  if (limit != nullptr && !process) {
    stack.limit = limit->address;
  } else if (const auto area = emulator::StackAreas(image).of(stack.sp)) {
    stack.limit = area->limit;
  }
  return stack;
}

}  // namespace

void describe_end(Machine& machine, const Image& image, Profile& profile) {
  profile.stop_source = image.source_at(profile.end_pc());
  if (const emulator::Symbol* function = image.symbol_at(profile.end_pc())) {
    profile.stop_function = function->name;
  }
  const StopReason reason = profile.stop.reason;
  if (reason != StopReason::fault && reason != StopReason::cycle_limit) return;
  const emulator::Registers registers = machine.engine().registers();
  profile.call_chain =
      emulator::call_chain(registers, machine.bus(), image,
                           profile.stop.fault ? std::optional(profile.stop.fault->pc) : std::nullopt,
                           machine.engine().interrupted_code());
  profile.stack = stack_at_end(machine, image, profile, registers);
}

}  // namespace mcusim::profiler
