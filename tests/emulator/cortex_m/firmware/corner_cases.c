// Firmware of corner_cases_test.cpp: what the exception model does at its edges. A fault handler notes what
// it finds and stops there, on a stack of its own, because in these cases the one in use may be unusable.
#include "scenarios.h"

#define NOWHERE 0x30000000u  // no memory
#define GUARDED 0x2000c000u  // 4 KiB that forbid() takes away; their upper end is a stack
#define GUARDED_END 0x2000d000u

static volatile uint32_t fault_stack[32] __attribute__((aligned(8), used));
static uint32_t (*volatile on_svc)(uint32_t link, uint32_t* frame);
static void (*volatile on_irq[2])(uint32_t link);

__attribute__((used, noreturn)) static void record_fault(uint32_t link) {
  note(ipsr());
  note(link);
#if __ARM_ARCH >= 7
  note(CFSR);
  note(HFSR);
  note(MMFAR);
  note(BFAR);
  note(SHCSR);
#endif
  for (;;) {
  }
}
__attribute__((naked)) void Fault_Handler(void) {
  __asm volatile("mov r0, lr\n ldr r1, =fault_stack + 128\n mov sp, r1\n b record_fault\n .ltorg");
}
__attribute__((naked)) void Faulting_Handler(void) { __asm volatile("udf #1"); }
__attribute__((naked)) void Calling_Handler(void) { __asm volatile("svc #1\n b ."); }

// Returns with the link that on_svc() answers.
__attribute__((naked)) void SVC_Handler(void) {
  __asm volatile(
      "mov r0, lr\n mov r1, sp\n push {r4, lr}\n"
      "ldr r2, =on_svc\n ldr r2, [r2]\n blx r2\n"
      "pop {r1, r2}\n mov r4, r1\n bx r0\n .ltorg");
}
__attribute__((used)) static void enter_irq(unsigned number, uint32_t link) {
  if (on_irq[number]) on_irq[number](link);
}
__attribute__((naked)) void IRQ0_Handler(void) {
  __asm volatile("mov r1, lr\n movs r0, #0\n push {r4, lr}\n bl enter_irq\n pop {r4, pc}");
}
__attribute__((naked)) void IRQ1_Handler(void) {
  __asm volatile("mov r1, lr\n movs r0, #1\n push {r4, lr}\n bl enter_irq\n pop {r4, pc}");
}

static uint32_t note_link(uint32_t link, uint32_t* frame) {
  (void)frame;
  note(link);
  return link;
}

#define SVC() __asm volatile("svc #0" ::: "memory")
// From here on the process stack is used; `code` must not return.
#define ON_PROCESS_STACK(sp, code)                                                             \
  __asm volatile("msr psp, %0\n movs r1, #2\n msr control, r1\n isb\n" code "\n b ." ::"r"(sp) \
                 : "r0", "r1", "r2", "r3", "memory")

// --- Interrupts that come while another one is entered or left; the test raises the lines ---
// Each handler has its own results, since note() must not be interrupted by another.
static void arrive0(uint32_t link) {
  results[0] = 1;
  results[1] = link;
  ++results[2];
}
static void arrive1(uint32_t link) {
  results[3] = results[0];
  results[4] = link;
  ++results[5];
}
static void arrivals(void) {
  on_irq[0] = arrive0;
  on_irq[1] = arrive1;
  NVIC_IPR(0) = 0x80;
  NVIC_IPR(1) = 0x40;
  NVIC_ISER0 = 3;
  for (volatile unsigned i = 0; i < 300; ++i) {
  }
}

// --- Escalation and lockup ---
static void svc_masked(void) {
  __asm volatile("cpsid i");
  SVC();
}
static void call_again(uint32_t link) {
  (void)link;
  SVC();
}
static void svc_in_more_urgent_handler(void) {
  on_svc = note_link;
  SHPR2 = 0x80000000;
  NVIC_IPR(0) = 0x40;
  on_irq[0] = call_again;
  NVIC_ISER0 = 1;
  NVIC_ISPR0 = 1;
  BARRIER();
}
static void undefined(void) { __asm volatile("udf #0"); }
static void nmi(void) {
  ICSR = 1u << 31;
  BARRIER();
}

#if __ARM_ARCH >= 7
#define ENABLE_FAULTS() (SHCSR = 7u << 16)

