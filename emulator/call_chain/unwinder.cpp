#include "emulator/call_chain/unwinder.h"

#include "emulator/image/debug_info.h"

namespace mcusim::emulator {

std::vector<CallFrame> Unwinder::follow() {
  add(FrameOrigin::stop);
  while (frames_.size() < kMostCallFrames && step()) {
  }
  return std::move(frames_);
}

bool Unwinder::at_return_address() const {
  const FrameOrigin origin = frames_.back().origin;
  return origin == FrameOrigin::table || origin == FrameOrigin::guess;
}

void Unwinder::add(FrameOrigin origin) {
  pc() &= ~1u;
  frames_.push_back({pc(), sp(), origin, std::nullopt});
  frames_.back().source = image_.source_at(call_or_pc());
}

std::optional<FrameRegisters> Unwinder::caller_by_table() const {
  if (image_.debug == nullptr) return std::nullopt;
  return image_.debug->frames().caller(call_or_pc(), now_, [this](Address address) { return word(address); });
}

bool Unwinder::stale(std::uint32_t target) const {
  const Address function = function_at(pc());
  if (function == 0 || function_at(target & ~1u) != function) return false;
  const auto called = call_target(target & ~1u);
  return called ? function_at(*called) != function : (target & ~1u) == pc();
}

Address Unwinder::function_at(Address address) const {
  const Symbol* symbol = image_.symbol_at(address);
  return symbol == nullptr ? 0 : symbol->address;
}

std::optional<std::uint16_t> Unwinder::half_word(Address address) const {
  std::uint8_t bytes[2];
  if (!bus_.fetch(address, bytes, sizeof bytes)) return std::nullopt;
  const unsigned high = convention_.big_endian ? 0 : 1;
  return static_cast<std::uint16_t>(bytes[high] << 8 | bytes[1 - high]);
}

std::optional<std::uint32_t> Unwinder::word(Address address) const {
  if ((address & 3) != 0) return std::nullopt;
  const auto first = half_word(address), second = half_word(address + 2);
  if (!first || !second) return std::nullopt;
  return convention_.big_endian ? *first * 0x10000u + *second : *second * 0x10000u + *first;
}

}  // namespace mcusim::emulator
