// Faults inside a call; HardFault has a handler that loops.
void reset(void);
void hard_fault(void);
__attribute__((section(".vectors"), used)) static void *const vectors[] = {(void *)0x20001000, reset, 0, hard_fault};
__asm__(".global __stack_limit\n .set __stack_limit, 0x20000800");

__attribute__((noinline)) void store(unsigned value) {
  volatile unsigned *nowhere = (unsigned *)0x70000000;
  *nowhere = value;
  __asm__ volatile("");
}

void reset(void) {
  store(1);
  for (;;) __asm__ volatile("nop");
}

void hard_fault(void) { for (;;) {} }
