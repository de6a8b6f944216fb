#include "kernel.h"

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define SYST_CSR REGISTER(0xe000e010)
#define SYST_RVR REGISTER(0xe000e014)
#define SYST_CVR REGISTER(0xe000e018)
#define ICSR REGISTER(0xe000ed04)
#define SHPR3 REGISTER(0xe000ed20)

#define ICSR_PENDSVSET (1u << 28)
#define XPSR_THUMB (1u << 24)

// What LR holds in an exception taken from a task: back to Thread mode, process stack, frame without
// floating point (Armv7-M B1.5.8; Armv8-M without Security Extension).
#if __ARM_ARCH >= 8
#define RETURN_TO_TASK 0xffffffbcu
#else
#define RETURN_TO_TASK 0xfffffffdu
#endif

// switch.S
void start_first_task(uint32_t* stack_pointer, void (*entry)(void)) __attribute__((noreturn));

volatile uint32_t ticks, current_task;
static uint32_t* stack_pointers[TASKS];  // of the tasks that wait
static void (*first_entry)(void);
static uint32_t* first_stack;

void task_create(unsigned task, void (*entry)(void), uint32_t* stack, uint32_t words) {
  uint32_t* sp = stack + words;
  if (task == 0) {
    first_entry = entry;
    first_stack = sp;
  }
  // As if the task had been switched out before its first instruction: what an exception pushes ..
  *--sp = XPSR_THUMB;
  *--sp = (uint32_t)entry & ~1u;
  for (unsigned i = 0; i < 6; ++i) *--sp = 0;  // LR, R12, R3 to R0
  // .. and below it what PendSV_Handler pushes.
  *--sp = RETURN_TO_TASK;
  for (unsigned i = 0; i < 8; ++i) *--sp = 0;  // R11 to R4
  stack_pointers[task] = sp;
}

void tasks_start(uint32_t cycles_per_tick) {
  SHPR3 = 0xffff0000;  // SysTick and PendSV: the least urgent
  SYST_RVR = cycles_per_tick - 1;
  SYST_CVR = 0;
  SYST_CSR = 7;
  start_first_task(first_stack, first_entry);
}

void task_yield(void) {
  ICSR = ICSR_PENDSVSET;
  __asm volatile("dsb\n isb" ::: "memory");
}

// The switch itself waits until every other handler is done: that is what PendSV is for.
void SysTick_Handler(void) {
  ++ticks;
  ICSR = ICSR_PENDSVSET;
}

// Called by PendSV_Handler: keeps the stack pointer of the task that stops, answers that of the next.
__attribute__((used)) uint32_t* next_task(uint32_t* stack_pointer) {
  stack_pointers[current_task] = stack_pointer;
  current_task = (current_task + 1) % TASKS;
  return stack_pointers[current_task];
}
