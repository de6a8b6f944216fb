#include "cycle_counter.h"

#define HID0_TBEN 0x4000u /* e200z4 core reference manual: time base enable. */

void cycle_counter_start(void) {
  uint32_t control;
  __asm volatile("mfspr %0, 1008" : "=r"(control));
  __asm volatile("mtspr 1008, %0\n\tisync" : : "r"(control | HID0_TBEN) : "memory");
}
