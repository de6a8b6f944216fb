#include "emulator/cortex_m/system/system_control.h"

#include <array>

namespace mcusim::emulator::cortex_m {
namespace {

// Offsets in the private peripheral bus.
constexpr std::uint32_t kItm = 0x00000, kDwt = 0x01000, kScs = 0x0e000;
constexpr std::uint32_t kMpuFirst = 0xd90, kMpuLast = 0xdc7, kSoftwareTrigger = 0xf00;

std::uint32_t merge(std::uint32_t old, std::uint32_t value, std::uint32_t mask) {
  return (old & ~mask) | (value & mask);
}

// SHCSR bit of each system exception's states (DDI 0403E B3.2.13).
struct HandlerBits {
  unsigned exception;
  int active, pending, enabled;
};
constexpr HandlerBits kHandlerBits[] = {
    {kMemManage, 0, 13, 16},    {kBusFault, 1, 14, 17}, {kUsageFault, 3, 12, 18}, {kSvCall, 7, 15, -1},
    {kDebugMonitor, 8, -1, -1}, {kPendSv, 10, -1, -1},  {kSysTick, 11, -1, -1},
};

constexpr bool is_cortex_m7(std::uint32_t cpuid) { return (cpuid >> 4 & 0xfff) == 0xc27; }

}  // namespace

// Armv6-M: STKALIGN and UNALIGN_TRP are constant (DDI 0419 B3.2.8). Cortex-M7: STKALIGN and BP read as one,
// and IC and DC exist (DDI 0489 3.2). Armv8-M: bits 0 and 9 read as one (DDI 0553, CCR).
SystemControl::CcrBits SystemControl::ccr_bits(Features features, std::uint32_t cpuid) {
  if ((features & kThumb2) == 0) return {0, 0x208};
  if ((features & kV8m) != 0) return {0x71b, 0x201};
  if (is_cortex_m7(cpuid)) return {0x3031b, 0x40200};
  return {0x31b, 0};
}

SystemControl::SystemControl(const mcu_models::McuModel& mcu, Features features, Scheduler& scheduler,
                             const SystemOptions& options)
    : interrupts(mcu.interrupt_count, mcu.priority_bits),
      systick(scheduler, {options.systick_reference, mcu.systick_calibration},
              [this] { interrupts.set_pending(kSysTick, true); }),
      mpu(mcu.core.mpu_regions, (features & kV8m) != 0),
      dwt(scheduler, {mcu.core.cycle_counter, mcu.core.dwt_lock, options.dwt_lock}),
      itm((features & kV8m) != 0),
      features_(features),
      cpuid_(mcu.core.cpuid),
      ccr_bits_(ccr_bits(features, mcu.core.cpuid)),
      caches_(mcu) {
  reset(0);
}

void SystemControl::reset(Address vector_table) {
  interrupts.reset();
  systick.reset();
  mpu.reset();
  dwt.reset();
  itm.reset();
  vtor = vector_table;
  scr = cfsr = hfsr = dfsr = mmfar = bfar = cpacr = fpcar = fpdscr = demcr = active_vector = 0;
  ccr = kCcrStackAlign | ccr_bits_.always;
  fpccr = (features_ & kFpSingle) ? kFpccrAutomatic | kFpccrLazyEnabled : 0;
  reset_requested = false;
  mpu_changed = true;
  caches_.reset();
}

std::uint32_t SystemControl::read(Address address, unsigned width) {
  const std::uint32_t word = read_word(address & ~3u);
  const std::uint32_t shifted = word >> (address & 3) * 8;
  return width == 4 ? shifted : shifted & ((1u << width * 8) - 1);
}

bool SystemControl::unprivileged_may_access(Address address, bool write) const {
  const std::uint32_t offset = address - kBase;
  if (offset < kItm + 0x1000) return has_trace();
  return write && offset == kScs + kSoftwareTrigger && (ccr & kCcrUserSetPending) != 0;
}

void SystemControl::write(Address address, unsigned width, std::uint32_t value, bool privileged) {
  const std::uint32_t offset = address - kBase;
  if (offset < kItm + 0x1000) {
    if (has_trace()) itm.write(offset & ~3u, width, value, privileged);
    return;
  }
  const unsigned shift = (address & 3) * 8;
  const std::uint32_t mask = (width == 4 ? ~0u : (1u << width * 8) - 1) << shift;
  write_word(address & ~3u, value << shift, mask);
}

std::uint32_t SystemControl::read_word(Address address) {
  const std::uint32_t offset = address - kBase;
  if (offset < kItm + 0x1000) return has_trace() ? itm.read(offset) : 0;
  if (offset >= kDwt && offset < kDwt + 0x1000) return dwt.read(offset - kDwt);
  if (offset < kScs || offset >= kScs + 0x1000) return 0;
  const std::uint32_t scs = offset - kScs;
  if (scs >= 0x10 && scs < 0x20) return systick.read(scs - 0x10);
  if (scs >= 0x100 && scs < 0xd00) return read_interrupts(scs);
  if (scs >= kMpuFirst && scs <= kMpuLast) return mpu.read(scs - kMpuFirst);
  return read_block(scs);
}

void SystemControl::write_word(Address address, std::uint32_t value, std::uint32_t mask) {
  const std::uint32_t offset = address - kBase;
  if (offset >= kDwt && offset < kDwt + 0x1000) return dwt.write(offset - kDwt, value);
  if (offset < kScs || offset >= kScs + 0x1000) return;
  const std::uint32_t scs = offset - kScs;
  if (scs >= 0x10 && scs < 0x20) return systick.write(scs - 0x10, value);
  if (scs >= 0x100 && scs < 0xd00) return write_interrupts(scs, value, mask);
  if (scs >= kMpuFirst && scs <= kMpuLast) {
    mpu_changed = true;
    return mpu.write(scs - kMpuFirst, value);
  }
  write_block(scs, value, mask);
}

std::uint32_t SystemControl::read_interrupts(std::uint32_t offset) const {
  std::uint32_t result = 0;
  const auto collect = [&](unsigned first, auto&& state) {
    for (unsigned i = 0; i < 32 && first + i < interrupts.exception_count(); ++i) {
      if (state(first + i)) result |= 1u << i;
    }
  };
  const unsigned first = kFirstInterrupt + (offset & 0x7f) * 8;
  if (offset < 0x200)
    collect(first, [&](unsigned n) { return interrupts.enabled(n); });
  else if (offset < 0x300)
    collect(first, [&](unsigned n) { return interrupts.pending(n); });
  else if (offset < 0x380)
    collect(first, [&](unsigned n) { return interrupts.active(n); });
  else if (offset >= 0x400 && offset < 0x5f0) {
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned number = kFirstInterrupt + (offset - 0x400) + i;
      if (number < interrupts.exception_count())
        result |= std::uint32_t{interrupts.priority(number)} << i * 8;
    }
  }
  return result;
}

