// Firmware of exceptions_test.cpp: one function per scenario, chosen by `scenario`, answers in `results`.
#include "kernel.h"
#include "scenarios.h"

static volatile uint32_t skip_bytes;  // the fault handlers step over so many bytes

// --- Handlers ---
void SVC_Handler(void) { note(0x100 + ipsr()); }

void NMI_Handler(void) { note(2); }

// Steps over the faulting instruction in the stacked frame, which is on MSP in these programs.
__attribute__((used)) static void on_fault(uint32_t* frame, uint32_t link) {
  note(ipsr());
#if __ARM_ARCH >= 7
  note(CFSR);
  note(HFSR);
  CFSR = ~0u;
  HFSR = ~0u;
#endif
  note(link);
  frame[6] += skip_bytes;
  frame[7] |= 1u << 24;  // Thumb state
}
#define FAULT_HANDLER(name)                                                                 \
  __attribute__((naked)) void name(void) {                                                  \
    __asm volatile("mov r0, sp\n mov r1, lr\n push {r4, lr}\n bl on_fault\n pop {r4, pc}"); \
  }
FAULT_HANDLER(Recovering_Handler)
void Default_Handler(void) {
  for (;;) {
  }
}
__attribute__((naked)) void LockUp_Handler(void) { __asm volatile("udf #1"); }

// --- Interrupts 0 to 3 ---
void IRQ0_Handler(void) {
  note(0xa0);
  if (results[31] == 1) {  // preemption: let the more urgent interrupt in
    NVIC_ISPR0 = 2;
    BARRIER();
    note(0xa1);
  }
}
void IRQ1_Handler(void) { note(0xb0); }
void IRQ2_Handler(void) {
#if defined(__ARM_FP)
  note((FPCCR & 1) != 0);
  __asm volatile("vmov.f32 s0, #2.0\n vadd.f32 s1, s0, s0" ::: "s0", "s1");
  note((FPCCR & 1) != 0);
#endif
}

// --- Two tasks under the kernel of examples/two_tasks ---
static uint32_t stacks[TASKS][128] __attribute__((aligned(8)));
static volatile uint32_t work[TASKS];

static void task(void) {
  for (;;) {
    ++work[current_task];
    if (ticks >= 10) {
      SYST_CSR = 0;
      results[0] = ticks;
      results[1] = work[0] > 10;
      results[2] = work[1] > 10;
      uint32_t control;
      __asm volatile("mrs %0, control" : "=r"(control));
      results[3] = control & 3;
      __asm volatile("b .");
    }
  }
}
static void two_tasks(void) {
  for (unsigned i = 0; i < TASKS; ++i) task_create(i, task, stacks[i], 128);
  tasks_start(2001);
}

// --- Scenarios ---
static void supervisor_call(void) {
  register uint32_t r0 __asm("r0") = 1, r1 __asm("r1") = 2, r2 __asm("r2") = 3, r3 __asm("r3") = 4;
  __asm volatile("svc #5" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)::"memory");
  results[1] = r0 * 1000 + r1 * 100 + r2 * 10 + r3;
}
static void tail_chain(void) {
  NVIC_ISER0 = 3;
  __asm volatile("cpsid i");
  NVIC_ISPR0 = 3;
  __asm volatile("cpsie i\n isb" ::: "memory");
  note(0xff);
}
static void preemption(void) {
  results[31] = 1;
  NVIC_IPR(0) = 0x80;
  NVIC_IPR(1) = 0x40;
  NVIC_ISER0 = 3;
  NVIC_ISPR0 = 1;
  BARRIER();
  note(0xff);
}
static void wake_by_masked_interrupt(void) {
  __asm volatile("cpsid i");
  SYST_RVR = 999;
  SYST_CVR = 0;
  SYST_CSR = 7;
  __asm volatile("wfi" ::: "memory");
  note((ICSR >> 26) & 1);
  SYST_CSR = 0;
  ICSR = 1u << 25;
  note((ICSR >> 26) & 1);
  note(ticks);
}
static void sleep_forever(void) { __asm volatile("wfi"); }
static void count_flag(void) {
  SYST_RVR = 99;
  SYST_CVR = 0;
  SYST_CSR = 5;
  note((SYST_CSR >> 16) & 1);
  for (volatile int i = 0; i < 100; ++i) {
  }
  note((SYST_CSR >> 16) & 1);
  note((SYST_CSR >> 16) & 1 && SYST_CVR > 99);
}
static void undefined(void) {
  skip_bytes = 2;
  __asm volatile(".hword 0xde00");
  note(0xff);
}

