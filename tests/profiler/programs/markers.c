// A program that divides itself: by the marker function, by the ITM, and by reads of the cycle counter.
#include <stdint.h>

extern uint32_t stack_top;
#define ALONE __attribute__((noinline, noclone, used))
#define REGISTER(address) (*(volatile uint32_t*)(address))
#define PORT1 0xe0000004
#define CYCLES REGISTER(0xe0001004)

// What docs/firmware.md tells: empty but for its argument.
ALONE void mcusim_marker(const char* name) { __asm volatile("" ::"r"(name)); }

ALONE void short_work(void) {
  for (int i = 0; i < 10; ++i) __asm volatile("nop");
}
ALONE void long_work(void) {
  for (int i = 0; i < 100; ++i) __asm volatile("nop");
}

ALONE void by_function(void) {
  for (int i = 0; i < 2; ++i) {
    mcusim_marker("short");
    short_work();
    mcusim_marker("long");
    long_work();
    mcusim_marker(0);
  }
}

ALONE void by_itm(void) {
  for (const char* letter = "conv"; *letter; ++letter) *(volatile char*)PORT1 = *letter;
  *(volatile char*)PORT1 = 0;
  short_work();
  REGISTER(PORT1) = 7;
  long_work();
  REGISTER(PORT1) = 0;
}

// As the timer of a library: always read by the same instruction.
ALONE uint32_t ticks(void) { return CYCLES; }

ALONE uint32_t by_reads(void) {
  uint32_t begin = CYCLES;
  short_work();
  uint32_t spent = CYCLES - begin;
  begin = ticks();
  long_work();
  spent += ticks() - begin;
  begin = CYCLES;
  while (CYCLES - begin < 100) {
  }
  return spent;
}

__attribute__((noreturn)) void reset_handler(void) {
  REGISTER(0xe000edfc) = 1u << 24;  // DEMCR.TRCENA
  REGISTER(0xe0000e00) = 3;         // ports 0 and 1
  REGISTER(0xe0001000) |= 1;        // DWT_CTRL.CYCCNTENA
  by_function();
  by_itm();
  by_reads();
  __asm volatile("cpsid i");
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[2] = {&stack_top, reset_handler};