void SystemControl::write_interrupts(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  value &= mask;
  if (offset >= 0x400 && offset < 0x5f0) {
    for (unsigned i = 0; i < 4; ++i) {
      if ((mask >> i * 8 & 0xff) == 0) continue;
      interrupts.set_priority(kFirstInterrupt + (offset - 0x400) + i,
                              static_cast<std::uint8_t>(value >> i * 8));
    }
    return;
  }
  const unsigned first = kFirstInterrupt + (offset & 0x7f) * 8;
  for (unsigned i = 0; i < 32; ++i) {
    if ((value >> i & 1) == 0) continue;
    switch (offset >> 7) {
      case 0x100 >> 7:
        interrupts.set_enabled(first + i, true);
        break;
      case 0x180 >> 7:
        interrupts.set_enabled(first + i, false);
        break;
      case 0x200 >> 7:
        interrupts.set_pending(first + i, true);
        break;
      case 0x280 >> 7:
        interrupts.set_pending(first + i, false);
        break;
      default:
        break;
    }
  }
}

std::uint32_t SystemControl::icsr() const {
  const unsigned pending = interrupts.next();
  const bool only_one = interrupts.active_count() <= 1;
  return active_vector | (only_one ? 1u << 11 : 0) | pending << 12 |
         (interrupts.any_interrupt_pending() ? 1u << 22 : 0) | (interrupts.pending(kSysTick) ? 1u << 26 : 0) |
         (interrupts.pending(kPendSv) ? 1u << 28 : 0) | (interrupts.pending(kNmi) ? 1u << 31 : 0);
}

std::uint32_t SystemControl::shcsr() const {
  std::uint32_t result = 0;
  for (const HandlerBits& bits : kHandlerBits) {
    if (interrupts.active(bits.exception)) result |= 1u << bits.active;
    if (bits.pending >= 0 && interrupts.pending(bits.exception)) result |= 1u << bits.pending;
    if (bits.enabled >= 0 && interrupts.enabled(bits.exception)) result |= 1u << bits.enabled;
  }
  return result;
}

std::uint32_t SystemControl::read_block(std::uint32_t offset) {
  switch (offset) {
    case 0x004:
      return interrupts.exception_count() / 32 - ((interrupts.exception_count() % 32) ? 0 : 1);
    case 0xd00:
      return cpuid_;
    case 0xd04:
      return icsr();
    case 0xd08:
      return vtor;
    case 0xd0c:
      return 0xfa050000u | interrupts.grouping() << 8;
    case 0xd10:
      return scr;
    case 0xd14:
      return ccr;
    case 0xd18:
    case 0xd1c:
    case 0xd20: {
      std::uint32_t result = 0;
      for (unsigned i = 0; i < 4; ++i) {
        const unsigned number = 4 + (offset - 0xd18) + i;
        result |= std::uint32_t{interrupts.priority(number)} << i * 8;
      }
      return result;
    }
    case 0xd24:
      return shcsr();
    case 0xd28:
      return cfsr;
    case 0xd2c:
      return hfsr;
    case 0xd30:
      return dfsr;
    case 0xd34:
      return mmfar;
    case 0xd38:
      return bfar;
    case 0xd84:
      return caches_.selection();
    case 0xd88:
      return cpacr;
    case 0xdfc:
      return demcr;
    case 0xf34:
      return fpccr;
    case 0xf38:
      return fpcar;
    case 0xf3c:
      return fpdscr;
    default:
      return feature_register(offset);
  }
}