static void faultmask(void) {
  __asm volatile("cpsid f");
  undefined();
}
static void bus_fault_ignored(void) {
  CCR |= 1u << 8;  // BFHFNMIGN
  __asm volatile("cpsid f");
  __asm volatile("ldr r0, [%0]\n str r0, [%0]" ::"r"(NOWHERE) : "r0", "memory");
  note(0xff);
}
static void less_urgent_fault(void) {
  // UsageFault at the priority of the handler in which it happens.
  ENABLE_FAULTS();
  SHPR1 = 0x00800000;
  NVIC_IPR(0) = 0x80;
  on_irq[0] = (void (*)(uint32_t))undefined;
  NVIC_ISER0 = 1;
  NVIC_ISPR0 = 1;
  BARRIER();
}

// --- Fault status ---
static void fetch_from_hole(void) {
  ENABLE_FAULTS();
  BFAR = 0x1234;
  ((void (*)(void))(NOWHERE | 1))();
}
static void fetch_from_device(void) {
  ENABLE_FAULTS();
  MMFAR = 0x1234;
  ((void (*)(void))0x40000001)();
}
static void other_coprocessor(void) {
  ENABLE_FAULTS();
  __asm volatile(".hword 0xee00, 0x0010");  // mcr p0, 0, r0, c0, c0, 0
}
// --- Returns that are refused ---
static uint32_t corrupt_link(uint32_t link, uint32_t* frame) {
  (void)frame;
  return link ^ 1u << 1 ^ 1u << 4;
}
static uint32_t link_to_handler(uint32_t link, uint32_t* frame) {
  (void)frame;
  return link & ~0xcu;
}
static uint32_t frame_of_handler(uint32_t link, uint32_t* frame) {
  frame[7] |= 11;
  return link;
}
static uint32_t frame_outside_thumb(uint32_t link, uint32_t* frame) {
  frame[7] &= ~(1u << 24);
  return link;
}
static uint32_t no_longer_active(uint32_t link, uint32_t* frame) {
  (void)frame;
  SHCSR &= ~(1u << 7);
  return link;
}
static uint32_t to_thread_without_state(uint32_t link, uint32_t* frame) {
  frame[7] &= ~0x1ffu;
  return link | 8;  // Thread mode, though an interrupt is still active
}
static void svc_with(uint32_t (*action)(uint32_t, uint32_t*)) {
  ENABLE_FAULTS();
  on_svc = action;
  SVC();
  note(0xff);
}
static void link_that_is_none(void) { svc_with(corrupt_link); }
static void return_to_no_handler(void) { svc_with(link_to_handler); }
static void thread_frame_of_handler(void) { svc_with(frame_of_handler); }
static void return_outside_thumb(void) { svc_with(frame_outside_thumb); }
static void return_of_inactive(void) { svc_with(no_longer_active); }
static void return_to_thread_from_nested(void) {
  ENABLE_FAULTS();
  on_svc = to_thread_without_state;
  NVIC_IPR(0) = 0x80;
  on_irq[0] = call_again;
  NVIC_ISER0 = 1;
  NVIC_ISPR0 = 1;
  BARRIER();
}
static void call_and_stay(uint32_t link) {
  call_again(link);
  note(ipsr());
  note(CCR & 1);
  __asm volatile("b .");
}
static void non_base_thread(void) {
  ENABLE_FAULTS();
  CCR |= 1;  // NONBASETHRDENA
  on_svc = to_thread_without_state;
  NVIC_IPR(0) = 0x80;
  on_irq[0] = call_and_stay;
  NVIC_ISER0 = 1;
  NVIC_ISPR0 = 1;
  BARRIER();
}

