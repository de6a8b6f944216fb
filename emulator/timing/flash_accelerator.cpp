#include "emulator/timing/flash_accelerator.h"

#include <bit>
#include <utility>

namespace mcusim::emulator {

FlashAccelerator::FlashAccelerator(const mcu_models::McuModel& mcu, Bytes size, ReadRegister read_register)
    : timing_(*mcu.flash_timing),
      control_(timing_.latency.address),
      line_shift_(static_cast<unsigned>(std::countr_zero(timing_.read_bits / 8))),
      read_register_(std::move(read_register)) {
  // The caches hold what one read delivers, so that a line and a read are the same.
  const auto make = [&](const char* name, std::optional<LineCache>& cache,
                        std::optional<mcu_models::RegisterBits>& enable) {
    const auto found = mcu.caches.find(name);
    if (found == mcu.caches.end()) return;
    mcu_models::CacheModel model = found->second;
    const unsigned read_bytes = timing_.read_bits / 8;
    if (model.line != read_bytes) {
      model.ways *= model.line / read_bytes;
      model.line = read_bytes;
    }
    cache.emplace(model, static_cast<std::uint32_t>(size >> line_shift_));
    enable = model.enable;
  };
  make("ART_I", instructions_, instruction_enable_);
  make("ART_D", data_, data_enable_);
  if (mcu.caches.contains("ART")) {
    make("ART", instructions_, instruction_enable_);
    unified_ = true;
  }
}

std::uint32_t FlashAccelerator::bits(const mcu_models::RegisterBits& bits) const {
  const std::uint32_t value = read_register_(bits.address) >> bits.shift;
  return bits.width >= 32 ? value : value & ((1u << bits.width) - 1);
}

void FlashAccelerator::refresh() {
  ++contents_;
  wait_states_ = bits(timing_.latency);
  prefetch_ = timing_.prefetch && bits(*timing_.prefetch) != 0;
  keeps_instructions_ = instructions_ && (!instruction_enable_ || bits(*instruction_enable_) != 0);
  keeps_data_ = unified_ ? keeps_instructions_ : data_ && (!data_enable_ || bits(*data_enable_) != 0);
  data_at_once_ = keeps_data_ && (unified_ || data_->watch() == nullptr);
}

void FlashAccelerator::reset() {
  if (instructions_) instructions_->clear();
  if (data_) data_->clear();
  current_line_ = kNoLine;
  ahead_.reset();
  port_free_ = 0;
  instruction_counters_ = data_counters_ = {};
  for (std::optional<LineCache>* const cache : {&instructions_, &data_})
    if (*cache && (*cache)->watch() != nullptr) (*cache)->watch()->reset();
  refresh();
}

void FlashAccelerator::keep_instructions(std::uint32_t line) {
  if (!keeps_instructions_) return;
  instructions_->insert(line);
  ++contents_;
}

// A read ahead that has ended is kept like any other line.
void FlashAccelerator::settle(Cycles at) {
  if (!ahead_ || !keeps_instructions_ || at < ahead_->start + 1 + wait_states_) return;
  keep_instructions(ahead_->line);
  ahead_.reset();
}

// Demand goes first; only a read that runs is waited for.
void FlashAccelerator::cancel_unstarted(Cycles at) {
  if (!ahead_ || ahead_->start <= at) return;
  port_free_ = ahead_->start;
  ahead_.reset();
}

Cycles FlashAccelerator::read_array(Cycles at) {
  const Cycles start = std::max(at, port_free_);
  port_free_ = start + 1 + wait_states_;
  return start - at + wait_states_;
}

void FlashAccelerator::read_ahead(std::uint32_t line, Cycles at) {
  if (!prefetch_ || (keeps_instructions_ && instructions_->holds(line))) return;
  if (ahead_ && ahead_->line == line) return;
  if (ahead_) keep_instructions(ahead_->line);
  ++contents_;
  ahead_ = ReadAhead{line, std::max(at, port_free_)};
  port_free_ = ahead_->start + 1 + wait_states_;
}

Cycles FlashAccelerator::fetch_line(std::uint32_t line, Cycles at) {
  ++instruction_counters_.accesses;
  const bool watched = keeps_instructions_ && instructions_->watch() != nullptr;
  settle(at);
  Cycles wait = 0;
  if (ahead_ && ahead_->line == line) {
    const Cycles delivered = ahead_->start + wait_states_;
    wait = delivered > at ? delivered - at : 0;
    keep_instructions(line);
    ahead_.reset();
  } else if (keeps_instructions_ && instructions_->holds(line)) {
    instructions_->touch(line);
  } else {
    ++instruction_counters_.misses;
    if (watched) instructions_->note_missed_fetch(line);
    cancel_unstarted(at);
    wait = read_array(at);
    keep_instructions(line);
  }
  if (watched) instructions_->note_use(line << line_shift_);
  current_line_ = line;
  read_ahead(line + 1, at + wait + 1);
  return wait;
}

Cycles FlashAccelerator::data(Address offset, Cycles at) {
  const std::uint32_t line = line_of(offset);
  LineCache* const kept = !keeps_data_ ? nullptr : unified_ ? &*instructions_ : &*data_;
  const bool watched = kept != nullptr && kept->watch() != nullptr;
  ++data_counters_.accesses;
  if (kept != nullptr && kept->holds(line)) {
    kept->touch(line);
    if (watched) kept->note_use(offset);
    return 0;
  }
  ++data_counters_.misses;
  if (watched) kept->note_missed_data(offset);
  settle(at);
  std::optional<std::uint32_t> postponed;
  if (ahead_ && ahead_->start > at) {
    postponed = ahead_->line;
    cancel_unstarted(at);
  }
  const Cycles wait = read_array(at);
  if (kept != nullptr) kept->insert(line);
  if (watched) kept->note_use(offset);
  ++contents_;
  if (postponed) read_ahead(*postponed, at + wait + 1);
  return wait;
}

std::vector<CacheWatch*> FlashAccelerator::watch_caches(Address base, const CacheWatch::OwnerOf& owner_of,
                                                        const CacheWatch::Accessing& accessing) {
  std::vector<CacheWatch*> watches(2);
  if (unified_) return watches;
  if (instructions_) watches[0] = instructions_->watch(base, owner_of, accessing);
  if (data_) watches[1] = data_->watch(base, owner_of, accessing);
  data_at_once_ = keeps_data_ && watches[1] == nullptr;
  return watches;
}

}  // namespace mcusim::emulator
