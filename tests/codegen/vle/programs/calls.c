#include "program.h"

typedef uint32_t (*operation)(uint32_t, uint32_t);

static uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t sub(uint32_t a, uint32_t b) { return a - b; }
static uint32_t mul(uint32_t a, uint32_t b) { return a * b; }

static operation volatile operations[] = {add, sub, mul};

static uint32_t ackermann(uint32_t m, uint32_t n) {
  if (m == 0) return n + 1;
  return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static uint32_t fibonacci(uint32_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

static int is_odd(unsigned n);
static int is_even(unsigned n) { return n == 0 || is_odd(n - 1); }
__attribute__((noinline)) static int is_odd(unsigned n) { return n != 0 && is_even(n - 1); }

static void hanoi(int n, int from, int to, int over, uint32_t* hash) {
  if (n == 0) return;
  hanoi(n - 1, from, over, to, hash);
  *hash = *hash * 33 + (uint32_t)(from * 4 + to);
  hanoi(n - 1, over, to, from, hash);
}

/* A frame too large for the 8-bit displacement of e_stwu, and one of variable size. */
static uint32_t large_frame(uint32_t seed) {
  volatile uint32_t numbers[3000];
  for (uint32_t i = 0; i < 3000; ++i) numbers[i] = next_random(&seed);
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 3000; i += 7) sum ^= numbers[i] + i;
  return sum;
}

static uint32_t variable_frame(unsigned count) {
  volatile uint8_t bytes[count];
  for (unsigned i = 0; i < count; ++i) bytes[i] = (uint8_t)(i * i);
  uint32_t sum = 0;
  for (unsigned i = 0; i < count; ++i) sum = sum * 3 + bytes[count - 1 - i];
  return sum;
}

void program(void) {
  for (unsigned i = 0; i < 3; ++i) put(operations[i](hidden(100), hidden(7)));
  put(ackermann(2, hidden(5)));
  put(fibonacci(hidden(15)));
  put((uint32_t)is_even(hidden(41)));
  uint32_t hash = 5;
  hanoi((int)hidden(8), 0, 2, 1, &hash);
  put(hash);
  put(large_frame(hidden(3)));
  put(variable_frame(hidden(50)));
}
