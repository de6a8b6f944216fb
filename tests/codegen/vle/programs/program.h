/* A program writes results; the test compares those of VLE with those of the host. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>

#define RESULTS 256u

void program(void);
void put(uint32_t value);

static inline void put64(uint64_t value) {
  put((uint32_t)(value >> 32));
  put((uint32_t)value);
}

static inline void put_float(float value) {
  union {
    float f;
    uint32_t u;
  } bits = {value};
  put(bits.u);
}

/* A value that the compiler cannot know. */
static inline uint32_t hidden(uint32_t value) {
  volatile uint32_t kept = value;
  return kept;
}

static inline uint32_t next_random(uint32_t* state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 3;
}

#endif
