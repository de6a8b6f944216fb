/* Where results go. On the host they are printed; in the emulator the test reads them. */
#include "program.h"

uint32_t result_count;
uint32_t results[RESULTS];

void put(uint32_t value) {
  if (result_count < RESULTS) results[result_count] = value;
  ++result_count;
}

#ifdef ON_HOST
#include <stdio.h>

int main(void) {
  program();
  printf("%u\n", (unsigned)result_count);
  for (uint32_t i = 0; i < result_count && i < RESULTS; ++i) printf("%08x\n", (unsigned)results[i]);
  return 0;
}
#endif