void SystemControl::write_block(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  value &= mask;
  switch (offset) {
    case 0xd04:
      if (value >> 31 & 1) interrupts.set_pending(kNmi, true);
      if (value >> 28 & 1) interrupts.set_pending(kPendSv, true);
      if (value >> 27 & 1) interrupts.set_pending(kPendSv, false);
      if (value >> 26 & 1) interrupts.set_pending(kSysTick, true);
      if (value >> 25 & 1) interrupts.set_pending(kSysTick, false);
      return;
    case 0xd08:
      vtor = merge(vtor, value, mask) & 0xffffff80u;
      return;
    case 0xd0c:
      if (value >> 16 != 0x05fa) return;
      if (features_ & kThumb2) interrupts.set_grouping(value >> 8);
      if (value & 4) reset_requested = true;
      return;
    case 0xd10:
      scr = merge(scr, value, mask) & 0x16;
      return;
    case 0xd14:
      ccr = (merge(ccr, value, mask) & ccr_bits_.exist) | ccr_bits_.always;
      return;
    case 0xd18:
    case 0xd1c:
    case 0xd20:
      for (unsigned i = 0; i < 4; ++i) {
        const unsigned number = 4 + (offset - 0xd18) + i;
        if (mask >> i * 8 & 0xff) interrupts.set_priority(number, static_cast<std::uint8_t>(value >> i * 8));
      }
      return;
    case 0xd24: {
      if ((features_ & kThumb2) == 0) return;
      const std::uint32_t merged = merge(shcsr(), value, mask);
      for (const HandlerBits& bits : kHandlerBits) {
        interrupts.set_active(bits.exception, merged >> bits.active & 1);
        if (bits.enabled >= 0) interrupts.set_enabled(bits.exception, merged >> bits.enabled & 1);
        if (bits.pending >= 0) interrupts.set_pending(bits.exception, merged >> bits.pending & 1);
      }
      return;
    }
    case 0xd28:
      cfsr &= ~value;
      return;
    case 0xd2c:
      hfsr &= ~value;
      return;
    case 0xd30:
      dfsr &= ~value;
      return;
    case 0xd34:
      mmfar = value;
      return;
    case 0xd38:
      bfar = value;
      return;
    case 0xd84:
      caches_.select(value);
      return;
    case 0xd88:
      if (features_ & kFpSingle) cpacr = merge(cpacr, value, mask) & 0x00f00000u;
      return;
    case 0xdfc:
      demcr = merge(demcr, value, mask) & 0x010f07f1u;
      dwt.set_trace_enabled(demcr >> 24 & 1);
      itm.set_trace_enabled(demcr >> 24 & 1);
      return;
    case kSoftwareTrigger:
      interrupts.set_pending(kFirstInterrupt + (value & 0x1ff), true);
      return;
    case 0xf34:
      if (features_ & kFpSingle) fpccr = merge(fpccr, value, mask);
      return;
    case 0xf38:
      fpcar = value & ~7u;
      return;
    case 0xf3c:
      fpdscr = value & 0x07c00000u;
      return;
    default:
      return;  // cache maintenance has no effect on what is computed
  }
}

// Identification (DDI 0403E B4, DDI 0489 4.3).
std::uint32_t SystemControl::feature_register(std::uint32_t offset) const {
  const bool thumb2 = (features_ & kThumb2) != 0, dsp = (features_ & kDsp) != 0;
  if (!thumb2) return 0;
  switch (offset) {
    case 0xd40:
      return 0x00000030u;
    case 0xd44:
      return 0x00000200u;
    case 0xd48:
      return 0x00100000u;
    case 0xd50:
      return caches_.present() ? 0x00100030u : 0x00000030u;
    case 0xd58:
      return caches_.present() ? 0x01000000u : 0;
    case 0xd60:
      return 0x01101110u;
    case 0xd64:
      return dsp ? 0x02112000u : 0x02111000u;
    case 0xd68:
      return dsp ? 0x21232231u : 0x21112231u;
    case 0xd6c:
      return dsp ? 0x01111131u : 0x01111110u;
    case 0xd70:
      return 0x01310132u;
    case 0xd78:
      return caches_.level_id();
    case 0xd7c:
      return caches_.type();
    case 0xd80:
      return caches_.size_id();
    case 0xf40:
      return !(features_ & kFpSingle) ? 0 : (features_ & kFpDouble) ? 0x10110221u : 0x10110021u;
    case 0xf44:
      return !(features_ & kFpSingle) ? 0 : (features_ & kFpDouble) ? 0x12000011u : 0x11000011u;
    case 0xf48:
      return (features_ & kFp5) ? 0x00000040u : 0;
    default:
      return 0;
  }
}

}  // namespace mcusim::emulator::cortex_m
