#include "emulator/peripherals/spc5/interrupt_controller.h"

namespace mcusim::emulator {
namespace {

// Offsets of registers (UM3100, INTC); a word for each of four processors.
constexpr std::uint32_t kBcr = 0x00, kCpr = 0x10, kIackr = 0x20, kEoir = 0x30, kSscir = 0x40, kPsr = 0x60;
constexpr std::uint16_t kPriority = 0x3f, kProcessors = 0xf000;
constexpr std::uint32_t kHardwareVectors = 0x01010101;  ///< HVEN of each processor.
constexpr std::uint32_t kIntvecMask = 0xffc;
constexpr std::size_t kPriorities = 64;
constexpr std::uint8_t kSet = 2, kClear = 1, kLowest = 63;

constexpr bool in(std::uint32_t offset, std::uint32_t base) { return offset >= base && offset < base + 16; }

}  // namespace

InterruptController::InterruptController(const mcu_models::McuModel& mcu)
    : selects_(mcu.interrupt_count), levels_(mcu.interrupt_count) {
  reset();
}

void InterruptController::reset() {
  std::ranges::fill(selects_, std::uint16_t{0});
  std::fill(levels_.begin(), levels_.end(), false);
  saved_.clear();
  block_configuration_ = table_ = vector_ = 0;
  priority_ = kLowest;
  changed();
}

void InterruptController::changed() {
  highest_known_ = false;
  if (listener_) listener_();
}

int InterruptController::highest() const {
  if (highest_known_) return highest_;
  highest_ = -1;
  unsigned best = priority_;
  for (std::size_t source = 0; source < levels_.size(); ++source) {
    if (!levels_[source] || (selects_[source] & kProcessors) == 0) continue;
    const unsigned priority = selects_[source] & kPriority;
    if (priority <= best) continue;
    best = priority;
    highest_ = static_cast<int>(source);
  }
  highest_known_ = true;
  return highest_;
}

unsigned InterruptController::acknowledge() {
  const int source = highest();
  if (source < 0) return vector_;
  // Each acknowledged source has a higher priority than the one before, unless firmware lowers CPR by itself.
  if (saved_.size() == kPriorities) saved_.erase(saved_.begin());
  saved_.push_back(priority_);
  priority_ = static_cast<std::uint8_t>(selects_[static_cast<std::size_t>(source)] & kPriority);
  vector_ = static_cast<unsigned>(source);
  changed();
  return vector_;
}

std::optional<unsigned> InterruptController::acknowledge_by_hardware() {
  if ((block_configuration_ & kHardwareVectors) == 0) return std::nullopt;
  return acknowledge();
}

void InterruptController::set(unsigned source, bool level) {
  if (source >= levels_.size() || levels_[source] == level) return;
  levels_[source] = level;
  changed();
}

// PSR are half-words and SSCIR bytes, and all may be accessed in other widths: lanes of the word at offset &
// ~3 count from its low end here.
std::uint32_t InterruptController::read_byte(std::uint32_t offset) {
  const std::uint32_t big_endian = offset ^ 3;
  if (big_endian >= kPsr) {
    const std::uint32_t source = (big_endian - kPsr) / 2;
    if (source >= selects_.size()) return 0;
    return selects_[source] >> ((big_endian & 1) != 0 ? 0 : 8) & 0xff;
  }
  const std::uint32_t source = big_endian - kSscir;
  return source < kSoftwareSources && source < levels_.size() && levels_[source] ? kClear : 0;
}

void InterruptController::write_byte(std::uint32_t offset, std::uint8_t value) {
  const std::uint32_t big_endian = offset ^ 3;
  if (big_endian >= kPsr) {
    const std::uint32_t source = (big_endian - kPsr) / 2;
    if (source >= selects_.size()) return;
    std::uint16_t& select = selects_[source];
    select = static_cast<std::uint16_t>((big_endian & 1) != 0 ? (select & 0xff00) | value
                                                              : (select & 0xff) | value << 8);
    return;
  }
  const std::uint32_t source = big_endian - kSscir;
  if (source >= kSoftwareSources || source >= levels_.size()) return;
  if ((value & kClear) != 0) levels_[source] = false;
  if ((value & kSet) != 0) levels_[source] = true;
}

std::uint32_t InterruptController::read(std::uint32_t offset, unsigned width) {
  if (offset >= kSscir) {
    std::uint32_t value = 0;
    for (unsigned i = width; i-- > 0;) value = value << 8 | read_byte(offset + i);
    return value;
  }
  if (in(offset, kCpr)) return priority_;
  if (in(offset, kIackr)) return table_ | (acknowledge() << 2 & kIntvecMask);
  return offset < kBcr + 4 ? block_configuration_ : 0;
}

void InterruptController::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if (offset >= kSscir) {
    for (unsigned i = 0; i < width; ++i) write_byte(offset + i, static_cast<std::uint8_t>(value >> 8 * i));
  } else if (in(offset, kCpr)) {
    priority_ = value & kPriority;
  } else if (in(offset, kIackr)) {
    table_ = value & ~kIntvecMask & ~3u;
  } else if (in(offset, kEoir)) {
    if (!saved_.empty()) {
      priority_ = saved_.back();
      saved_.pop_back();
    }
  } else if (offset < kBcr + 4) {
    block_configuration_ = value;
  }
  changed();
}

}  // namespace mcusim::emulator
