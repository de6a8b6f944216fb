// Lines and inlined functions; the test finds lines by their comments. Stores to `log` are volatile, so that each
// marked line keeps an instruction of its own.
#include <stdint.h>

extern uint32_t stack_top[];
volatile uint32_t log_[8];

static inline __attribute__((always_inline)) void inner(uint32_t value) {
  log_[1] = value;  // inner stores
}

static inline __attribute__((always_inline)) void middle(uint32_t value) {
  log_[2] = value;
  inner(value + 1);  // middle calls inner
}

__attribute__((noinline)) void outer(uint32_t value) {
  log_[0] = value;  // outer stores
  middle(value);    // outer calls middle
}

// Nothing calls it: the linker drops it, and its debug information stays, at address 0.
void removed(void) { log_[7] = 7; }

void assembly(void);

void reset_handler(void) {
  outer(1);
  assembly();
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) const void* const vectors[] = {stack_top,
                                                                         (const void*)reset_handler};
