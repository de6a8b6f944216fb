// Uses SPI1 of the STM32F407, which has no model, twice, and another block once.
extern void reset(void);
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20001000, (void *)reset};

void reset(void) {
  volatile unsigned *const spi = (unsigned *)0x40013000;
  spi[0] = 0x1234;
  if (spi[0] == 0x1234) *(volatile unsigned *)0x40012000 = 1;
  for (;;) {
  }
}
