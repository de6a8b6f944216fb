#include "program.h"

static const uint32_t kValues[] = {0,     1,          2,          31,         255,        32767,     32768,
                                   65535, 0x12345678, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
#define COUNT (sizeof kValues / sizeof kValues[0])

static uint32_t mixed(uint32_t a, uint32_t b) {
  const int32_t x = (int32_t)a;
  uint32_t sum = a + b;
  sum = sum * 31 + (a - b);
  sum = sum * 31 + (a & b);
  sum = sum * 31 + (a | ~b);
  sum = sum * 31 + (a ^ 0xabcd1234u);
  sum = sum * 31 + (a & 0x1234u);
  sum = sum * 31 + (a | 0x12340000u);
  sum = sum * 31 + (a & 0xff00u);
  sum = sum * 31 + (~a & b);
  sum = sum * 31 + a * 1000u + b * 12u;
  sum = sum * 31 + (1000u - a);
  sum = sum * 31 + (a << (b & 31)) + (a >> (b & 31));
  sum = sum * 31 + (uint32_t)(x >> (b & 31)) + (uint32_t)(x >> 7);
  sum = sum * 31 + ((a << 13) | (a >> 19));
  sum = sum * 31 + ((a & 0x00fff000u) >> 8);
  sum = sum * 31 + (uint32_t)(int8_t)a + (uint32_t)(int16_t)b + (uint8_t)b + (uint16_t)a;
  sum = sum * 31 + (uint32_t)(x / 7) + (uint32_t)(x % 10) + a / 10 + b % 1000;
  if (b != 0) sum = sum * 31 + a / b + a % b;
  if (b != 0 && !(a == 0x80000000u && b == 0xffffffffu))
    sum = sum * 31 + (uint32_t)(x / (int32_t)b) + (uint32_t)(x % (int32_t)b);
  sum = sum * 31 + (x < (int32_t)b) + 2 * (a < b) + 4 * (x >= 100) + 8 * (a > 40000) + 16 * (x == -1);
  sum = sum * 31 + (a != 0 ? (uint32_t)__builtin_clz(a) : 32);
  sum = sum * 31 + (uint32_t)(x < 0 ? -x : x);
  return sum + (sum & 3 ? a : b);
}

void program(void) {
  for (uint32_t i = 0; i < COUNT; ++i) {
    for (uint32_t j = 0; j < COUNT; ++j) put(mixed(hidden(kValues[i]), hidden(kValues[j])));
  }
}
