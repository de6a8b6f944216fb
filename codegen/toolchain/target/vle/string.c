#include <string.h>

#include <stdint.h>

#define WORD sizeof(uint32_t)

/* The words may alias any type. */
typedef uint32_t __attribute__((may_alias)) word;

static int are_aligned(const void *a, const void *b) { return (((uintptr_t)a | (uintptr_t)b) & (WORD - 1)) == 0; }

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  unsigned char *d = to;
  const unsigned char *s = from;
  if (are_aligned(d, s)) {
    for (; count >= 4 * WORD; count -= 4 * WORD, d += 4 * WORD, s += 4 * WORD) {
      const word a = ((const word *)s)[0], b = ((const word *)s)[1];
      const word c = ((const word *)s)[2], e = ((const word *)s)[3];
      ((word *)d)[0] = a;
      ((word *)d)[1] = b;
      ((word *)d)[2] = c;
      ((word *)d)[3] = e;
    }
    for (; count >= WORD; count -= WORD, d += WORD, s += WORD) *(word *)d = *(const word *)s;
  }
  for (; count > 0; --count) *d++ = *s++;
  return to;
}

void *memmove(void *to, const void *from, size_t count) {
  unsigned char *d = to;
  const unsigned char *s = from;
  /* Forwards unless the target begins inside the source. */
  if ((uintptr_t)d - (uintptr_t)s >= count) return memcpy(to, from, count);
  while (count-- > 0) d[count] = s[count];
  return to;
}

void *memset(void *to, int value, size_t count) {
  unsigned char *d = to;
  const unsigned char byte = (unsigned char)value;
  for (; count > 0 && ((uintptr_t)d & (WORD - 1)) != 0; --count) *d++ = byte;
  const word pattern = byte * 0x01010101u;
  for (; count >= WORD; count -= WORD, d += WORD) *(word *)d = pattern;
  for (; count > 0; --count) *d++ = byte;
  return to;
}