#if __ARM_ARCH >= 7
static void base_priority(void) {
  NVIC_IPR(0) = 0x80;
  NVIC_ISER0 = 1;
  __asm volatile("msr basepri, %0" ::"r"(0x40));
  NVIC_ISPR0 = 1;
  BARRIER();
  note(1);
  __asm volatile("msr basepri, %0" ::"r"(0xc0));
  BARRIER();
  note(2);
}
static void usage_fault(void) {
  SHCSR = 7u << 16;
  undefined();
}
static void bus_fault(void) {
  SHCSR = 7u << 16;
  skip_bytes = 2;
  __asm volatile("ldr r0, [%0]" ::"l"(0x60000010) : "r0");
  note(BFAR);
}
static void write_to_flash(void) {
  SHCSR = 7u << 16;
  skip_bytes = 2;
  __asm volatile("str %0, [%0]" ::"l"(0x08000100));
  note(BFAR);
}
static void divide_trap(void) {
  SHCSR = 7u << 16;
  CCR |= 1u << 4;
  skip_bytes = 4;
  __asm volatile("sdiv r0, %0, %1" ::"r"(5), "r"(0) : "r0");
  CCR &= ~(1u << 4);
  uint32_t quotient;
  __asm volatile("sdiv %0, %1, %2" : "=r"(quotient) : "r"(5), "r"(0));
  note(quotient);
}
static void unaligned_trap(void) {
  SHCSR = 7u << 16;
  skip_bytes = 2;
  uint32_t value;
  results[28] = 0x44332211;
  results[29] = 0x88776655;
  __asm volatile("ldr %0, [%1]" : "=l"(value) : "l"((uint32_t)&results[28] + 1));
  note(value);
  CCR |= 1u << 3;
  __asm volatile("ldr r0, [%0]" ::"l"((uint32_t)&results[28] + 1) : "r0");
}
static void unaligned_multiple(void) {
  SHCSR = 7u << 16;
  skip_bytes = 2;
  __asm volatile("ldmia %0, {r4, r5}" ::"l"((uint32_t)&results[28] + 2) : "r4", "r5");
}
static void arm_state(void) {
  SHCSR = 7u << 16;
  // Comes back to the instruction after BX: the handler adds what is missing to the even target.
  skip_bytes = 0;
  __asm volatile("adr r0, 1f\n bic r0, r0, #1\n bx r0\n .balign 4\n 1: nop" ::: "r0");
}
static void branch_to_nowhere(void) {
  SHCSR = 7u << 16;
  ((void (*)(void))0x60000001)();
}
static void coprocessor_off(void) {
  SHCSR = 7u << 16;
  CPACR = 0;
  BARRIER();
  skip_bytes = 4;
  __asm volatile(".hword 0xee30, 0x0a00");  // vadd.f32 s0, s0, s0
  note(0xff);
}
static void it_across_exception(void) {
  uint32_t value = 0;
  __asm volatile(
      "cmp %0, #0\n"
      ".syntax unified\n"
      "itete eq\n svceq #1\n addne %0, #1\n addeq %0, #2\n addne %0, #4\n"
      : "+r"(value)::"cc", "memory");
  note(value);
}
static void protected_memory(void) {
  SHCSR = 7u << 16;
  MPU_RNR = 0;
  MPU_RBAR = 0x20008000;
  MPU_RASR = 1u << 28 | 0u << 24 | 11u << 1 | 1;  // 4 KiB, no access
  MPU_CTRL = 5;                                   // on, background for privileged
  BARRIER();
  skip_bytes = 2;
  results[20] = 1;
  __asm volatile("ldr r0, [%0]" ::"l"(0x20008010) : "r0");
  note(MMFAR);
  MPU_CTRL = 0;
  BARRIER();
  __asm volatile("ldr r0, [%0]" ::"l"(0x20008010) : "r0");
  note(0xff);
}
static void unprivileged(void) {
  SHCSR = 7u << 16;
  skip_bytes = 2;
  __asm volatile("msr control, %0\n isb" ::"r"(1));
  uint32_t control;
  __asm volatile("mrs %0, control" : "=r"(control));
  note(control & 1);
  __asm volatile("ldr r0, [%0]" ::"l"(0xe000ed00) : "r0");
  __asm volatile("cpsid i");
  uint32_t mask;
  __asm volatile("mrs %0, primask" : "=r"(mask));
  note(mask);
}
static void cycle_counter(void) {
  DEMCR = 1u << 24;
  DWT_CTRL |= 1;
  note(DWT_CYCCNT != 0);
  DWT_LAR = 0xc5acce55;
  DWT_CTRL |= 1;
  const uint32_t before = DWT_CYCCNT;
  __asm volatile("nop\n nop\n nop\n nop");
  note(DWT_CYCCNT - before >= 4);
}
static void code_in_ram(void) {
  static uint16_t code[4];
  code[0] = 0x2005;  // movs r0, #5
  code[1] = 0x4770;  // bx lr
  BARRIER();
  uint32_t (*function)(void) = (uint32_t(*)(void))((uint32_t)code | 1);
  note(function());
  code[0] = 0x2007;
  BARRIER();
  note(function());
}
static void system_reset(void) {
  if (results[30] == 0) {
    results[30] = 1;
    AIRCR = 0x05fa0004;
    BARRIER();
    note(0xbad);
  }
  note(0x77);
}
#endif

