// Recursion without end, with symbols at both ends of the stack.
void reset(void);
void hard_fault(void);
__attribute__((section(".vectors"), used)) static void *const vectors[] = {(void *)0x20001000, reset, 0, hard_fault};
__asm__(".global __stack_limit\n .set __stack_limit, 0x20000800\n"
        ".global __stack_top\n .set __stack_top, 0x20001000");

__attribute__((noinline)) unsigned grow(unsigned depth) {
  volatile unsigned local[16];
  local[depth & 15] = depth;
  return grow(depth + 1) + local[depth & 15];
}

void reset(void) {
  grow(0);
  for (;;) __asm__ volatile("nop");
}

void hard_fault(void) { for (;;) {} }
