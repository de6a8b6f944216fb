#include "emulator/peripherals/basic_system_space.h"

namespace mcusim::emulator {
namespace {

// Offsets from 0xE0000000.
constexpr std::uint32_t kItmEnd = 0x1000, kDwt = 0x1000, kDwtEnd = 0x2000;
constexpr std::uint32_t kSystick = 0xe010, kSystickEnd = 0xe020;
constexpr std::uint32_t kNvicEnable = 0xe100, kNvicDisable = 0xe180, kNvicDisableEnd = 0xe200;
constexpr std::uint32_t kCpuid = 0xed00, kVtor = 0xed08, kAircr = 0xed0c, kCcr = 0xed14;
constexpr std::uint32_t kClidr = 0xed78, kCtr = 0xed7c, kCcsidr = 0xed80, kCsselr = 0xed84;
constexpr std::uint32_t kMpuType = 0xed90, kMpuCtrl = 0xed94;
constexpr std::uint32_t kDemcr = 0xedfc;
constexpr std::uint32_t kFpccr = 0xef34, kMvfr0 = 0xef40, kMvfr1 = 0xef44, kMvfr2 = 0xef48;
constexpr std::uint32_t kCacheMaintenance = 0xef50, kCacheMaintenanceEnd = 0xef80;

constexpr std::uint32_t kDemcrTrcena = 1u << 24;
constexpr std::uint32_t kSystickTickint = 1u << 1;
constexpr std::uint32_t kAircrReadKey = 0xfa050000, kAircrWriteKey = 0x05fa0000, kAircrPrigroup = 0x700;

}  // namespace

BasicSystemSpace::BasicSystemSpace(const mcu_models::McuModel& mcu, Scheduler& scheduler,
                                   const Options& options, NotModelledLog* log)
    : log_(log),
      systick_(scheduler, {options.system.systick_reference, mcu.systick_calibration}, {}),
      dwt_(scheduler, {mcu.core.cycle_counter, mcu.core.dwt_lock, options.system.dwt_lock}),
      itm_(mcu.core.architecture == mcu_models::Architecture::v8m_main),
      caches_(mcu) {
  const mcu_models::CoreModel& core = mcu.core;
  store_.set_word(kCpuid, core.cpuid);
  store_.set_word(kVtor, options.vector_table);
  store_.set_word(kCcr, caches_.present() ? 0x40200 : 0x200);  // STKALIGN; BP on the M7.
  store_.set_word(kMpuType, core.mpu_regions << 8);
  if (mcu.fpu != mcu_models::Fpu::none) {
    const bool double_precision = mcu.fpu == mcu_models::Fpu::fpv5_dp;
    store_.set_word(kFpccr, 0xc0000000);  // ASPEN, LSPEN.
    store_.set_word(kMvfr0, double_precision ? 0x10110221 : 0x10110021);
    store_.set_word(kMvfr1, double_precision ? 0x12000011 : 0x11000011);
    store_.set_word(kMvfr2, mcu.fpu == mcu_models::Fpu::fpv4_sp ? 0 : 0x40);
  }
}

std::uint32_t BasicSystemSpace::read(std::uint32_t offset, unsigned width) {
  return read_through_words(offset, width, [this](std::uint32_t aligned) { return read_word(aligned); });
}

void BasicSystemSpace::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if (offset < kItmEnd) return itm_.write(offset & ~3u, width, value, true);
  if (width == 4 && offset % 4 == 0) return write_word(offset, value);
  // Byte and half-word writes are for plain registers: the priorities of NVIC and system handlers.
  store_.write(offset, width, value);
}

std::uint32_t BasicSystemSpace::read_word(std::uint32_t offset) {
  if (offset < kItmEnd) return itm_.read(offset);
  if (offset >= kDwt && offset < kDwtEnd) return dwt_.read(offset - kDwt);
  if (offset >= kSystick && offset < kSystickEnd) return systick_.read(offset - kSystick);
  if (offset >= kCacheMaintenance && offset < kCacheMaintenanceEnd) return 0;
  switch (offset) {
    case kAircr:
      return kAircrReadKey | (store_.word(kAircr) & kAircrPrigroup);
    case kClidr:
      return caches_.level_id();
    case kCtr:
      return caches_.type();
    case kCcsidr:
      return caches_.size_id();
    case kCsselr:
      return caches_.selection();
    default:
      if (offset >= kNvicDisable && offset < kNvicDisableEnd) {
        return store_.word(offset - kNvicDisable + kNvicEnable);
      }
      return store_.word(offset);
  }
}

void BasicSystemSpace::write_word(std::uint32_t offset, std::uint32_t value) {
  if (offset >= kDwt && offset < kDwtEnd) return dwt_.write(offset - kDwt, value);
  if (offset >= kSystick && offset < kSystickEnd) {
    if (offset == kSystick && (value & kSystickTickint) != 0)
      log_->note("SysTick interrupt (this engine delivers none)");
    return systick_.write(offset - kSystick, value);
  }
  switch (offset) {
    case kAircr:
      if ((value & 0xffff0000) == kAircrWriteKey) store_.set_word(kAircr, value & kAircrPrigroup);
      return;
    case kDemcr:
      dwt_.set_trace_enabled((value & kDemcrTrcena) != 0);
      itm_.set_trace_enabled((value & kDemcrTrcena) != 0);
      break;
    case kCsselr:
      return caches_.select(value);
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

}  // namespace mcusim::emulator
