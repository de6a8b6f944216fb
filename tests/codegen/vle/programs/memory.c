#include <string.h>

#include "program.h"

static uint8_t from[96], to[96];

static uint32_t hash(const uint8_t* bytes, unsigned count) {
  uint32_t value = 2166136261u;
  while (count-- > 0) value = (value ^ *bytes++) * 16777619u;
  return value;
}

static uint32_t crc(const uint8_t* bytes, unsigned count) {
  uint32_t value = ~0u;
  while (count-- > 0) {
    value ^= *bytes++;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
  }
  return ~value;
}

static void sort(uint16_t* values, int count) {
  for (int i = 1; i < count; ++i) {
    const uint16_t value = values[i];
    int at = i;
    for (; at > 0 && values[at - 1] > value; --at) values[at] = values[at - 1];
    values[at] = value;
  }
}

void program(void) {
  for (unsigned i = 0; i < sizeof from; ++i) from[i] = (uint8_t)(i * 7 + 3);
  for (unsigned offset = 0; offset < 4; ++offset) {
    for (unsigned size = 0; size < 40; size += 13) {
      memset(to, (int)hidden(0xa5), hidden(sizeof to));
      memcpy(to + offset, from + hidden(offset ^ 1), hidden(size));
      put(hash(to, sizeof to));
      memcpy(to + offset, from + offset, hidden(size + 4));
      memset(to + 40 + offset, (int)offset, hidden(size));
      put(hash(to, sizeof to));
      memmove(to + 3, to + offset, hidden(size));
      put(hash(to, sizeof to));
    }
  }
  put(crc(from, sizeof from));
  uint16_t values[30];
  uint32_t seed = hidden(1);
  for (int i = 0; i < 30; ++i) values[i] = (uint16_t)next_random(&seed);
  sort(values, 30);
  for (int i = 0; i < 30; i += 3) put(values[i]);
}
