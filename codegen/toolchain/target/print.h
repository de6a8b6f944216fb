/* Text output over the console, without the C library's printf. */
#ifndef PRINT_H
#define PRINT_H

#include <stdint.h>

void print_text(const char *text);
/* Padded with blanks on the right to `width`. */
void print_padded(const char *text, unsigned width);
/* Padded with blanks on the left to `width`. */
void print_unsigned(uint64_t value, unsigned width);
void print_signed(int64_t value);
/* value / 1000 with three decimals. */
void print_thousandths(uint64_t value, unsigned width);
void print_hex(uint64_t value, unsigned digits);

#endif
