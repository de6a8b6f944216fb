/* The lower half of the time base, which counts cycles of the core clock (HID0[SEL_TBCLK] is 0 from reset on).
 * Differences of two reads are right across one wrap-around because they are unsigned. */
#ifndef CYCLE_COUNTER_H
#define CYCLE_COUNTER_H

#include <stdint.h>

void cycle_counter_start(void);

static inline uint32_t cycle_counter(void) {
  uint32_t cycles;
  __asm volatile("mfspr %0, 268" : "=r"(cycles) : : "memory"); /* TBL */
  return cycles;
}

#endif
