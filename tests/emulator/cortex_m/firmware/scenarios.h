// What the test programs share: the test names a scenario, which notes what it saw.
#pragma once

#include "system_registers.h"

__attribute__((section(".results"))) volatile uint32_t scenario;
__attribute__((section(".results"))) volatile uint32_t results[32];
static volatile uint32_t order_length;

static inline void note(uint32_t what) { results[order_length++] = what; }
static inline uint32_t ipsr(void) {
  uint32_t value;
  __asm volatile("mrs %0, ipsr" : "=r"(value));
  return value;
}
#define BARRIER() __asm volatile("dsb\n isb" ::: "memory")

__attribute__((unused)) static void nothing(void) { note(0xdead); }
#if __ARM_ARCH >= 7
#define MAINLINE(function) function
#else
#define MAINLINE(function) nothing
#endif
#if __ARM_ARCH >= 8
#define ARMV8(function) function
#else
#define ARMV8(function) nothing
#endif
#if defined(__ARM_FP)
#define FLOATING(function) function
#else
#define FLOATING(function) nothing
#endif

#define RUN_SCENARIOS(table) \
  void Reset_Handler(void) { \
    table[scenario]();       \
    __asm volatile("b .");   \
  }

extern const uint32_t kStackTop[];
__asm(".global kStackTop\n kStackTop = 0x20010000");
