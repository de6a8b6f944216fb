#include <algorithm>

#include "emulator/e200/core.h"

namespace mcusim::emulator::e200 {
namespace {

constexpr std::uint32_t kHid0TimeBaseEnable = 0x4000;
constexpr std::uint32_t kEnable = 1;           ///< L1CSR0[CE], L1CSR1[ICE], BUCSR[BPEN].
constexpr std::uint32_t kInvalidate = 2;       ///< L1CSR0[CINV], L1CSR1[ICINV]: done at once.
constexpr std::uint32_t kBranchFlush = 0x200;  ///< BUCSR[BBFI].

std::size_t row_of(std::uint16_t number) {
  return static_cast<std::size_t>(find_spr(number) - spr_rows().data());
}

}  // namespace

CoreRegisters Core::registers() const {
  CoreRegisters registers;
  std::copy_n(state.r.begin(), 32, registers.r.begin());
  registers.cr = state.cr_word();
  registers.xer = state.xer();
  registers.lr = state.lr;
  registers.ctr = state.ctr;
  registers.msr = state.msr;
  registers.spefscr = state.spefscr;
  registers.pc = state.pc;
  return registers;
}

void Core::set_registers(const CoreRegisters& registers) {
  std::copy_n(registers.r.begin(), 32, state.r.begin());
  state.set_cr(registers.cr);
  state.set_xer(registers.xer);
  state.lr = registers.lr;
  state.ctr = registers.ctr;
  state.spefscr = registers.spefscr;
  state.pc = registers.pc & ~1u;
  write_msr(registers.msr);
}

std::uint32_t Core::spr(std::uint16_t number) const { return sprs_[row_of(number)]; }
void Core::set_spr(std::uint16_t number, std::uint32_t value) {
  std::uint32_t& kept = sprs_[row_of(number)];
  const std::uint32_t writable = find_spr(number)->writable;
  kept = (kept & ~writable) | (value & writable);
}

// The time base counts core cycles while HID0[TBEN] is set; here it always counts from the moment it is read
// first with the bit set, and reads 0 before.
std::uint64_t Core::time_base() const {
  return (spr(spr::hid0) & kHid0TimeBaseEnable) != 0 ? cycles + time_base_start_ : 0;
}

bool Core::timer_pending(std::uint32_t enable, std::uint32_t status) const {
  return (spr(spr::tcr) & enable) != 0 && (spr(spr::tsr) & status) != 0;
}

// TCR has the number of a bit of the time base, counted from the highest, in two parts for each timer: when
// that bit rises, the timer is over.
void Core::time_base_changed() {
  ++time_base_generation_;
  const std::uint32_t control = spr(spr::tcr);
  schedule_rise((control >> 17 & 15) << 2 | control >> 30, &Core::watchdog_over);
  schedule_rise((control >> 13 & 15) << 2 | (control >> 24 & 3), &Core::fixed_interval_over);
}

void Core::schedule_rise(std::uint32_t bit_number, void (Core::*rise)()) {
  if ((spr(spr::hid0) & kHid0TimeBaseEnable) == 0) return;
  const std::uint64_t bit = std::uint64_t{1} << (63 - bit_number), below = 2 * bit - 1;
  const std::uint64_t now = scheduler_.now() + time_base_start_, distance = ((bit - now - 1) & below) + 1;
  constexpr std::uint64_t kNeverSeen = std::uint64_t{1} << 62;
  if (distance > kNeverSeen) return;
  scheduler_.at(scheduler_.now() + distance, [this, bit_number, rise, generation = time_base_generation_] {
    if (generation != time_base_generation_) return;
    (this->*rise)();
    schedule_rise(bit_number, rise);
  });
}

void Core::fixed_interval_over() { sprs_[row_of(spr::tsr)] |= kTsrFixedInterval; }

// The first time arms it, the second interrupts, the third resets if TCR says so (EREF, watchdog timer).
void Core::watchdog_over() {
  std::uint32_t& status = sprs_[row_of(spr::tsr)];
  if ((status & kTsrWatchdogNext) == 0)
    status |= kTsrWatchdogNext;
  else if ((status & kTsrWatchdog) == 0)
    status |= kTsrWatchdog;
  else if ((spr(spr::tcr) & kTcrWatchdogResets) != 0)
    request_fault("Watchdog reset", "the core's watchdog timer was not served: a board would reset");
}

void Core::schedule_decrementer() {
  const std::uint64_t generation = ++decrementer_generation_;
  decrementer_set_ = cycles;
  if (decrementer_value_ == 0) return;
  scheduler_.at(cycles + decrementer_value_, [this, generation] {
    if (generation == decrementer_generation_) decremented();
  });
}

void Core::decremented() {
  sprs_[row_of(spr::tsr)] |= kTsrDecrementer;
  decrementer_value_ = (spr(spr::tcr) & kTcrAutoReload) != 0 ? spr(spr::decar) : 0;
  const Cycles now = cycles;
  cycles = scheduler_.now();
  schedule_decrementer();
  cycles = now;
}

PipelineE200::Control Core::cache_control() const {
  return {.code_cache = (spr(spr::l1csr1) & kEnable) != 0,
          .data_cache = (spr(spr::l1csr0) & kEnable) != 0,
          .branch_buffer = (spr(spr::bucsr) & kEnable) != 0,
          .code_invalidations = code_invalidations_,
          .data_invalidations = data_invalidations_,
          .branch_flushes = branch_flushes_};
}

std::uint32_t Core::read_spr(std::uint32_t number) {
  const SprRow* row = find_spr(number);
  if (row == nullptr) {
    fault = Fault::unknown_spr;
    fault_spr_ = number;
    return 0;
  }
  if (is_privileged_spr(number) && state.problem_state()) {
    fault = Fault::privileged;
    return 0;
  }
  switch (row->kind) {
    case SprKind::xer:
      return state.xer();
    case SprKind::lr:
      return state.lr;
    case SprKind::ctr:
      return state.ctr;
    case SprKind::spefscr:
      return state.spefscr;
    case SprKind::decrementer:
      return decrementer_value_ -
             static_cast<std::uint32_t>(decrementer_value_ == 0 ? 0 : cycles - decrementer_set_);
    case SprKind::time_base_lower:
      return static_cast<std::uint32_t>(time_base());
    case SprKind::time_base_upper:
      return static_cast<std::uint32_t>(time_base() >> 32);
    case SprKind::mpu_control:
      return mpu_.control();
    case SprKind::process:
      return mpu_.process();
    case SprKind::sprg_alias:
      return spr(static_cast<std::uint16_t>(row->number + 16));
    default:
      return spr(row->number);
  }
}

void Core::write_spr(std::uint32_t number, std::uint32_t value) {
  const SprRow* row = find_spr(number);
  if (row == nullptr) {
    fault = Fault::unknown_spr;
    fault_spr_ = number;
    return;
  }
  if (is_privileged_spr(number) && state.problem_state()) {
    fault = Fault::privileged;
    return;
  }
  std::uint32_t& kept = sprs_[static_cast<std::size_t>(row - spr_rows().data())];
  switch (row->kind) {
    case SprKind::xer:
      state.set_xer(value);
      break;
    case SprKind::lr:
      state.lr = value;
      break;
    case SprKind::ctr:
      state.ctr = value;
      break;
    case SprKind::spefscr:
      state.spefscr = value & row->writable;
      break;
    case SprKind::decrementer:
      decrementer_value_ = value;
      schedule_decrementer();
      break;
    case SprKind::time_base_lower:
      time_base_start_ = ((time_base() & ~std::uint64_t{0xffffffff}) | value) - cycles;
      scheduler_.set_now(cycles);
      time_base_changed();
      break;
    case SprKind::time_base_upper:
      time_base_start_ = (static_cast<std::uint64_t>(value) << 32 | (time_base() & 0xffffffff)) - cycles;
      scheduler_.set_now(cycles);
      time_base_changed();
      break;
    case SprKind::timer_control:
      set_spr(row->number, value);
      scheduler_.set_now(cycles);
      time_base_changed();
      break;
    case SprKind::clear_on_one:
      kept &= ~value;
      break;
    case SprKind::cache_control:
      kept = value & ~kInvalidate;
      if ((value & kInvalidate) != 0) ++(number == spr::l1csr0 ? data_invalidations_ : code_invalidations_);
      break;
    case SprKind::branch_control:
      kept = value & ~kBranchFlush;
      if ((value & kBranchFlush) != 0) ++branch_flushes_;
      break;
    case SprKind::mpu_control:
      mpu_.set_control(value);
      update_protection(true);
      break;
    case SprKind::process:
      mpu_.set_process(value);
      update_protection(true);
      break;
    case SprKind::read_only:
    case SprKind::sprg_alias:
      break;
    default:
      set_spr(row->number, value);
      break;
  }
  update_deadline();
}

void Core::write_msr(std::uint32_t value) {
  constexpr std::uint32_t kImplemented = kMsrCacheLock | kMsrSpe | kMsrWait | kMsrCritical | kMsrExternal |
                                         kMsrProblem | 0x2000 | kMsrMachineCheck | 0x0900 | kMsrDebug | 0x30 |
                                         kMsrRecoverable;
  state.msr = value & kImplemented;
  update_protection();
  update_deadline();
}

void Core::read_mpu_entry() {
  Mpu::AssistRegisters registers = {spr(spr::mas0), spr(spr::mas1), spr(spr::mas2), spr(spr::mas3)};
  mpu_.read_entry(registers);
  for (std::uint16_t i = 0; i < registers.size(); ++i)
    set_spr(static_cast<std::uint16_t>(spr::mas0 + i), registers[i]);
}

void Core::write_mpu_entry() {
  mpu_.write_entry({spr(spr::mas0), spr(spr::mas1), spr(spr::mas2), spr(spr::mas3)});
  update_protection(true);
  update_deadline();
}

// Invalid, division and overflow interrupt before the result is written, inexact ones after it.
bool Core::fp_interrupts(bool before_result) {
  using namespace efpu;
  const std::uint32_t scr = state.spefscr;
  constexpr std::uint32_t kDataEnables = kInvalidEnable | kDivideEnable | kUnderflowEnable | kOverflowEnable;
  // Each flag stands six bits above its enable.
  if (before_result) {
    if (((scr >> 6) & scr & kDataEnables) == 0) return false;
    fault = Fault::fp_data;
    return true;
  }
  if ((scr & kInexactEnable) == 0 || (scr & (kGuard | kRest)) == 0) return false;
  fault = Fault::fp_round;
  return true;
}

}  // namespace mcusim::emulator::e200
