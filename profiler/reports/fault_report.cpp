#include "profiler/reports/fault_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "profiler/stop_names.h"

namespace mcusim::profiler {
namespace {

using emulator::CallFrame;
using emulator::FrameOrigin;
using emulator::SourceLine;
using emulator::StopReason;

struct StatusBit {
  unsigned bit;
  const char* name;
  const char* meaning;
};

// DDI 0403E B3.2.15; STKOF: DDI 0553 D1.2.255.
constexpr StatusBit kCfsrBits[] = {
    {0, "IACCVIOL", "fetch from an execute-never address"},
    {1, "DACCVIOL", "data access that the MPU forbids"},
    {3, "MUNSTKERR", "exception return: the MPU forbids the frame"},
    {4, "MSTKERR", "exception entry: the MPU forbids the frame"},
    {5, "MLSPERR", "floating-point state: the MPU forbids the frame"},
    {7, "MMARVALID", "MMFAR holds the address"},
    {8, "IBUSERR", "fetch refused by the bus"},
    {9, "PRECISERR", "data access refused by the bus"},
    {10, "IMPRECISERR", "earlier write refused by the bus"},
    {11, "UNSTKERR", "exception return could not read its frame"},
    {12, "STKERR", "exception entry could not write its frame"},
    {13, "LSPERR", "floating-point state could not be saved"},
    {15, "BFARVALID", "BFAR holds the address"},
    {16, "UNDEFINSTR", "undefined instruction"},
    {17, "INVSTATE", "instruction outside Thumb state"},
    {18, "INVPC", "invalid exception return"},
    {19, "NOCP", "coprocessor absent or switched off"},
    {20, "STKOF", "stack pointer below its limit"},
    {24, "UNALIGNED", "unaligned access"},
    {25, "DIVBYZERO", "division by zero"},
};
// B3.2.16.
constexpr StatusBit kHfsrBits[] = {
    {1, "VECTTBL", "vector could not be read"},
    {30, "FORCED", "HardFault taken instead"},
    {31, "DEBUGEVT", "BKPT without a debugger"},
};

/// Frames that are shown of a run that only met its limit.
constexpr std::size_t kShortChain = 8;

std::string decoded(const char* name, std::uint32_t value, std::span<const StatusBit> bits) {
  std::string text = fmt::format("  {} 0x{:08x}", name, value);
  const char* separator = ": ";
  for (const StatusBit& bit : bits) {
    if ((value >> bit.bit & 1) == 0) continue;
    text += fmt::format("{}{} {}", separator, bit.name, bit.meaning);
    separator = "; ";
  }
  return text + "\n";
}

/// "main (main.c:12)": what is known of it.
std::string place(const SourceLine& at) {
  std::string text = at.function.empty() ? "?" : at.function;
  if (at.line == 0) return text;
  return text + fmt::format(" ({}:{})", std::filesystem::path(at.file).filename().string(), at.line);
}

std::string first_line(const Profile& profile) {
  std::string where = fmt::format("at 0x{:08x}", profile.end_pc());
  if (profile.stop_source) {
    where += " in " + place(profile.stop_source->at);
  } else if (!profile.stop_function.empty()) {
    where += " in " + profile.stop_function;
  }
  const auto& fault = profile.stop.fault;
  if (!fault) {
    std::string text = fmt::format("{}: {} {}", profile.file, name_of(profile.stop.reason), where);
    if (!profile.stop.detail.empty()) text += ": " + profile.stop.detail;
    return text + "\n";
  }
  std::string text = fmt::format("{}: {}: {}, {}", profile.file, fault->exception, fault->cause, where);
  if (!fault->interrupted.empty()) text += fmt::format(", in the handler of {}", fault->interrupted);
  if (fault->lockup) text += "; no handler could take it (lockup)";
  return text + "\n";
}

std::string stack_line(const StackState& stack) {
  std::string text = fmt::format("  stack: sp 0x{:08x} ({})", stack.sp, stack.name);
  const bool overflow = stack.limit && stack.sp < *stack.limit;
  if (stack.limit) text += fmt::format(", limit 0x{:08x}", *stack.limit);
  if (overflow) text += fmt::format(": overflow by {} bytes", *stack.limit - stack.sp);
  if (!stack.in_memory && !overflow) text += ", where no memory is: overflow, or a stack pointer never set";
  return text + "\n";
}

std::string frame_lines(std::size_t number, const CallFrame& frame) {
  std::string text = fmt::format("    #{} 0x{:08x} ", number, frame.pc);
  text += frame.source ? place(frame.source->at) : "?";
  if (frame.source) {
    for (const SourceLine& caller : frame.source->inlined_into) text += ", inlined in " + place(caller);
  }
  if (frame.origin == FrameOrigin::exception) text += ", interrupted";
  if (frame.origin == FrameOrigin::guess) text += ", guessed";
  return text + "\n";
}

bool same_call(const CallFrame& a, const CallFrame& b) { return a.pc == b.pc && a.origin == b.origin; }

std::string chain_lines(const std::vector<CallFrame>& chain, std::size_t most) {
  std::string text = "  call chain:\n";
  const std::size_t shown = std::min(chain.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    text += frame_lines(i, chain[i]);
    // Recursion repeats itself.
    std::size_t last = i;
    while (last + 1 < shown && same_call(chain[last + 1], chain[i])) ++last;
    if (last > i + 1) {
      text += fmt::format("    #{} to #{} the same\n", i + 1, last);
      i = last;
    }
  }
  if (chain.size() >= emulator::kMostCallFrames && most >= chain.size()) {
    text += "    ... cut here\n";
  } else if (chain.size() > most) {
    text += fmt::format("    ... and {} more\n", chain.size() - most);
  }
  return text;
}

}  // namespace

std::string fault_report(const Profile& profile) {
  std::string text = first_line(profile);
  const bool faulted = profile.stop.reason == StopReason::fault;
  if (const auto& fault = profile.stop.fault) {
    if (fault->cfsr) text += decoded("CFSR", *fault->cfsr, kCfsrBits);
    if (fault->hfsr) text += decoded("HFSR", *fault->hfsr, kHfsrBits);
    if (fault->mmfar) text += fmt::format("  MMFAR 0x{:08x}\n", *fault->mmfar);
    if (fault->bfar) text += fmt::format("  BFAR 0x{:08x}\n", *fault->bfar);
  }
  if (faulted) text += stack_line(profile.stack);
  return text + chain_lines(profile.call_chain, faulted ? emulator::kMostCallFrames : kShortChain);
}

}  // namespace mcusim::profiler
