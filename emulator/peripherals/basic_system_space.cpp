#include "emulator/peripherals/basic_system_space.h"

namespace mcusim::emulator {
namespace {

// Offsets from 0xE0000000.
constexpr std::uint32_t kItmEnd = 0x1000, kItmStimulusEnd = 0x80;
constexpr std::uint32_t kDwtCtrl = 0x1000, kDwtCyccnt = 0x1004, kDwtLar = 0x1fb0, kDwtLsr = 0x1fb4;
constexpr std::uint32_t kDwtEnd = 0x2000;
constexpr std::uint32_t kSystickCtrl = 0xe010, kSystickLoad = 0xe014, kSystickVal = 0xe018;
constexpr std::uint32_t kNvicEnable = 0xe100, kNvicDisable = 0xe180, kNvicDisableEnd = 0xe200;
constexpr std::uint32_t kCpuid = 0xed00, kVtor = 0xed08, kAircr = 0xed0c, kCcr = 0xed14;
constexpr std::uint32_t kClidr = 0xed78, kCtr = 0xed7c, kCcsidr = 0xed80, kCsselr = 0xed84;
constexpr std::uint32_t kMpuType = 0xed90, kMpuCtrl = 0xed94;
constexpr std::uint32_t kDemcr = 0xedfc;
constexpr std::uint32_t kFpccr = 0xef34, kMvfr0 = 0xef40, kMvfr1 = 0xef44, kMvfr2 = 0xef48;
constexpr std::uint32_t kCacheMaintenance = 0xef50, kCacheMaintenanceEnd = 0xef80;

constexpr std::uint32_t kLockKey = 0xc5acce55;
constexpr std::uint32_t kDemcrTrcena = 1u << 24;
constexpr std::uint32_t kDwtCyccntena = 1u << 0, kDwtNocyccnt = 1u << 25, kDwtComparators = 4u << 28;
constexpr std::uint32_t kSystickEnable = 1u << 0, kSystickTickint = 1u << 1, kSystickClksource = 1u << 2,
                        kSystickCountflag = 1u << 16;
constexpr std::uint32_t kAircrReadKey = 0xfa050000, kAircrWriteKey = 0x05fa0000, kAircrPrigroup = 0x700;

}  // namespace

BasicSystemSpace::BasicSystemSpace(const mcu_models::CoreModel& core, mcu_models::Fpu fpu,
                                   const Scheduler& scheduler, const Options& options, NotModelledLog* log)
    : scheduler_(scheduler),
      options_(options),
      log_(log),
      has_cycle_counter_(core.cycle_counter),
      has_l1_caches_(core.name == "cortex-m7") {
  store_.set_word(kCpuid, core.cpuid);
  store_.set_word(kVtor, options.vector_table);
  store_.set_word(kCcr, has_l1_caches_ ? 0x40200 : 0x200);  // STKALIGN; BP on the M7.
  store_.set_word(kMpuType, core.mpu_regions << 8);
  if (has_l1_caches_) {
    store_.set_word(kClidr, 0x09000003);
    store_.set_word(kCtr, 0x8303c003);
  }
  if (fpu != mcu_models::Fpu::none) {
    const bool double_precision = fpu == mcu_models::Fpu::fpv5_dp;
    store_.set_word(kFpccr, 0xc0000000);  // ASPEN, LSPEN.
    store_.set_word(kMvfr0, double_precision ? 0x10110221 : 0x10110021);
    store_.set_word(kMvfr1, double_precision ? 0x12000011 : 0x11000011);
    store_.set_word(kMvfr2, fpu == mcu_models::Fpu::fpv4_sp ? 0 : 0x40);
  }
}

std::uint32_t BasicSystemSpace::read(std::uint32_t offset, unsigned width) {
  return read_through_words(offset, width, [this](std::uint32_t aligned) { return read_word(aligned); });
}

void BasicSystemSpace::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if (width == 4 && offset % 4 == 0) return write_word(offset, value);
  // Byte and half-word writes are for plain registers: the priorities of NVIC and system handlers.
  store_.write(offset, width, value);
}

std::uint32_t BasicSystemSpace::read_word(std::uint32_t offset) {
  // Nothing listens at the trace ports; firmware that waits for room there must not hang.
  if (offset < kItmStimulusEnd) return 1;
  if (offset >= kCacheMaintenance && offset < kCacheMaintenanceEnd) return 0;
  switch (offset) {
    case kDwtCtrl:
      return (store_.word(kDwtCtrl) & 0x01ffffff) | kDwtComparators | (has_cycle_counter_ ? 0 : kDwtNocyccnt);
    case kDwtCyccnt:
      return has_cycle_counter_ ? cycle_count() : 0;
    case kDwtLsr:
      return options_.dwt_lock ? 1u | (dwt_unlocked_ ? 0u : 2u) : 0;
    case kSystickCtrl: {
      advance_systick();
      const std::uint32_t flag = systick_flag_ ? kSystickCountflag : 0;
      systick_flag_ = false;
      return store_.word(kSystickCtrl) | flag;
    }
    case kSystickVal:
      advance_systick();
      return systick_value_;
    case kAircr:
      return kAircrReadKey | (store_.word(kAircr) & kAircrPrigroup);
    case kCcsidr:
      return has_l1_caches_ ? cache_size_id() : 0;
    default:
      if (offset >= kNvicDisable && offset < kNvicDisableEnd) {
        return store_.word(offset - kNvicDisable + kNvicEnable);
      }
      return store_.word(offset);
  }
}

