/* A free-running 32-bit counter of core clock cycles: DWT.CYCCNT, or TIM2 on cores without it. board.h says
 * which one. Differences of two reads are right across one wrap-around because they are unsigned. */
#ifndef CYCLE_COUNTER_H
#define CYCLE_COUNTER_H

#include <stdint.h>

#include "board.h"
#include "registers.h"

void cycle_counter_start(void);

static inline uint32_t cycle_counter(void) { return REGISTER(CYCLE_COUNTER_ADDRESS); }

#endif
