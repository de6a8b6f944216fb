/* From the stack's set-up to main(). */
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
void start(void);

#define STACK_PAINT 0xC5C5C5C5u

/* Special-purpose registers and their bits (e200z4 core reference manual). */
#define READ_SPR(number, value) __asm volatile("mfspr %0, " #number : "=r"(value))
#define WRITE_SPR(number, value) __asm volatile("mtspr " #number ", %0" : : "r"(value) : "memory")
#define BUCSR_FLUSH_AND_ENABLE 0x201u
#define L1CSR_ENABLE 1u
#define L1CSR_INVALIDATE 2u

static inline void barrier(void) { __asm volatile("msync\n\tisync" ::: "memory"); }

static inline void enable_branch_prediction(void) {
  WRITE_SPR(1013, BUCSR_FLUSH_AND_ENABLE);
  barrier();
}

/* The content of both is undefined after power-up; the core clears the request when it has invalidated them. */
static inline void enable_caches(void) {
#if CORE_HAS_L1_CACHES
  uint32_t control;
  barrier();
  WRITE_SPR(1011, L1CSR_INVALIDATE); /* L1CSR1: instructions */
  do {
    READ_SPR(1011, control);
  } while (control & L1CSR_INVALIDATE);
  barrier();
  WRITE_SPR(1011, L1CSR_ENABLE);
  barrier();
  WRITE_SPR(1010, L1CSR_INVALIDATE); /* L1CSR0: data */
  do {
    READ_SPR(1010, control);
  } while (control & L1CSR_INVALIDATE);
  barrier();
  WRITE_SPR(1010, L1CSR_ENABLE);
  barrier();
#endif
}

static inline void fill(volatile uint32_t *from, const volatile uint32_t *to, uint32_t value) {
  while (from < to) *from++ = value;
}

static inline void paint_stack(void) {
  uint32_t *stack_pointer;
  __asm volatile("mr %0, 1" : "=r"(stack_pointer));
  fill(__stack_limit, stack_pointer, STACK_PAINT);
}

/* Called by reset.s. */
void start(void) {
  paint_stack();
  const uint32_t *load = __data_load;
  for (volatile uint32_t *data = __data_start; data < __data_end;) *data++ = *load++;
  fill(__bss_start, __bss_end, 0);
  fill(__arena_start, __arena_end, 0);
  board_start();
  enable_branch_prediction();
  enable_caches();
  cycle_counter_start();
  main();
  for (;;) {
  }
}
