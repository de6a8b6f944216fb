// A program with everything that the loader reads: code, constants, .data with a load address in flash, .bss and
// a network note.
#include <stdint.h>

extern uint32_t stack_top[];

__asm__(
    ".pushsection .mcusim.network,\"\",%progbits\n"
    ".ascii \"{\\\"version\\\": 1, \\\"name\\\": \\\"sample\\\", \\\"signature\\\": \\\"00ff\\\", \"\n"
    ".ascii \"\\\"run_function\\\": \\\"net_run\\\", \\\"inference_count\\\": \\\"\\\", \"\n"
    ".ascii \"\\\"layers\\\": [], \\\"inputs\\\": [], \\\"outputs\\\": []}\"\n"
    ".popsection\n");

uint32_t scale[4] = {1, 2, 3, 4};
uint8_t arena[1000];

__attribute__((noinline)) void net_run(void) { arena[scale[1]] = (uint8_t)scale[2]; }

void reset_handler(void) {
  net_run();
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) const void* const vectors[] = {stack_top,
                                                                         (const void*)reset_handler};
