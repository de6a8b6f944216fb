#include "print.h"

#include "console.h"

static void print_blanks(unsigned count) {
  while (count-- > 0) console_put(' ');
}

void print_text(const char *text) {
  for (; *text != '\0'; ++text) {
    if (*text == '\n') console_put('\r');
    console_put(*text);
  }
}

void print_padded(const char *text, unsigned width) {
  for (; *text != '\0'; ++text) {
    console_put(*text);
    if (width > 0) --width;
  }
  print_blanks(width);
}

void print_unsigned(uint64_t value, unsigned width) {
  char digits[20]; /* 2^64 has 20. */
  unsigned count = 0;
  do {
    digits[count++] = (char)('0' + (unsigned)(value % 10u));
    value /= 10u;
  } while (value != 0);
  if (width > count) print_blanks(width - count);
  while (count > 0) console_put(digits[--count]);
}

void print_signed(int64_t value) {
  if (value < 0) console_put('-');
  print_unsigned(value < 0 ? 0u - (uint64_t)value : (uint64_t)value, 0);
}

void print_thousandths(uint64_t value, unsigned width) {
  const unsigned fraction = (unsigned)(value % 1000u);
  print_unsigned(value / 1000u, width > 4 ? width - 4 : 0);
  console_put('.');
  console_put((char)('0' + fraction / 100u));
  console_put((char)('0' + fraction / 10u % 10u));
  console_put((char)('0' + fraction % 10u));
}

void print_hex(uint64_t value, unsigned digits) {
  while (digits-- > 0) console_put("0123456789abcdef"[(value >> (4u * digits)) & 15u]);
}
