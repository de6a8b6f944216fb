#include "program.h"

static uint32_t dense(uint32_t x, uint32_t y) {
  switch (x) {
    case 0:
      return y + 1;
    case 1:
      return y * 3;
    case 2:
      return y ^ 0x55;
    case 3:
      return y - 9;
    case 4:
      return y << 3;
    case 5:
      return y / 3;
    case 6:
      y += 2; /* fall through */
    case 7:
      return ~y;
    case 9:
      return y % 7;
    default:
      return y;
  }
}

static uint32_t sparse(int32_t x) {
  switch (x) {
    case -70000:
      return 1;
    case -1:
      return 2;
    case 0:
      return 3;
    case 1000:
      return 4;
    case 100000:
      return 5;
    case 0x7fffffff:
      return 6;
    default:
      return 7;
  }
}

static const char* name(unsigned x) {
  switch (x & 7) {
    case 0:
      return "zero";
    case 1:
      return "one # not a comment";
    case 2:
      return "two; still one";
    case 3:
      return "three\n\t\"";
    default:
      return "many";
  }
}

static int machine(const char* text) {
  enum { start, number, word, space } state = start;
  int count = 0;
  for (;; ++text) {
    switch (state) {
      case start:
        state = *text >= '0' && *text <= '9' ? number : word;
        count += 1;
        break;
      case number:
        if (*text == ' ')
          state = space;
        else
          count += 10;
        break;
      case word:
        if (*text == ' ')
          state = space;
        else
          count += 100;
        break;
      case space:
        if (*text != ' ') {
          state = start;
          --text;
        }
        break;
    }
    if (!*text) return count;
  }
}

void program(void) {
  for (uint32_t i = 0; i < 12; ++i) put(dense(hidden(i), i * 1237));
  const int32_t keys[] = {-70000, -1, 0, 1, 1000, 100000, 0x7fffffff, -2};
  for (unsigned i = 0; i < 8; ++i) put(sparse((int32_t)hidden((uint32_t)keys[i])));
  for (unsigned i = 0; i < 5; ++i) {
    for (const char* c = name(hidden(i)); *c; ++c) put((uint32_t)*c);
  }
  put((uint32_t)machine("12 ab 7 x99  end"));
}
