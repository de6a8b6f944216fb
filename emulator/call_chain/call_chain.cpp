#include "emulator/call_chain/call_chain.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "emulator/image/debug_info.h"

namespace mcusim::emulator {
namespace {

constexpr unsigned kStackPointer = 13;
constexpr unsigned kLink = 14;
constexpr unsigned kProgramCounter = 15;

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

/// Follows one chain; `now_` are the registers of its last frame.
class Unwinder {
 public:
  Unwinder(const Registers& registers, const Bus& bus, const Image& image, std::optional<Address> fault_pc)
      : bus_(bus), image_(image), now_(registers.r), psp_(registers.psp), fault_pc_(fault_pc) {}

  std::vector<CallFrame> follow() {
    add(FrameOrigin::stop);
    while (frames_.size() < kMostCallFrames && step()) {
    }
    return std::move(frames_);
  }

 private:
  /// A return address points behind the call; the call's own line is the one of interest.
  bool at_return_address() const {
    const FrameOrigin origin = frames_.back().origin;
    return origin == FrameOrigin::table || origin == FrameOrigin::guess;
  }
  Address call_or_pc() const {
    return now_[kProgramCounter] - (at_return_address() && now_[kProgramCounter] != 0 ? 1 : 0);
  }

  void add(FrameOrigin origin) {
    now_[kProgramCounter] &= ~1u;
    frames_.push_back({now_[kProgramCounter], now_[kStackPointer], origin, std::nullopt});
    frames_.back().source = image_.source_at(call_or_pc());
  }

  bool step() {
    const bool innermost = !at_return_address();
    if (const auto caller = caller_by_table()) {
      const std::uint32_t target = (*caller)[kProgramCounter];
      // LR of a function that was entered by a call, or a leaf that has not moved SP.
      const bool moved = (*caller)[kStackPointer] > now_[kStackPointer] ||
                         (innermost && (*caller)[kStackPointer] == now_[kStackPointer]);
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
    if (innermost && is_exception_return(now_[kLink])) return leave_exception(now_[kLink]);
    return guess(innermost);
  }

  /// The exception frame could not be written. All but what entry changed is still in the registers.
  bool leave_unstacked_exception(std::uint32_t size) {
    if (!fault_pc_) return false;
    now_[kStackPointer] += size;
    now_[kLink] = 0;
    now_[kProgramCounter] = *fault_pc_;
    fault_pc_.reset();
    add(FrameOrigin::exception);
    return true;
  }

  /// Functions that never return need not save LR. Then it keeps pointing behind a call of their own.
  bool stale(std::uint32_t target) const {
    const Address function = function_at(now_[kProgramCounter]);
    if (function == 0 || function_at(target & ~1u) != function) return false;
    const auto called = call_target(target & ~1u);
    return called ? function_at(*called) != function : (target & ~1u) == now_[kProgramCounter];
  }

  std::optional<CoreRegisters> caller_by_table() {
    if (image_.debug == nullptr) return std::nullopt;
    return image_.debug->frames().caller(call_or_pc(), now_,
                                         [this](Address address) { return word(address); });
  }

  /// Takes the registers that exception entry stacked.
  bool leave_exception(std::uint32_t link) {
    const bool process = (link & kReturnThread) != 0 && (link & kReturnProcessStack) != 0;
    const std::uint32_t frame = process ? psp_ : now_[kStackPointer];
    const std::uint32_t size = (link & kReturnBasicFrame) != 0 ? kBasicFrame : kExtendedFrame;
    std::array<std::uint32_t, 8> words{};
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      const auto value = word(frame + 4 * i);
      if (!value) return !process && leave_unstacked_exception(size);
      words[i] = *value;
    }
    const std::uint32_t padding = (words[7] & kXpsrStackAlign) != 0 ? 4 : 0;
    std::copy_n(words.begin(), 4, now_.begin());
    now_[12] = words[4];
    now_[kLink] = words[5];
    now_[kProgramCounter] = words[6];
    if (process) psp_ = frame + size + padding;
    now_[kStackPointer] = frame + size + padding;
    add(FrameOrigin::exception);
    return true;
  }

  bool guess(bool innermost) {
    // LR holds until the function calls another; then it points into the function itself.
    const Address function = function_at(now_[kProgramCounter]);
    if (innermost && follows_call(now_[kLink]) &&
        (function == 0 || function_at(now_[kLink] & ~1u) != function)) {
      now_[kProgramCounter] = now_[kLink];
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
    const Address function = function_at(now_[kProgramCounter]);
    for (std::uint32_t i = 0; i < kSearchedWords; ++i) {
      const std::uint64_t at = std::uint64_t{now_[kStackPointer]} + 4 * i;
      if (at > 0xffffffff) break;
      const auto value = word(static_cast<Address>(at));
      // A pointer that ran out of memory comes back into it above.
      if (!value) continue;
      const Address above = static_cast<Address>(at) + 4;
      if (is_exception_return(*value) && plausible_frame(above, *value)) {
        now_[kStackPointer] = above;
        return leave_exception(*value);
      }
      if (!follows_call(*value)) continue;
      const auto target = call_target(*value & ~1u);
      const bool known = target && function != 0 && function_at(*target) == function;
      if (certainty == Certainty::known_call && !known) continue;
      now_[kStackPointer] = above;
      now_[kProgramCounter] = *value;
      add(FrameOrigin::guess);
      return true;
    }
    return false;
  }

  bool plausible_frame(Address frame, std::uint32_t link) const {
    if ((link & kReturnThread) != 0 && (link & kReturnProcessStack) != 0) frame = psp_;
    const auto pc = word(frame + 4 * 6), psr = word(frame + 4 * 7);
    return pc && psr && image_.is_code(*pc) && (*psr & kXpsrThumb) != 0;
  }

  /// The begin of the function at `address`; 0 when no symbol covers it.
  Address function_at(Address address) const {
    const Symbol* symbol = image_.symbol_at(address);
    return symbol == nullptr ? 0 : symbol->address;
  }

  std::optional<std::uint32_t> word(Address address) const {
    std::uint32_t value = 0;
    if ((address & 3) != 0 || !bus_.fetch(address, &value, 4)) return std::nullopt;
    return value;
  }
  std::optional<std::uint16_t> half_word(Address address) const {
    std::uint16_t value = 0;
    if (!bus_.fetch(address, &value, 2)) return std::nullopt;
    return value;
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
  std::optional<Address> call_target(Address after) const {
    const auto first = half_word(after - 4), second = half_word(after - 2);
    if (!first || !second || (*first & 0xf800) != 0xf000 || (*second & 0xd000) != 0xd000) return std::nullopt;
    const std::uint32_t sign = *first >> 10 & 1, j1 = *second >> 13 & 1, j2 = *second >> 11 & 1;
    std::uint32_t offset = (sign << 24) | ((~(j1 ^ sign) & 1) << 23) | ((~(j2 ^ sign) & 1) << 22) |
                           ((*first & 0x3ffu) << 12) | ((*second & 0x7ffu) << 1);
    if (sign != 0) offset |= 0xfe000000;
    return after + offset;
  }

  const Bus& bus_;
  const Image& image_;
  CoreRegisters now_;
  std::uint32_t psp_;
  std::optional<Address> fault_pc_;
  std::vector<CallFrame> frames_;
};

}  // namespace

std::vector<CallFrame> call_chain(const Registers& registers, const Bus& bus, const Image& image,
                                  std::optional<Address> fault_pc) {
  return Unwinder(registers, bus, image, fault_pc).follow();
}

}  // namespace mcusim::emulator
