#include "program.h"

static uint64_t value(uint32_t* state) {
  const uint32_t kind = next_random(state) % 4;
  const uint64_t high = kind == 0 ? 0 : kind == 1 ? 0xffffffffu : next_random(state);
  return high << 32 | (uint64_t)next_random(state) << 3;
}

static int64_t minimum(int64_t a, int64_t b) { return a < b ? a : b; }

void program(void) {
  uint32_t state = hidden(7);
  for (int i = 0; i < 8; ++i) {
    const uint64_t a = value(&state);
    const uint64_t b = value(&state) | 1;
    const unsigned shift = next_random(&state) % 64;
    put64(a + b);
    put64(a - b);
    put64(a * b);
    put64(a / b + a % (b >> 40 | 1));
    put64((uint64_t)((int64_t)a / (int64_t)(b >> 33 | 3)) + (uint64_t)((int64_t)a % -1001));
    put64(a << shift);
    put64(a >> shift);
    put64((uint64_t)((int64_t)a >> shift));
    put64((uint64_t)minimum((int64_t)a, (int64_t)b) ^ (a < b ? ~a : -b));
    put((uint32_t)(((int64_t)(int32_t)a * (int32_t)b + ((int64_t)1 << 30)) >> 31));
    put((uint32_t)((uint64_t)(uint32_t)a * (uint32_t)b >> 32));
    put((a > b) + 2 * ((int64_t)a > (int64_t)b) + 4 * (a == b) + 8 * (a >> 32 == 0));
  }
}
