/* A bidirectional LSTM of 14 units with a dense output, float32, over windows of 4 values per time step: the shape
 * whose cycles on an SPC58EC80 are published (README.md). The weights are made up: they do not change the work. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "console.h"
#include "cycle_counter.h"
#include "print.h"

#define INPUTS 4
#define UNITS 14
#define GATES 4 /* input, forget, cell, output */
#define LONGEST_WINDOW 60

/* Constants of the compiler's making, in [-0.5, 0.5). */
#define W1(n) ((float)(((n) * 7919u + 104729u) % 1000u) * 1e-3f - 0.5f)
#define W2(n) W1(n), W1((n) + 1u)
#define W8(n) W2(n), W2((n) + 2u), W2((n) + 4u), W2((n) + 6u)
#define W56(n) W8(n), W8((n) + 8u), W8((n) + 16u), W8((n) + 24u), W8((n) + 32u), W8((n) + 40u), W8((n) + 48u)
#define W224(n) W56(n), W56((n) + 56u), W56((n) + 112u), W56((n) + 168u)
#define W784(n) W224(n), W224((n) + 224u), W224((n) + 448u), W56((n) + 672u), W56((n) + 728u)

struct lstm {
  float input[GATES * UNITS * INPUTS];    /* [gate][unit][input] */
  float recurrent[GATES * UNITS * UNITS]; /* [gate][unit][unit] */
  float bias[GATES * UNITS];
};

static const struct lstm forward = {{W224(0u)}, {W784(224u)}, {W56(1008u)}};
static const struct lstm backward = {{W224(2000u)}, {W784(2224u)}, {W56(3008u)}};
static const float dense[2 * UNITS] = {W8(5000u), W8(5008u), W8(5016u), W2(5024u), W2(5026u)};

static float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

static float dot(const float *a, const float *b, int count) {
  float sum = 0;
  for (int i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

static void step(const struct lstm *lstm, const float *x, float *hidden, float *cell) {
  float gates[GATES * UNITS];
  for (int row = 0; row < GATES * UNITS; ++row) {
    gates[row] = lstm->bias[row] + dot(lstm->input + row * INPUTS, x, INPUTS) +
                 dot(lstm->recurrent + row * UNITS, hidden, UNITS);
  }
  for (int unit = 0; unit < UNITS; ++unit) {
    const float input = sigmoid(gates[unit]);
    const float forget = sigmoid(gates[UNITS + unit]);
    const float candidate = tanhf(gates[2 * UNITS + unit]);
    cell[unit] = forget * cell[unit] + input * candidate;
    hidden[unit] = sigmoid(gates[3 * UNITS + unit]) * tanhf(cell[unit]);
  }
}

__attribute__((noinline)) float bilstm(const float *window, int steps) {
  float hidden[2][UNITS] = {{0}};
  float cell[2][UNITS] = {{0}};
  for (int t = 0; t < steps; ++t) {
    step(&forward, window + t * INPUTS, hidden[0], cell[0]);
    step(&backward, window + (steps - 1 - t) * INPUTS, hidden[1], cell[1]);
  }
  return dot(dense, hidden[0], UNITS) + dot(dense + UNITS, hidden[1], UNITS);
}

static float window[LONGEST_WINDOW * INPUTS];

int main(void) {
  uint32_t random = 1;
  for (int i = 0; i < LONGEST_WINDOW * INPUTS; ++i) {
    random = random * 1664525u + 1013904223u;
    window[i] = (float)(random >> 16) / 32768.0f - 1.0f;
  }
  console_start();
  for (int steps = 20; steps <= LONGEST_WINDOW; steps += 10) {
    const uint32_t begin = cycle_counter();
    const float result = bilstm(window, steps);
    const uint32_t cycles = cycle_counter() - begin;
    uint32_t bits;
    memcpy(&bits, &result, sizeof bits);
    print_text("steps ");
    print_unsigned((uint64_t)steps, 0);
    print_text(" cycles ");
    print_unsigned(cycles, 0);
    print_text(" result ");
    print_hex(bits, 8);
    print_text("\n");
  }
  console_flush();
  for (;;) {
  }
}
