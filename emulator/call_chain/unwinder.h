#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "emulator/bus/bus.h"
#include "emulator/call_chain/call_chain.h"
#include "emulator/engine.h"
#include "emulator/image/call_frame_table.h"
#include "emulator/image/image.h"

namespace mcusim::emulator {

/// Follows one call chain outwards; what the architectures share. `now_` are the registers of the last frame.
class Unwinder {
 public:
  virtual ~Unwinder() = default;
  std::vector<CallFrame> follow();

 protected:
  Unwinder(const FrameConvention& convention, const FrameRegisters& registers, const Bus& bus,
           const Image& image)
      : bus_(bus), image_(image), now_(registers), convention_(convention) {}

  /// Adds the frame of the caller, or of what was interrupted. False: the chain ends.
  virtual bool step() = 0;
  /// Of the direct call whose return address is `after`; nothing when there is none.
  virtual std::optional<Address> call_target(Address after) const = 0;

  std::uint32_t& sp() { return now_[convention_.stack_pointer]; }
  std::uint32_t& link() { return now_[convention_.link]; }
  std::uint32_t& pc() { return now_[convention_.program_counter]; }
  std::uint32_t pc() const { return now_[convention_.program_counter]; }

  void add(FrameOrigin origin);
  /// Not called by anything here: where the core stands, or code that was interrupted.
  bool innermost() const { return !at_return_address(); }
  /// The registers of the caller by the compiler's call frame table.
  std::optional<FrameRegisters> caller_by_table() const;
  /// Functions that never return need not save the link. Then it keeps pointing behind a call of their own.
  bool stale(std::uint32_t target) const;
  /// The begin of the function at `address`; 0 when no symbol covers it.
  Address function_at(Address address) const;

  /// Of the guest's memory, in its byte order.
  std::optional<std::uint16_t> half_word(Address address) const;
  std::optional<std::uint32_t> word(Address address) const;

  const Bus& bus_;
  const Image& image_;
  FrameRegisters now_;
  std::vector<CallFrame> frames_;

 private:
  bool at_return_address() const;
  /// A return address points behind the call; the call's own line is the one of interest.
  Address call_or_pc() const { return pc() - (at_return_address() && pc() != 0 ? 1 : 0); }

  const FrameConvention convention_;
};

std::unique_ptr<Unwinder> arm_unwinder(const Registers& registers, const Bus& bus, const Image& image,
                                       std::optional<Address> fault_pc);
/// `interrupted`: Engine::interrupted_code().
std::unique_ptr<Unwinder> power_unwinder(const Registers& registers, const Bus& bus, const Image& image,
                                         const std::vector<Registers>& interrupted);

}  // namespace mcusim::emulator