// --- Stacking and unstacking ---
static void stacking_by_bus(void) {
  ENABLE_FAULTS();
  SHPR2 = 0x80000000;  // SVCall less urgent than BusFault
  on_svc = note_link;
  ON_PROCESS_STACK(NOWHERE + 0x1000, "svc #0");
}
static void stacking_without_bus_fault(void) {
  on_svc = note_link;
  SHPR2 = 0x80000000;
  ON_PROCESS_STACK(NOWHERE + 0x1000, "svc #0");
}
static void stacking_of_less_urgent_fault(void) {
  ENABLE_FAULTS();
  SHPR1 = 0x00008000;  // BusFault less urgent than SVCall, which is entered first
  on_svc = note_link;
  ON_PROCESS_STACK(NOWHERE + 0x1000, "svc #0");
}
static uint32_t psp_to_nowhere(uint32_t link, uint32_t* frame) {
  (void)frame;
  __asm volatile("msr psp, %0" ::"r"(NOWHERE));
  return link;
}
static void unstacking_by_bus(void) {
  ENABLE_FAULTS();
  on_svc = psp_to_nowhere;
  ON_PROCESS_STACK(GUARDED_END, "svc #0");
}
// Takes GUARDED away: everything else is what Armv8-M needs regions for, as it cannot forbid privileged
// access.
static void forbid(void) {
#if __ARM_ARCH >= 8
  static const uint32_t kRegions[][2] = {{0x08000000 | 2, 0x0800ffe0 | 1},
                                         {0x20000000 | 2, (GUARDED - 32) | 1},
                                         {GUARDED_END | 2, 0x2000ffe0 | 1}};
  for (unsigned i = 0; i < 3; ++i) {
    MPU_RNR = i;
    MPU_RBAR = kRegions[i][0];
    MPU_RASR = kRegions[i][1];
  }
  MPU_CTRL = 1;
#else
  MPU_RNR = 0;
  MPU_RBAR = GUARDED;
  MPU_RASR = 1u << 28 | 11u << 1 | 1;  // no access to 4 KiB
  MPU_CTRL = 5;
#endif
  BARRIER();
}
static void stacking_by_mpu(void) {
  ENABLE_FAULTS();
  SHPR2 = 0x80000000;
  on_svc = note_link;
  forbid();
  ON_PROCESS_STACK(GUARDED_END, "svc #0");
}
static uint32_t forbid_frame(uint32_t link, uint32_t* frame) {
  (void)frame;
  forbid();
  return link;
}
static void unstacking_by_mpu(void) {
  ENABLE_FAULTS();
  on_svc = forbid_frame;
  ON_PROCESS_STACK(GUARDED_END, "svc #0");
}
static void forbidden_write(void) {
  ENABLE_FAULTS();
  forbid();
  __asm volatile("strh r0, [%0, #6]" ::"r"(GUARDED + 0x20) : "memory");
}
#endif

#if __ARM_ARCH >= 8
static void push_below_limit(void) {
  ENABLE_FAULTS();
  __asm volatile("msr msplim, %0\n push {r0-r7}" ::"r"(0x2000fff0) : "memory");
}
static void entry_below_limit(void) {
  ENABLE_FAULTS();
  SHPR2 = 0x80000000;
  on_svc = note_link;
  __asm volatile("msr psplim, %0" ::"r"(GUARDED_END - 16));
  ON_PROCESS_STACK(GUARDED_END, "svc #0");
}
#endif

