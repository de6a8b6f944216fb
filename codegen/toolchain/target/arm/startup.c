/* From reset to main(). */
#include <stdint.h>

#include "board.h"
#include "cycle_counter.h"
#include "registers.h"

/* From firmware.ld. */
extern uint32_t __stack_limit[], __stack_top[];
extern uint32_t __data_load[], __data_start[], __data_end[];
extern uint32_t __bss_start[], __bss_end[];
extern uint32_t __arena_start[], __arena_end[];

int main(void);
void Reset_Handler(void);
void Default_Handler(void);

/* System control block, Armv7-M Architecture Reference Manual B3.2. */
#define SCB_VTOR 0xE000ED08u
#define SCB_CCR 0xE000ED14u
#define SCB_CCR_DC (1u << 16)
#define SCB_CCR_IC (1u << 17)
#define SCB_CCSIDR 0xE000ED80u
#define SCB_CSSELR 0xE000ED84u
#define SCB_CPACR 0xE000ED88u
#define SCB_ICIALLU 0xE000EF50u
#define SCB_DCISW 0xE000EF60u

#define STACK_PAINT 0xC5C5C5C5u

static inline void barrier(void) { __asm volatile("dsb\n\tisb" ::: "memory"); }

void Default_Handler(void) {
  for (;;) {
  }
}

/* Distinct symbols, so that a debugger names the exception. */
#define HANDLER(name) void name(void) __attribute__((weak, alias("Default_Handler")))
HANDLER(NMI_Handler);
HANDLER(HardFault_Handler);
HANDLER(MemManage_Handler);
HANDLER(BusFault_Handler);
HANDLER(UsageFault_Handler);
HANDLER(SecureFault_Handler);
HANDLER(SVC_Handler);
HANDLER(DebugMon_Handler);
HANDLER(PendSV_Handler);
HANDLER(SysTick_Handler);

struct vector_table {
  uint32_t *initial_stack;
  void (*handlers[15 + INTERRUPT_COUNT])(void);
};

extern const struct vector_table vectors;
const struct vector_table vectors __attribute__((section(".vectors"), used)) = {
    __stack_top,
    {
        Reset_Handler,
        NMI_Handler,
        HardFault_Handler,
        MemManage_Handler,
        BusFault_Handler,
        UsageFault_Handler,
        SecureFault_Handler,
        0,
        0,
        0,
        SVC_Handler,
        DebugMon_Handler,
        0,
        PendSV_Handler,
        SysTick_Handler,
        [15 ... 15 + INTERRUPT_COUNT - 1] = Default_Handler,
    },
};

/* Word loops over volatile pointers: the compiler must not turn them into memset() or memcpy(), whose own
 * frames would lie in the stack that is being painted. */
static inline void fill(volatile uint32_t *from, const volatile uint32_t *to, uint32_t value) {
  while (from < to) *from++ = value;
}

static inline void paint_stack(void) {
  uint32_t *stack_pointer;
  __asm volatile("mov %0, sp" : "=r"(stack_pointer));
  fill(__stack_limit, stack_pointer, STACK_PAINT);
}

static inline void enable_fpu(void) {
#ifdef __ARM_FP
  register_write(SCB_CPACR, REGISTER(SCB_CPACR) | 0x00F00000u); /* CP10 and CP11, full access. */
  barrier();
#endif
}

static inline void enable_caches(void) {
#if CORE_HAS_L1_CACHES
  /* The content of both is undefined after power-up. */
  register_write(SCB_ICIALLU, 0);
  register_write(SCB_CSSELR, 0); /* Level 1 data cache. */
  barrier();
  const uint32_t size = REGISTER(SCB_CCSIDR);
  const uint32_t last_set = (size >> 13) & 0x7FFFu;
  const uint32_t last_way = (size >> 3) & 0x3FFu;
  for (uint32_t set = 0; set <= last_set; ++set) {
    /* Way in the top bits: 4 ways, 32-byte lines (Cortex-M7 TRM). */
    for (uint32_t way = 0; way <= last_way; ++way) register_write(SCB_DCISW, (way << 30) | (set << 5));
  }
  barrier();
  register_modify(SCB_CCR, SCB_CCR_DC | SCB_CCR_IC, SCB_CCR_DC | SCB_CCR_IC);
  barrier();
#endif
}

/* Called by the linker's view only: the first vector after the initial stack pointer. */
void Reset_Handler(void) {
  enable_fpu();
  paint_stack();
  const uint32_t *load = __data_load;
  for (volatile uint32_t *data = __data_start; data < __data_end;) *data++ = *load++;
  fill(__bss_start, __bss_end, 0);
  /* Memories with error correction want every word written before it is read. */
  fill(__arena_start, __arena_end, 0);
  register_write(SCB_VTOR, (uint32_t)(uintptr_t)&vectors);
  board_start();
  enable_caches();
  cycle_counter_start();
  main();
  for (;;) {
  }
}

/* The C library's mathematics reports through errno; its own definition would bring in 1 KB of data. */
int *__errno(void);
int *__errno(void) {
  static int error;
  return &error;
}
