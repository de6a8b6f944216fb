// Two tasks that compute and print over one UART, until both are done.
#include "board.h"
#include "kernel.h"

#define STACK_WORDS 256
static uint32_t stacks[TASKS][STACK_WORDS] __attribute__((aligned(8)));

static volatile uint32_t printing;  // 1 while a task has the UART
static volatile uint32_t done;

// Between the look and the step no tick may come.
static uint32_t take(void) {
  __asm volatile("cpsid i" ::: "memory");
  const uint32_t taken = printing == 0;
  if (taken) printing = 1;
  __asm volatile("cpsie i" ::: "memory");
  return taken;
}

// A line at a time, so that lines of two tasks do not mix.
static void print_line(const char* text, uint32_t number) {
  char digits[10];
  unsigned length = 0;
  do {
    digits[length++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (!take()) task_yield();
  board_print(text);
  while (length != 0) board_put(digits[--length]);
  board_put('\n');
  printing = 0;
}

static __attribute__((noreturn)) void finish(void) {
  __asm volatile("cpsid i" ::: "memory");
  const uint32_t last = ++done == TASKS;
  __asm volatile("cpsie i" ::: "memory");
  if (last) {
    print_line("ticks: ", ticks);
    board_end();
  }
  for (;;) task_yield();
}

static uint32_t is_prime(uint32_t number) {
  for (uint32_t divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return 0;
  }
  return number >= 2;
}

static void primes(void) {
  uint32_t found = 0;
  for (uint32_t number = 0; number <= 4000; ++number) {
    found += is_prime(number);
    if (number != 0 && number % 1000 == 0) print_line("primes: ", found);
  }
  finish();
}

// Leibniz' series, in floating point: both registers and FPSCR must survive the switches.
static void pi(void) {
  float sum = 0, sign = 1;
  for (uint32_t term = 0; term <= 4000; ++term) {
    sum += sign / (float)(2 * term + 1);
    sign = -sign;
    if (term != 0 && term % 1000 == 0) print_line("pi * 1000: ", (uint32_t)(sum * 4000 + 0.5f));
  }
  finish();
}

int main(void) {
  board_start();
  task_create(0, primes, stacks[0], STACK_WORDS);
  task_create(1, pi, stacks[1], STACK_WORDS);
  tasks_start(BOARD_CLOCK / 1000);
}