void BasicSystemSpace::write_word(std::uint32_t offset, std::uint32_t value) {
  if (offset < kItmEnd) return;
  if (offset >= kDwtCtrl && offset < kDwtEnd) return write_dwt(offset, value);
  switch (offset) {
    case kSystickCtrl:
      advance_systick();
      store_.set_word(offset, value & (kSystickEnable | kSystickTickint | kSystickClksource));
      if ((value & kSystickTickint) != 0) log_->note("SysTick interrupt (this engine delivers none)");
      return;
    case kSystickLoad:
      advance_systick();
      store_.set_word(offset, value & 0x00ffffff);
      return;
    case kSystickVal:  // Any write clears the counter and its flag.
      advance_systick();
      systick_value_ = 0;
      systick_flag_ = false;
      return;
    case kAircr:
      if ((value & 0xffff0000) == kAircrWriteKey) store_.set_word(kAircr, value & kAircrPrigroup);
      return;
    case kDemcr: {
      const std::uint32_t count = cycle_count();
      store_.set_word(kDemcr, value);
      set_cycle_count(count);
      return;
    }
    case kMpuCtrl:
      if ((value & 1) != 0) log_->note("MPU (this engine does not enforce it)");
      break;
    case kCpuid:
    case kMpuType:
    case kClidr:
    case kCtr:
    case kCcsidr:
    case kMvfr0:
    case kMvfr1:
    case kMvfr2:
      return;
    default:
      if (offset >= kNvicEnable && offset < kNvicDisable) {
        log_->note("NVIC interrupts (this engine delivers none)");
        value |= store_.word(offset);
      } else if (offset >= kNvicDisable && offset < kNvicDisableEnd) {
        offset = offset - kNvicDisable + kNvicEnable;
        value = store_.word(offset) & ~value;
      }
      break;
  }
  store_.set_word(offset, value);
}

bool BasicSystemSpace::counter_runs() const {
  return (store_.word(kDemcr) & kDemcrTrcena) != 0 && (store_.word(kDwtCtrl) & kDwtCyccntena) != 0;
}

std::uint32_t BasicSystemSpace::cycle_count() const {
  return cycle_base_ + (counter_runs() ? static_cast<std::uint32_t>(scheduler_.now()) : 0);
}

void BasicSystemSpace::set_cycle_count(std::uint32_t value) {
  cycle_base_ = value - (counter_runs() ? static_cast<std::uint32_t>(scheduler_.now()) : 0);
}

void BasicSystemSpace::write_dwt(std::uint32_t offset, std::uint32_t value) {
  if (offset == kDwtLar) {
    dwt_unlocked_ = value == kLockKey;
    return;
  }
  if (options_.dwt_lock && !dwt_unlocked_) return;
  const std::uint32_t count = cycle_count();
  if (offset != kDwtCyccnt) store_.set_word(offset, value);
  set_cycle_count(offset == kDwtCyccnt ? value : count);
}

void BasicSystemSpace::advance_systick() {
  const std::uint32_t control = store_.word(kSystickCtrl);
  // The external reference of the STM32 is the core clock / 8 (RM0433, NVIC chapter).
  const Cycles per_tick = (control & kSystickClksource) != 0 ? 1 : 8;
  const Cycles now = scheduler_.now();
  if ((control & kSystickEnable) == 0) {
    systick_time_ = now;
    return;
  }
  Cycles ticks = (now - systick_time_) / per_tick;
  systick_time_ += ticks * per_tick;
  if (ticks == 0) return;
  const std::uint64_t load = store_.word(kSystickLoad);
  if (systick_value_ != 0) {
    if (ticks < systick_value_) {
      systick_value_ -= static_cast<std::uint32_t>(ticks);
      return;
    }
    ticks -= systick_value_;
    systick_value_ = 0;
    systick_flag_ = true;
  }
  // From 0 the next tick reloads; a load value of 0 keeps the counter at 0.
  if (load == 0 || ticks == 0) return;
  if (ticks > load) systick_flag_ = true;
  const Cycles phase = ticks % (load + 1);
  systick_value_ = static_cast<std::uint32_t>(phase == 0 ? 0 : load + 1 - phase);
}

std::uint32_t BasicSystemSpace::cache_size_id() const {
  const bool instruction = (store_.word(kCsselr) & 1) != 0;
  const std::uint32_t ways = instruction ? 2 : 4;
  const std::uint32_t bytes = instruction ? options_.l1_instruction_bytes : options_.l1_data_bytes;
  const std::uint32_t sets = bytes / ways / 32;
  // WT, WB, RA, WA of the M7; sets and ways less one; line size 1 stands for 8 words.
  return 0xf0000000 | (sets - 1) << 13 | (ways - 1) << 3 | 1;
}

}  // namespace mcusim::emulator