#if defined(__ARM_FP)
static void fp_on(void) {
  CPACR = 0xf00000;
  BARRIER();
  __asm volatile("vmov.f32 s0, #1.0\n vmov.f32 s31, #-1.0");
}
static uint32_t s0(void) {
  uint32_t bits;
  __asm volatile("vmov %0, s0" : "=r"(bits));
  return bits;
}
static void pend_irq1(void) {
  NVIC_ISPR0 = 2;
  BARRIER();
}
static void quiet_then_pend(uint32_t link) {
  note(link);
  note(FPCCR & 1);
  pend_irq1();
  note(FPCCR & 1);
}
static void float_then_pend(uint32_t link) {
  note(link);
  __asm volatile("vmov.f32 s0, #3.0");
  pend_irq1();
  note(s0());
}
static void float_in_irq1(uint32_t link) {
  note(link);
  __asm volatile("vmov.f32 s0, #2.0\n vmov.f32 s31, #2.0");
}
static void nest(void (*outer)(uint32_t)) {
  on_irq[0] = outer;
  on_irq[1] = float_in_irq1;
  NVIC_IPR(0) = 0x80;
  NVIC_IPR(1) = 0x40;
  NVIC_ISER0 = 3;
  fp_on();
  NVIC_ISPR0 = 1;
  BARRIER();
  note(s0());
}
static void lazy_saved_by_the_inner(void) { nest(quiet_then_pend); }
static void lazy_saved_by_both(void) { nest(float_then_pend); }
static uint32_t note_fp_frame(uint32_t link, uint32_t* frame) {
  note(link);
  note(FPCCR & 1);
  note(frame[8]);
  return link;
}
static void eager(void) {
  FPCCR &= ~(1u << 30);  // LSPEN
  fp_on();
  on_svc = note_fp_frame;
  SVC();
}
static void no_automatic_frame(void) {
  FPCCR &= ~(3u << 30);  // ASPEN and LSPEN
  fp_on();
  on_svc = note_fp_frame;
  SVC();
}
static uint32_t forbid_and_use_fp(uint32_t link, uint32_t* frame) {
  (void)frame;
  forbid();
  __asm volatile("vmov.f32 s0, #2.0");
  return link;
}
static void lazy_by_mpu(void) {
  ENABLE_FAULTS();
  SHPR2 = 0x80000000;
  on_svc = forbid_and_use_fp;
  fp_on();
  ON_PROCESS_STACK(GUARDED_END, "vmov.f32 s0, #1.0\n svc #0");
}
static uint32_t lose_frame_and_use_fp(uint32_t link, uint32_t* frame) {
  (void)frame;
  FPCAR = NOWHERE;
  __asm volatile("vmov.f32 s0, #2.0");
  return link;
}
static void lazy_by_bus(void) {
  ENABLE_FAULTS();
  SHPR2 = 0x80000000;
  on_svc = lose_frame_and_use_fp;
  fp_on();
  SVC();
}
static void fp_for_privileged_only(void) {
  ENABLE_FAULTS();
  CPACR = 0x500000;
  BARRIER();
  note(s0() != 0xdead);
  __asm volatile("msr control, %0\n isb\n vmov.f32 s0, #1.0" ::"r"(1));
}
#endif

static void (*const kScenarios[])(void) = {
    arrivals,
    svc_masked,
    svc_in_more_urgent_handler,
    undefined,
    nmi,
    MAINLINE(faultmask),
    MAINLINE(bus_fault_ignored),
    MAINLINE(less_urgent_fault),
    MAINLINE(fetch_from_hole),
    MAINLINE(fetch_from_device),
    MAINLINE(other_coprocessor),
    MAINLINE(forbidden_write),
    MAINLINE(link_that_is_none),
    MAINLINE(return_to_no_handler),
    MAINLINE(thread_frame_of_handler),
    MAINLINE(return_outside_thumb),
    MAINLINE(return_of_inactive),
    MAINLINE(return_to_thread_from_nested),
    MAINLINE(non_base_thread),
    MAINLINE(stacking_by_bus),
    MAINLINE(stacking_without_bus_fault),
    MAINLINE(stacking_of_less_urgent_fault),
    MAINLINE(unstacking_by_bus),
    MAINLINE(stacking_by_mpu),
    MAINLINE(unstacking_by_mpu),
    ARMV8(push_below_limit),
    ARMV8(entry_below_limit),
    FLOATING(lazy_saved_by_the_inner),
    FLOATING(lazy_saved_by_both),
    FLOATING(eager),
    FLOATING(no_automatic_frame),
    FLOATING(lazy_by_mpu),
    FLOATING(lazy_by_bus),
    FLOATING(fp_for_privileged_only),
};
RUN_SCENARIOS(kScenarios)

#define SYSTEM_VECTORS(nmi, hard, irq0)                                                                \
  (void*)kStackTop, Reset_Handler, nmi, hard, Fault_Handler, Fault_Handler, Fault_Handler, 0, 0, 0, 0, \
      SVC_Handler, 0, 0, Fault_Handler, Fault_Handler, irq0, IRQ1_Handler
#define VECTORS __attribute__((section(".vectors"), aligned(256))) const void* const
VECTORS kVectors[] = {SYSTEM_VECTORS(Faulting_Handler, Fault_Handler, IRQ0_Handler)};
VECTORS kVectorsWhoseHardFaultCalls[] = {SYSTEM_VECTORS(Faulting_Handler, Calling_Handler, IRQ0_Handler)};
VECTORS kVectorsWithoutHardFault[] = {SYSTEM_VECTORS(Faulting_Handler, 0, IRQ0_Handler)};
VECTORS kVectorsOutsideThumb[] = {SYSTEM_VECTORS(Faulting_Handler, Fault_Handler, (void*)0x08000400)};
