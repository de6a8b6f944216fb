/* 64-bit division, which the compiler calls by these names. */
#include <stdint.h>

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);

struct division {
  uint64_t quotient;
  uint64_t rest;
};

static struct division by_bits(uint64_t dividend, uint64_t divisor) {
  struct division result = {0, dividend};
  if (divisor == 0) return result; /* Undefined in C; ends at least. */
  const int shift = __builtin_clzll(divisor) - (dividend == 0 ? 63 : __builtin_clzll(dividend));
  if (shift < 0) return result;
  divisor <<= shift;
  for (int i = shift; i >= 0; --i) {
    result.quotient <<= 1;
    if (result.rest >= divisor) {
      result.rest -= divisor;
      result.quotient |= 1;
    }
    divisor >>= 1;
  }
  return result;
}

static struct division divide(uint64_t dividend, uint64_t divisor) {
  if (dividend >> 32 == 0 && divisor >> 32 == 0 && divisor != 0) {
    const uint32_t quotient = (uint32_t)dividend / (uint32_t)divisor;
    const struct division result = {quotient, (uint32_t)dividend - quotient * (uint32_t)divisor};
    return result;
  }
  return by_bits(dividend, divisor);
}

static uint64_t magnitude(int64_t value) { return value < 0 ? 0u - (uint64_t)value : (uint64_t)value; }

static int64_t with_sign(uint64_t value, int is_negative) { return (int64_t)(is_negative ? 0u - value : value); }

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor) { return divide(dividend, divisor).quotient; }

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor) { return divide(dividend, divisor).rest; }

int64_t __divdi3(int64_t dividend, int64_t divisor) {
  const uint64_t quotient = divide(magnitude(dividend), magnitude(divisor)).quotient;
  return with_sign(quotient, (dividend < 0) != (divisor < 0));
}

int64_t __moddi3(int64_t dividend, int64_t divisor) {
  return with_sign(divide(magnitude(dividend), magnitude(divisor)).rest, dividend < 0);
}
