// A program for an STM32H743 whose misses are known by construction. L1D there has 128 sets of 4 ways with lines
// of 32 bytes: what lies 4 KiB apart shares a set.
#include <stdint.h>

extern uint32_t stack_top;

#define AXI __attribute__((section(".axi")))
#define ROUNDS 200
// Five lines of one set, the third: one more than it has ways.
AXI __attribute__((aligned(4096))) volatile uint32_t page_a[1024], page_b[1024], page_c[1024], page_d[1024],
    page_e[1024];
// Twice what L1D holds.
AXI __attribute__((aligned(4096))) volatile uint32_t stream[8192];
AXI volatile uint32_t small[8];

__attribute__((noipa)) static void dispute(void) {
  for (int i = 0; i < ROUNDS; ++i) page_a[16], page_b[16], page_c[16], page_d[16], page_e[16];
}
__attribute__((noipa)) static void read_twice(void) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 8192; i += 8) stream[i];
}
__attribute__((noipa)) static void write_once(void) {
  for (int i = 0; i < 8192; i += 8) stream[i] = 1;
}
__attribute__((noipa)) static void stay(void) {
  for (int i = 0; i < ROUNDS; ++i) small[0];
}

void reset_handler(void) {
  *(volatile uint32_t*)0xe000ed14 |= 3u << 16;  // CCR.IC, CCR.DC
  __asm volatile("dsb\n isb");
  dispute();
  read_twice();
  write_once();
  stay();
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static void* const vectors[] = {&stack_top, reset_handler};
