#include <stdarg.h>

#include "program.h"

/* i: int, l: 64 bits, p: pointer to int. */
static uint64_t sum(const char* kinds, ...) {
  uint64_t total = 0;
  va_list arguments;
  va_start(arguments, kinds);
  for (; *kinds; ++kinds) {
    if (*kinds == 'i') total = total * 3 + (uint64_t)va_arg(arguments, int);
    if (*kinds == 'l') total = total * 5 + va_arg(arguments, uint64_t);
    if (*kinds == 'p') total = total * 7 + (uint64_t)*va_arg(arguments, int*);
  }
  va_end(arguments);
  return total;
}

static int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int64_t j, int k) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + (int)(j >> 3) - k;
}

int (*volatile many_pointer)(int, int, int, int, int, int, int, int, int, int64_t, int) = many;

void program(void) {
  int x = (int)hidden(99);
  put64(sum("i", -1));
  put64(sum("ilp", 5, (uint64_t)1 << 40, &x));
  put64(sum("iiiiiiiiiiii", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  put64(sum("llllll", (uint64_t)1, (uint64_t)2, (uint64_t)3 << 50, (uint64_t)4, (uint64_t)5, (uint64_t)6));
  put64(sum("ilililplip", 1, (uint64_t)2, 3, (uint64_t)4, 5, (uint64_t)6, &x, (uint64_t)8, 9, &x));
  put((uint32_t)many_pointer(x, 2, 3, 4, 5, 6, 7, 8, 9, -1234567890123, 11));
}
