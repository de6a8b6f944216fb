#include "program.h"

static float polynomial(float x) { return ((0.25f * x - 1.5f) * x + 3.0f) * x - 0.125f; }

static float largest(const float* values, int count) {
  float result = values[0];
  for (int i = 1; i < count; ++i) {
    if (values[i] > result) result = values[i];
  }
  return result;
}

void program(void) {
  float values[24];
  for (int i = 0; i < 24; ++i) {
    const int32_t n = (int32_t)hidden((uint32_t)(i * i * 37 - 4000));
    values[i] = (float)n / 16.0f;
    const float x = values[i];
    put_float(x);
    put_float(polynomial(x * 0.01f));
    put_float(x / 3.0f - x * 1e-3f);
    put((uint32_t)(int32_t)x);
    put(x >= 0 ? (uint32_t)x : 0);
    put_float((float)(uint32_t)hidden((uint32_t)i * 178956970u));
    put((uint32_t)((x < 0) + 2 * (x <= -250.0f) + 4 * (x == -250.0f) + 8 * (x != 7.0f) + 16 * !(x > 10.0f)));
    put_float(x < 0 ? -x : x);
  }
  put_float(largest(values, 24));
  float sum = 0;
  for (int i = 0; i < 24; ++i) sum += values[i] * values[23 - i];
  put_float(sum);
}
