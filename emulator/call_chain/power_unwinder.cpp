#include <algorithm>

#include "emulator/call_chain/unwinder.h"
#include "emulator/e200/decoder.h"

namespace mcusim::emulator {
namespace {

using e200::Code;

FrameRegisters frame_registers(const Registers& registers) {
  FrameRegisters frame{};
  std::ranges::copy(registers.power->r, frame.begin());
  frame[kPowerFrames.link] = registers.r[14];
  frame[kPowerFrames.program_counter] = registers.r[15];
  return frame;
}

/// Interrupts stack nothing: what they interrupted is what the core remembers. Where there are no tables, the
/// back chain leads on: the word at r1 points to the caller's frame, whose next word is where functions save
/// LR (Power Architecture 32-bit ABI supplement, 3.3.2).
class PowerUnwinder : public Unwinder {
 public:
  PowerUnwinder(const Registers& registers, const Bus& bus, const Image& image,
                const std::vector<Registers>& interrupted)
      : Unwinder(kPowerFrames, frame_registers(registers), bus, image) {
    for (const Registers& code : interrupted) interrupted_.push_back(frame_registers(code));
    std::ranges::reverse(interrupted_);
  }

 private:
  bool step() override {
    const auto caller = caller_by_table();
    if (caller && take(*caller, FrameOrigin::table)) return true;
    // A table that leads nowhere: what was interrupted, else a reset handler or a damaged stack.
    if (!caller && (leave_by_link() || leave_by_back_chain())) return true;
    return leave_interrupt();
  }

  /// From below the frames of what was interrupted into them: no caller of the handler is there. A handler on
  /// a stack of its own may be above.
  bool crosses_interrupt(std::uint32_t caller_sp) {
    if (interrupted_.empty()) return false;
    const std::uint32_t boundary = interrupted_.back()[kPowerFrames.stack_pointer];
    return sp() <= boundary && caller_sp >= boundary;
  }

  bool take(const FrameRegisters& caller, FrameOrigin origin) {
    const std::uint32_t to = caller[kPowerFrames.stack_pointer];
    const std::uint32_t target = caller[kPowerFrames.program_counter];
    const bool moved = to > sp() || (innermost() && to == sp());
    if (!moved || crosses_interrupt(to) || !follows_call(target) || stale(target)) return false;
    now_ = caller;
    add(origin);
    return true;
  }

  /// LR holds until the function calls another; then it points into the function itself. A frame may be there
  /// already: then LR has been saved, too.
  bool leave_by_link() {
    const Address function = function_at(pc());
    if (!innermost() || (function != 0 && function_at(link()) == function)) return false;
    FrameRegisters caller = now_;
    caller[kPowerFrames.program_counter] = link();
    const auto back = word(sp());
    if (back && *back > sp() && word(*back + 4) == link()) caller[kPowerFrames.stack_pointer] = *back;
    return take(caller, FrameOrigin::guess);
  }

  bool leave_by_back_chain() {
    const auto back = word(sp());
    const auto saved = back ? word(*back + 4) : std::nullopt;
    if (!saved) return false;
    FrameRegisters caller = now_;
    caller[kPowerFrames.stack_pointer] = *back;
    caller[kPowerFrames.link] = caller[kPowerFrames.program_counter] = *saved;
    return *back > sp() && take(caller, FrameOrigin::guess);
  }

  bool leave_interrupt() {
    if (interrupted_.empty()) return false;
    now_ = interrupted_.back();
    interrupted_.pop_back();
    add(FrameOrigin::exception);
    return true;
  }

  bool follows_call(std::uint32_t after) const {
    if (!image_.is_code(after)) return false;
    const auto last = half_word(after - 2);
    const Code code = last ? decoder_.decode(*last, 0, after - 2).code : Code::illegal_;
    return code == Code::blr_link_ || code == Code::bctr_link_ || call_target(after).has_value();
  }

  std::optional<Address> call_target(Address after) const override {
    for (const unsigned bytes : {4u, 2u}) {
      const auto first = half_word(after - bytes), second = half_word(after - 2);
      if (!first || !second || e200::is_wide(*first) != (bytes == 4)) continue;
      const e200::Operation op = decoder_.decode(*first, *second, after - bytes);
      switch (op.code) {
        case Code::b_link_:
        case Code::b_true_link_:
        case Code::b_false_link_:
        case Code::bdnz_link_:
        case Code::bdz_link_:
          return op.imm;
        default:
          break;
      }
    }
    return std::nullopt;
  }

  const ClassCosts costs_;
  const e200::Decoder decoder_{costs_};
  std::vector<FrameRegisters> interrupted_;  ///< The innermost at the end.
};

}  // namespace

std::unique_ptr<Unwinder> power_unwinder(const Registers& registers, const Bus& bus, const Image& image,
                                         const std::vector<Registers>& interrupted) {
  return std::make_unique<PowerUnwinder>(registers, bus, image, interrupted);
}

}  // namespace mcusim::emulator
