// What a C library's allocator is asked for: the same calls for newlib, its small version and picolibc.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALONE __attribute__((noinline, noclone, used))

extern uint32_t data_start[], data_end[], data_load[], __bss_start__[], __bss_end__[], __stack[];
extern char end[];
static char* brk_at = end;

// newlib asks this for memory; picolibc's sbrk goes by symbols of its script.
void* _sbrk(ptrdiff_t bytes) {
  char* const before = brk_at;
  if (brk_at + bytes > (char*)__stack - 4096) return (void*)-1;
  brk_at += bytes;
  return before;
}
void* sbrk(ptrdiff_t bytes) { return _sbrk(bytes); }

static void* volatile kept;

ALONE void* takes(size_t bytes) {
  void* volatile block = malloc(bytes);
  return block;
}
ALONE void leaks(void) {
  kept = malloc(24);
  __asm volatile("");
}
ALONE void* grows(void* block, size_t bytes) {
  void* volatile result = realloc(block, bytes);
  return result;
}

ALONE void pattern(void) {
  void* const a = takes(100);                    // live 100
  void* volatile b = calloc(10, 6);              // 160
  void* c = grows(a, 300);                       // 360
  free((void*)b);                                // 300
  c = grows(c, 50);                              // 50
  leaks();                                       // 74
  void* volatile refused = malloc(1u << 20);     // fails
  char* volatile text = strdup("fifteen letters");  // 90, then 74
  free((void*)text);
  free((void*)refused);
  free(c);                                       // 24
}

__attribute__((noreturn)) void reset_handler(void) {
  memcpy(data_start, data_load, (size_t)((char*)data_end - (char*)data_start));
  memset(__bss_start__, 0, (size_t)((char*)__bss_end__ - (char*)__bss_start__));
  pattern();
  __asm volatile("cpsid i");
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[2] = {__stack, reset_handler};
