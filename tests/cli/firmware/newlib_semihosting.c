// A program for a host: says what it was started with, copies its input to a file in capitals, ends with 42.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern unsigned data_start[], data_end[], data_load[], __stack[];
extern void _start(void);

static void reset(void) {
  memcpy(data_start, data_load, (char *)data_end - (char *)data_start);
  _start();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {__stack, (void *)reset};

int main(int argc, char **argv) {
  printf("%d argument: %s\n", argc, argv[0]);
  fprintf(stderr, "a warning\n");
  FILE *escape = fopen("../escape.txt", "w");
  printf("outside: %s\n", escape ? "written" : "refused");
  FILE *file = fopen("out.txt", "w");
  if (!file) {
    printf("no file\n");
    exit(1);
  }
  for (int c; (c = getchar()) != EOF;) fputc(toupper(c), file);
  fclose(file);
  exit(42);
}
