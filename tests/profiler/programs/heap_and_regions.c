// An allocator and a program that uses it, for heap and regions. reset_handler of calls.S starts it.
#include <stdint.h>

extern uint32_t stack_top;
static uint8_t arena[1024] __attribute__((aligned(8)));
static uint32_t used;

__attribute__((noinline, noclone)) void* malloc(uint32_t size) {
  if (used + size > sizeof arena) return 0;
  void* const block = &arena[used];
  used += (size + 7) & ~7u;
  return block;
}
__attribute__((noinline, noclone)) void free(void* block) { __asm volatile("" ::"r"(block)); }
// Calls malloc: that is not another allocation.
__attribute__((noinline, noclone)) void* calloc(uint32_t count, uint32_t size) {
  uint8_t* const block = malloc(count * size);
  for (uint32_t i = 0; block != 0 && i < count * size; ++i) block[i] = 0;
  return block;
}
__attribute__((noinline, noclone)) void* own_take(uint32_t size) { return malloc(size); }
__attribute__((noinline, noclone)) void own_give(void* block) { free(block); }

__attribute__((noinline, noclone)) void inner_work(void) {
  for (int i = 0; i < 10; ++i) __asm volatile("nop");
}
__attribute__((noinline, noclone)) void outer_work(void) {
  for (int i = 0; i < 5; ++i) __asm volatile("nop");
  inner_work();
  __asm volatile("nop");
}
__attribute__((noinline, noclone)) void leaks(void) {
  malloc(100);
  __asm volatile("");
}

__attribute__((noreturn)) void reset_handler(void) {
  void* a = malloc(40);
  void* b = calloc(4, 15);
  free(a);
  leaks();
  malloc(5000);  // fails
  own_give(own_take(16));
  outer_work();
  __asm volatile(".global mark_begin\nmark_begin: nop\n nop\n nop\n.global mark_end\nmark_end: nop");
  outer_work();
  free(b);
  __asm volatile("cpsid i");
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[2] = {&stack_top, reset_handler};
