#include "cycle_counter.h"

#if CYCLE_COUNTER_IS_DWT

/* Armv7-M and Armv8-M Architecture Reference Manuals, "Data Watchpoint and Trace unit". */
#define DEMCR 0xE000EDFCu
#define DEMCR_TRCENA (1u << 24)
#define DWT_CTRL 0xE0001000u
#define DWT_CTRL_CYCCNTENA 1u
#define DWT_CYCCNT 0xE0001004u
#define DWT_LAR 0xE0001FB0u
#define DWT_LAR_KEY 0xC5ACCE55u

void cycle_counter_start(void) {
  register_modify(DEMCR, DEMCR_TRCENA, DEMCR_TRCENA);
#if DWT_HAS_LOCK
  /* Without the key this core ignores writes to DWT, unless a debugger had unlocked it before. */
  register_write(DWT_LAR, DWT_LAR_KEY);
#endif
  register_write(DWT_CYCCNT, 0);
  register_modify(DWT_CTRL, DWT_CTRL_CYCCNTENA, DWT_CTRL_CYCCNTENA);
}

#else

/* General-purpose timer TIM2, 32 bit; its clock equals the core's (board.c enabled it). */
#define TIM_CR1 (CYCLE_COUNTER_TIMER_BASE + 0x00u)
#define TIM_EGR (CYCLE_COUNTER_TIMER_BASE + 0x14u)
#define TIM_PSC (CYCLE_COUNTER_TIMER_BASE + 0x28u)
#define TIM_ARR (CYCLE_COUNTER_TIMER_BASE + 0x2Cu)
#define TIM_CR1_CEN 1u
#define TIM_EGR_UG 1u

void cycle_counter_start(void) {
  register_write(TIM_PSC, 0);
  register_write(TIM_ARR, 0xFFFFFFFFu);
  /* The prescaler is taken over at an update event only. */
  register_write(TIM_EGR, TIM_EGR_UG);
  register_write(TIM_CR1, TIM_CR1_CEN);
}

#endif
