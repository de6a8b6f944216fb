// Never ends and never branches to itself.
extern void reset(void);
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20001000, (void *)reset};

void reset(void) {
  volatile unsigned counter = 0;
  for (;;) counter++;
}
