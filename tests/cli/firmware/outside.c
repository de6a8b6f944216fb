// Linked to an address where the STM32H743 has no memory.
extern void reset(void);
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20001000, (void *)reset};

void reset(void) {
  for (;;) {
  }
}
