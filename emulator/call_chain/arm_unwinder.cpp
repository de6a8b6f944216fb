#include <algorithm>
#include <array>

#include "emulator/call_chain/unwinder.h"

namespace mcusim::emulator {
namespace {

constexpr unsigned kStackPointer = kArmFrames.stack_pointer;
constexpr unsigned kProgramCounter = kArmFrames.program_counter;

// EXC_RETURN (DDI 0403E B1.5.8; DDI 0553 for the bits of Armv8-M below bit 7).
constexpr std::uint32_t kLeastExceptionReturn = 0xffffff80;
constexpr std::uint32_t kReturnBasicFrame = 1u << 4;
constexpr std::uint32_t kReturnThread = 1u << 3;
constexpr std::uint32_t kReturnProcessStack = 1u << 2;
constexpr std::uint32_t kXpsrThumb = 1u << 24;
constexpr std::uint32_t kXpsrStackAlign = 1u << 9;
constexpr std::uint32_t kBasicFrame = 0x20;
constexpr std::uint32_t kExtendedFrame = 0x68;

/// How far the stack is searched for a return address.
constexpr std::uint32_t kSearchedWords = 1024;

// Bit 1 is 0 in every valid one; LR after reset is all ones.
bool is_exception_return(std::uint32_t value) { return value >= kLeastExceptionReturn && (value & 2) == 0; }

FrameRegisters frame_registers(const Registers& registers) {
  FrameRegisters frame{};
  std::ranges::copy(registers.r, frame.begin());
  return frame;
}

/// Goes through exception frames on either stack, and guesses where there are no tables.
class ArmUnwinder : public Unwinder {
 public:
  ArmUnwinder(const Registers& registers, const Bus& bus, const Image& image, std::optional<Address> fault_pc)
      : Unwinder(kArmFrames, frame_registers(registers), bus, image),
        psp_(registers.psp),
        fault_pc_(fault_pc) {}

 private:
  bool step() override {
    if (const auto caller = caller_by_table()) {
      const std::uint32_t target = (*caller)[kProgramCounter];
      // LR of a function that was entered by a call, or a leaf that has not moved SP.
      const bool moved = (*caller)[kStackPointer] > sp() || (innermost() && (*caller)[kStackPointer] == sp());
      if (is_exception_return(target)) {
        now_ = *caller;
        return leave_exception(target);
      }
      if (moved && is_code(target) && !stale(target)) {
        now_ = *caller;
        add(FrameOrigin::table);
        return true;
      }
      // The table covers the function and leads nowhere: a reset handler, or a damaged stack.
      return search_stack(Certainty::known_call);
    }
    if (innermost() && is_exception_return(link())) return leave_exception(link());
    return guess();
  }

  /// The exception frame could not be written. All but what entry changed is still in the registers.
  bool leave_unstacked_exception(std::uint32_t size) {
    if (!fault_pc_) return false;
    sp() += size;
    link() = 0;
    pc() = *fault_pc_;
    fault_pc_.reset();
    add(FrameOrigin::exception);
    return true;
  }

  /// Takes the registers that exception entry stacked.
  bool leave_exception(std::uint32_t exc_return) {
    const bool process = (exc_return & kReturnThread) != 0 && (exc_return & kReturnProcessStack) != 0;
    const std::uint32_t frame = process ? psp_ : sp();
    const std::uint32_t size = (exc_return & kReturnBasicFrame) != 0 ? kBasicFrame : kExtendedFrame;
    std::array<std::uint32_t, 8> words{};
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      const auto value = word(frame + 4 * i);
      if (!value) return !process && leave_unstacked_exception(size);
      words[i] = *value;
    }
    const std::uint32_t padding = (words[7] & kXpsrStackAlign) != 0 ? 4 : 0;
    std::copy_n(words.begin(), 4, now_.begin());
    now_[12] = words[4];
    link() = words[5];
    pc() = words[6];
    if (process) psp_ = frame + size + padding;
    sp() = frame + size + padding;
    add(FrameOrigin::exception);
    return true;
  }

  bool guess() {
    // LR holds until the function calls another; then it points into the function itself.
    const Address function = function_at(pc());
    if (innermost() && follows_call(link()) && (function == 0 || function_at(link() & ~1u) != function)) {
      pc() = link();
      add(FrameOrigin::guess);
      return true;
    }
    return search_stack(Certainty::known_call) || search_stack(Certainty::any_call);
  }

  enum class Certainty : std::uint8_t {
    known_call,  ///< The call's target is the function at hand.
    any_call,    ///< A call, perhaps by a register or of a function that jumped on.
  };

  bool search_stack(Certainty certainty) {
    const Address function = function_at(pc());
    for (std::uint32_t i = 0; i < kSearchedWords; ++i) {
      const std::uint64_t at = std::uint64_t{sp()} + 4 * i;
      if (at > 0xffffffff) break;
      const auto value = word(static_cast<Address>(at));
      // A pointer that ran out of memory comes back into it above.
      if (!value) continue;
      const Address above = static_cast<Address>(at) + 4;
      if (is_exception_return(*value) && plausible_frame(above, *value)) {
        sp() = above;
        return leave_exception(*value);
      }
      if (!follows_call(*value)) continue;
      const auto target = call_target(*value & ~1u);
      const bool known = target && function != 0 && function_at(*target) == function;
      if (certainty == Certainty::known_call && !known) continue;
      sp() = above;
      pc() = *value;
      add(FrameOrigin::guess);
      return true;
    }
    return false;
  }

  bool plausible_frame(Address frame, std::uint32_t exc_return) const {
    if ((exc_return & kReturnThread) != 0 && (exc_return & kReturnProcessStack) != 0) frame = psp_;
    const auto stacked_pc = word(frame + 4 * 6), psr = word(frame + 4 * 7);
    return stacked_pc && psr && image_.is_code(*stacked_pc) && (*psr & kXpsrThumb) != 0;
  }

  /// A return address has the Thumb bit.
  bool is_code(std::uint32_t value) const { return (value & 1) != 0 && image_.is_code(value & ~1u); }

  bool follows_call(std::uint32_t value) const {
    if (!is_code(value)) return false;
    const Address after = value & ~1u;
    const auto last = half_word(after - 2);
    // BLX Rm: 0100 0111 1mmm m000 (DDI 0403E A7.7.19).
    if (last && (*last & 0xff87) == 0x4780) return true;
    return call_target(after).has_value();
  }

  /// Of the BL before `after`; nothing when there is none (A7.7.18, encoding T1).
  std::optional<Address> call_target(Address after) const override {
    const auto first = half_word(after - 4), second = half_word(after - 2);
    if (!first || !second || (*first & 0xf800) != 0xf000 || (*second & 0xd000) != 0xd000) return std::nullopt;
    const std::uint32_t sign = *first >> 10 & 1, j1 = *second >> 13 & 1, j2 = *second >> 11 & 1;
    std::uint32_t offset = (sign << 24) | ((~(j1 ^ sign) & 1) << 23) | ((~(j2 ^ sign) & 1) << 22) |
                           ((*first & 0x3ffu) << 12) | ((*second & 0x7ffu) << 1);
    if (sign != 0) offset |= 0xfe000000;
    return after + offset;
  }

  std::uint32_t psp_;
  std::optional<Address> fault_pc_;
};

}  // namespace

std::unique_ptr<Unwinder> arm_unwinder(const Registers& registers, const Bus& bus, const Image& image,
                                       std::optional<Address> fault_pc) {
  return std::make_unique<ArmUnwinder>(registers, bus, image, fault_pc);
}

}  // namespace mcusim::emulator
