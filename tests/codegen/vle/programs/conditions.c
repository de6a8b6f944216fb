/* Many conditions alive at once, so that every field of the condition register is used, also across calls. */
#include "program.h"

__attribute__((noinline)) static uint32_t touch(uint32_t x) { return x * 2654435761u >> 7; }

__attribute__((noinline)) static uint32_t alive(int a, int b, int c, int d, int e, int f, int g, int h) {
  const int p = a<b, q = b> c, r = c == d, s = d != e, t = e <= f, u = f >= g, v = g < h,
            w = (unsigned)h < 20u;
  uint32_t sum = 0;
  for (int i = 0; i < 6; ++i) {
    if (p) sum += touch(sum + 1);
    if (q) sum ^= touch(sum + 2);
    if (r) sum = sum * 3 + touch(sum);
    if (s) sum -= touch(sum + 4);
    if (t) sum += 5;
    if (u) sum ^= touch(sum + 6);
    if (v && !w) sum += touch(7);
    if (w || (p && !q)) sum = touch(sum) + 8;
    if ((p ^ q) & (r | t)) sum += 9;
    if (i == a) return sum;
  }
  return sum;
}

__attribute__((noinline)) static uint32_t without_calls(const int* x, int count) {
  const int p = x[0]<x[1], q = x[1]> x[2], r = x[2] == x[3], s = x[3] != x[4], t = x[4] <= x[5],
            u = x[5] >= x[6];
  uint32_t sum = 0;
  for (int i = 0; i < count; ++i) {
    if (p) sum += (uint32_t)x[i % 7] >> 1;
    if (q) sum ^= sum << 3;
    if (r) sum = sum * 3 + (uint32_t)i;
    if (s) sum -= sum >> 5;
    if (t) sum += 5;
    if (u) sum ^= (uint32_t)i * 77;
    if (x[i % 5] < i && p) sum += 11;
  }
  return sum;
}

__attribute__((noinline)) static int three_way(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

void program(void) {
  uint32_t seed = hidden(5);
  for (int round = 0; round < 60; ++round) {
    int x[8];
    for (int i = 0; i < 8; ++i) x[i] = (int)(next_random(&seed) % 8) - 2;
    put(alive(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]));
    put(without_calls(x, 9));
    put((uint32_t)three_way((uint32_t)x[0], (uint32_t)x[1]));
  }
}