#if defined(__ARM_FP)
static void lazy_fp(void) {
  CPACR = 0xf00000;
  BARRIER();
  NVIC_ISER0 = 4;
  uint32_t control, bits;
  __asm volatile("mrs %0, control" : "=r"(control));
  note(control & 4);
  __asm volatile("vmov.f32 s0, #1.0\n vmov.f32 s1, #3.0\n mrs %0, control" : "=r"(control)::"s0", "s1");
  note(control & 4);
  NVIC_ISPR0 = 4;
  BARRIER();
  __asm volatile("vadd.f32 s2, s0, s1\n vmov %0, s2" : "=r"(bits)::"s2");
  note(bits);
}
#endif

static void (*const kScenarios[])(void) = {
    supervisor_call,
    two_tasks,
    tail_chain,
    preemption,
    wake_by_masked_interrupt,
    sleep_forever,
    count_flag,
    undefined,
    MAINLINE(base_priority),
    MAINLINE(usage_fault),
    MAINLINE(bus_fault),
    MAINLINE(write_to_flash),
    MAINLINE(divide_trap),
    MAINLINE(unaligned_trap),
    MAINLINE(unaligned_multiple),
    MAINLINE(arm_state),
    MAINLINE(branch_to_nowhere),
    MAINLINE(coprocessor_off),
    MAINLINE(it_across_exception),
    MAINLINE(protected_memory),
    MAINLINE(unprivileged),
    MAINLINE(cycle_counter),
    MAINLINE(code_in_ram),
    MAINLINE(system_reset),
    FLOATING(lazy_fp),
};

RUN_SCENARIOS(kScenarios)

// With VTOR moved by the test: `kVectors` recovers from faults, the others do not.
#define SYSTEM_VECTORS(hard, faults)                                                                         \
  (void*)kStackTop, Reset_Handler, NMI_Handler, hard, faults, faults, faults, 0, 0, 0, 0, SVC_Handler, 0, 0, \
      PendSV_Handler, SysTick_Handler, IRQ0_Handler, IRQ1_Handler, IRQ2_Handler
__attribute__((section(".vectors"), aligned(256)))
const void* const kVectors[] = {SYSTEM_VECTORS(Recovering_Handler, Recovering_Handler)};
__attribute__((section(".vectors"), aligned(256)))
const void* const kVectorsThatLoop[] = {SYSTEM_VECTORS(Default_Handler, Default_Handler)};
__attribute__((section(".vectors"), aligned(256)))
const void* const kVectorsThatLockUp[] = {SYSTEM_VECTORS(LockUp_Handler, LockUp_Handler)};
