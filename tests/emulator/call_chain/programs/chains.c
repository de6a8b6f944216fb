// Places to stop in, each reached by a chain of calls that the test knows. `scenario` chooses.
#include <stdint.h>

extern uint32_t stack_top[];
volatile uint32_t scenario;
volatile uint32_t sink[4];
volatile float float_sink = 1.5f;

#define ICSR (*(volatile uint32_t*)0xe000ed04)
#define SHCSR (*(volatile uint32_t*)0xe000ed24)
#define CPACR (*(volatile uint32_t*)0xe000ed88)
#define NOWHERE (*(volatile uint32_t*)0x70000000)
#define NOINLINE __attribute__((noinline, noclone))

uint32_t assembly_frame(uint32_t (*callee)(uint32_t), uint32_t value);
uint32_t assembly_leaf(uint32_t value);

NOINLINE uint32_t leaf(uint32_t value) {
  NOWHERE = value;  // leaf faults
  return value;
}

static inline __attribute__((always_inline)) uint32_t inlined(uint32_t value) {
  return leaf(value) + 1;  // inlined calls leaf
}

NOINLINE uint32_t middle(uint32_t value) {
  volatile uint32_t local[8];
  local[value & 7] = value;
  return inlined(value) + local[1];  // middle contains inlined
}

NOINLINE uint32_t recurse(uint32_t depth) {
  volatile uint32_t local[4];
  local[depth & 3] = depth;
  if (depth == 0) return leaf(depth);
  return recurse(depth - 1) + local[depth & 3];
}

NOINLINE uint32_t overflow(uint32_t depth) {
  volatile uint32_t local[64];
  local[depth & 63] = depth;
  return overflow(depth + 1) + local[depth & 63];
}

NOINLINE void interrupted(void) {
  const float kept = float_sink * 2;
  ICSR = 1u << 28;  // interrupted: PendSV is pending
  __asm__ volatile("isb\n nop\n nop");
  float_sink = kept;
  sink[0] = 1;
}

NOINLINE void before_interrupt(void) {
  interrupted();  // calls interrupted
  sink[1] = 1;
}

void pend_sv(void) {
  sink[2] = middle(2);  // handler calls middle
}

// As a kernel does: a thread on a stack of its own.
uint32_t thread_stack[128];
NOINLINE void on_process_stack(void) {
  __asm__ volatile("msr psp, %0\n movs r0, #2\n msr control, r0\n isb" ::"r"(thread_stack + 128) : "r0");
  before_interrupt();
  for (;;) {
  }
}

void bus_fault(void) {
  for (;;) {
  }
}
void hard_fault(void) {
  for (;;) {
  }
}

void reset_handler(void) {
  SHCSR = 1u << 17;  // BusFault has its own handler
  CPACR = 0xfu << 20;
  __asm__ volatile("dsb\n isb");
  switch (scenario) {
    case 0:
      sink[0] = middle(1);
      break;
    case 1:
      sink[0] = recurse(3);
      break;
    case 2:
      sink[0] = recurse(200);
      break;
    case 3:
      before_interrupt();
      break;
    case 4:
      on_process_stack();
      break;
    case 5:
      sink[0] = assembly_frame(middle, 1);
      break;
    case 6:
      sink[0] = assembly_leaf(1);
      break;
    case 7:
      sink[0] = overflow(0);
      break;
  }
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) const void* const vectors[15] = {
    stack_top, (const void*)reset_handler, 0, (const void*)hard_fault, 0, (const void*)bus_fault,
    [14] = (const void*)pend_sv};
