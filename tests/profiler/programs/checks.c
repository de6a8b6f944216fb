// Reads of RAM that nothing wrote, and what only looks like them. This start-up code zeroes no .bss.
#include <stdint.h>

extern uint32_t stack_top;
#define ALONE __attribute__((noinline, noclone, used))

struct record {
  uint8_t kind;  // three bytes of padding follow
  uint32_t value;
};
static uint32_t words[8];
static uint8_t bytes[8];
static struct record record, copy;
static uint32_t bits;
static uint32_t sink;

ALONE void* memcpy(void* destination, const void* source, uint32_t size) {
  volatile uint8_t* to = destination;
  for (const uint8_t* from = source; size > 0; --size) *to++ = *from++;
  return destination;
}

ALONE uint32_t reads_fresh(uint32_t i) { return *(volatile uint32_t*)&words[i]; }
ALONE uint32_t reads_written(void) {
  *(volatile uint32_t*)&words[0] = 5;
  return *(volatile uint32_t*)&words[0];
}
ALONE void writes_three(void) {
  for (int i = 0; i < 3; ++i) *(volatile uint8_t*)&bytes[i] = 1;
}
ALONE uint32_t reads_fourth(void) { return *(volatile uint8_t*)&bytes[3]; }
ALONE uint32_t reads_all_four(void) { return *(volatile uint32_t*)bytes; }
ALONE uint32_t reads_padding(void) { return ((volatile uint8_t*)&copy)[1]; }
ALONE uint32_t reads_copy(void) { return ((volatile struct record*)&copy)->value; }
ALONE uint32_t sets_a_bit(void) {
  // The bit-band alias of the word.
  *(volatile uint32_t*)(0x22000000 + ((uint32_t)&bits - 0x20000000) * 32) = 1;
  return *(volatile uint32_t*)&bits;
}

__attribute__((naked)) void supervisor_call(void) { __asm volatile("bx lr"); }

__attribute__((noreturn)) void reset_handler(void) {
  uint32_t sum = reads_written();
  for (uint32_t i = 2; i < 5; ++i) sum += reads_fresh(i);
  writes_three();
  sum += reads_fourth() + reads_all_four();
  record.kind = 1;
  record.value = 2;
  __asm volatile("" ::: "memory");
  memcpy(&copy, &record, sizeof copy);
  sum += reads_copy() + reads_padding() + sets_a_bit();
  __asm volatile("svc #0");
  *(volatile uint32_t*)&sink = sum;
  __asm volatile("cpsid i");
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[16] = {
    &stack_top, reset_handler, [11] = supervisor_call};
