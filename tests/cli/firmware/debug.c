// Something to debug: a call chain, a variable that changes, and an end.
#define FPU_ACCESS (*(volatile unsigned *)0xe000ed88)

volatile int counter;
volatile int limit = 5;
volatile float half;

__attribute__((noinline)) int inner(int value) {
  counter += value;
  return counter * 2;
}

__attribute__((noinline)) int outer(int value) {
  int result = inner(value + 1);
  return result + 1;
}

void reset(void);
__attribute__((section(".vectors"), used)) static const void *const vectors[] = {(void *)0x20001000, (void *)reset};

void reset(void) {
  FPU_ACCESS |= 0xf << 20;
  counter = 0;
  limit = 5;
  half = 0.5f;
  for (int i = 0; i < limit; ++i) outer(i);
  for (;;) {
  }
}
