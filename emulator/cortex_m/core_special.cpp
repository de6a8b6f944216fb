#include "emulator/cortex_m/core.h"

// MRS, MSR, CPS, TT and the floating-point context.
namespace mcusim::emulator::cortex_m {
namespace {

// SYSm of the special registers (DDI 0403E B5.1.1).
enum Special : unsigned {
  kMsp = 8,
  kPsp = 9,
  kMsplim = 10,
  kPsplim = 11,
  kPrimask = 16,
  kBasepri = 17,
  kBasepriMax = 18,
  kFaultmask = 19,
  kControl = 20,
};

constexpr unsigned kFrameFpWords = 16;

}  // namespace

std::uint32_t Core::read_special(unsigned number) const {
  if (number < 8) {
    // APSR unless bit 2, IPSR if bit 0; EPSR reads as zero.
    return ((number & 4) == 0 ? state.apsr() : 0) | ((number & 1) != 0 ? state.ipsr : 0);
  }
  if (number == kControl) return state.control & (state.handler_mode() ? ~kControlProcessStack : ~0u);
  if (!state.privileged()) return 0;
  const bool v7m = (features_ & kThumb2) != 0, v8m = (features_ & kV8m) != 0;
  switch (number) {
    case kMsp:
      return state.msp();
    case kPsp:
      return state.psp();
    case kMsplim:
      return v8m ? state.sp_limits[0] : 0;
    case kPsplim:
      return v8m ? state.sp_limits[1] : 0;
    case kPrimask:
      return state.primask;
    case kBasepri:
    case kBasepriMax:
      return v7m ? state.basepri : 0;
    case kFaultmask:
      return v7m ? state.faultmask : 0;
    default:
      return 0;
  }
}

void Core::write_special(unsigned number, unsigned mask, std::uint32_t value) {
  if (number < 8) {
    if ((number & 4) != 0) return;
    if (mask & 2) {
      state.set_nzcv(value);
      if (features_ & kThumb2) state.q = value >> 27 & 1;
    }
    if ((mask & 1) != 0 && (features_ & kDsp) != 0) state.ge = value >> 16 & 15;
    return;
  }
  if (!state.privileged()) return;
  const std::uint32_t sp = state.r[13];
  const bool v7m = (features_ & kThumb2) != 0, v8m = (features_ & kV8m) != 0;
  switch (number) {
    case kMsp:
      state.set_msp(value);
      know_stack(false, state.msp());
      break;
    case kPsp:
      state.set_psp(value);
      know_stack(true, state.psp());
      break;
    case kMsplim:
    case kPsplim:
      if (v8m) state.sp_limits[number - kMsplim] = value & ~7u;
      break;
    case kPrimask:
      state.primask = value & 1;
      break;
    case kBasepri:
      if (v7m) state.basepri = system_.interrupts.implemented(value);
      break;
    case kBasepriMax: {  // only raises
      const std::uint32_t wanted = system_.interrupts.implemented(value);
      if (v7m && wanted != 0 && (state.basepri == 0 || wanted < state.basepri)) state.basepri = wanted;
      break;
    }
    case kFaultmask:
      if (v7m && ((value & 1) == 0 || execution_priority() > -1)) state.faultmask = value & 1;
      break;
    case kControl: {
      std::uint32_t control = value & kControlUnprivileged;
      // Handlers always use MSP; the choice of Thread mode cannot change there.
      control |= (state.handler_mode() ? state.control : value) & kControlProcessStack;
      if (features_ & kFpSingle) control |= value & kControlFpActive;
      state.select(state.ipsr, control);
      break;
    }
    default:
      break;
  }
  if (call_listener != nullptr && state.r[13] != sp) call_listener->stack_changed(flow_point());
  state.update_sp_limit();
  update_protection();
  update_fp_ready();
  update_deadline();
}

void Core::change_masks(bool disable, std::uint32_t which) {
  if (!state.privileged()) return;
  if (which & 2) state.primask = disable;
  if ((which & 1) != 0 && (features_ & kThumb2) != 0 && (!disable || execution_priority() > -1)) {
    state.faultmask = disable;
  }
  update_protection();
  update_deadline();
}

// TT of a core without Security Extension (DDI 0553 C2.4.240): what the MPU would permit.
std::uint32_t Core::test_target(Address address, unsigned kind) const {
  constexpr std::uint32_t kReadable = 1u << 18, kWritable = 1u << 19;
  const bool privileged = (kind & 1) == 0 && state.privileged();  // TTT asks for unprivileged access
  if (!system_.mpu.enabled()) return kReadable | kWritable;
  std::uint32_t result = 0;
  if (system_.mpu.permits(address, {privileged, false, false})) result |= kReadable;
  if (system_.mpu.permits(address, {privileged, true, false})) result |= kWritable;
  return result;
}

void Core::update_fp_ready() {
  const unsigned access = system_.cpacr >> 20 & 3;
  const bool granted = access == 3 || (access == 1 && state.privileged());
  const bool context = (state.control & kControlFpActive) != 0 || (system_.fpccr & kFpccrAutomatic) == 0;
  state.fp_ready =
      (features_ & kFpSingle) != 0 && granted && context && (system_.fpccr & kFpccrLazyActive) == 0;
}

// The first FP instruction of a context (DDI 0403E B1.5.7, ExecuteFPCheck and PreserveFPState).
void Core::prepare_fp() {
  const unsigned access = system_.cpacr >> 20 & 3;
  if (access != 3 && !(access == 1 && state.privileged())) {
    fault = Fault::no_coprocessor;
    return;
  }
  if ((system_.fpccr & kFpccrLazyActive) != 0) {
    const bool privileged = (system_.fpccr & kFpccrUser) == 0;
    for (unsigned i = 0; i < kFrameFpWords && fault == Fault::none; ++i) {
      store_checked(system_.fpcar + i * 4, 4, state.s[i], privileged);
    }
    if (fault == Fault::none)
      store_checked(system_.fpcar + kFrameFpWords * 4, 4, state.fpscr.bits, privileged);
    if (fault != Fault::none) {
      fault = fault == Fault::mpu_data ? Fault::mpu_lazy_fp : Fault::bus_lazy_fp;
      return;
    }
    system_.fpccr &= ~kFpccrLazyActive;
    spend_on_exception(frame_cycles(system_.fpcar, true, true));
  }
  if ((system_.fpccr & kFpccrAutomatic) != 0 && (state.control & kControlFpActive) == 0) {
    state.fpscr.bits = (state.fpscr.bits & ~0x07c00000u) | system_.fpdscr;
    state.control |= kControlFpActive;
  }
  update_fp_ready();
}

}  // namespace mcusim::emulator::cortex_m
