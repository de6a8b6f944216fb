// Work for the engines: what firmware of neural networks spends its time in, and ordinary control code. The
// build chooses one by KERNEL; each ends in a branch to itself. Arrays are visible outside, so that no work
// is left out.
#include <stdint.h>

#define CONVOLUTION 1
#define MIX 2
#define MATRIX_VECTOR 3
#define CALLS 4

uint32_t seed;
static uint32_t random_word(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed;
}

#if KERNEL == CONVOLUTION
enum { kSide = 24, kIn = 16, kOut = 16 };
int8_t input[kSide * kSide * kIn] __attribute__((aligned(4)));
int8_t weights[kOut * 9 * kIn] __attribute__((aligned(4)));
int8_t output[(kSide - 2) * (kSide - 2) * kOut];

#ifdef __ARM_FEATURE_DSP
static int32_t dot(const int8_t* a, const int8_t* b, int32_t sum, int words) {
  const uint32_t* x = (const uint32_t*)a;
  const uint32_t* w = (const uint32_t*)b;
  while (words-- > 0) {
    const uint32_t xs = *x++, ws = *w++;
    uint32_t x_even, x_odd, w_even, w_odd;
    __asm("sxtb16 %0, %1" : "=r"(x_even) : "r"(xs));
    __asm("sxtb16 %0, %1, ror #8" : "=r"(x_odd) : "r"(xs));
    __asm("sxtb16 %0, %1" : "=r"(w_even) : "r"(ws));
    __asm("sxtb16 %0, %1, ror #8" : "=r"(w_odd) : "r"(ws));
    __asm("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(x_even), "r"(w_even));
    __asm("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(x_odd), "r"(w_odd));
  }
  return sum;
}
static int8_t scaled(int32_t sum) {
  __asm("ssat %0, #8, %0, asr #8" : "+r"(sum));
  return (int8_t)sum;
}
#else
static int32_t dot(const int8_t* a, const int8_t* b, int32_t sum, int words) {
  for (; words > 0; --words, a += 4, b += 4) sum += a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  return sum;
}
static int8_t scaled(int32_t sum) {
  sum >>= 8;
  return (int8_t)(sum < -128 ? -128 : sum > 127 ? 127 : sum);
}
#endif
static void convolve(void) {
  for (int y = 0; y < kSide - 2; ++y) {
    for (int x = 0; x < kSide - 2; ++x) {
      for (int channel = 0; channel < kOut; ++channel) {
        int32_t sum = 128;
        for (int row = 0; row < 3; ++row) {
          sum = dot(input + ((y + row) * kSide + x) * kIn, weights + (channel * 3 + row) * 3 * kIn, sum,
                    3 * kIn / 4);
        }
        output[(y * (kSide - 2) + x) * kOut + channel] = scaled(sum);
      }
    }
  }
}
static void work(void) {
  for (unsigned i = 0; i < sizeof input; ++i) input[i] = (int8_t)random_word();
  for (unsigned i = 0; i < sizeof weights; ++i) weights[i] = (int8_t)(random_word() >> 8);
  for (int i = 0; i < 20; ++i) convolve();
}

#elif KERNEL == MIX
struct node {
  struct node* next;
  int32_t value;
};
struct node nodes[256];
int16_t matrix_a[20 * 20], matrix_b[20 * 20];
int32_t matrix_c[20 * 20];
volatile uint32_t sink;

static struct node* reverse(struct node* list) {
  struct node* done = 0;
  while (list) {
    struct node* next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}
static int32_t search(const struct node* list, int32_t value) {
  int32_t steps = 0;
  for (; list; list = list->next, ++steps) {
    if (list->value == value) return steps;
  }
  return -1;
}
static void multiply(void) {
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 20; ++j) {
      int32_t sum = 0;
      for (int k = 0; k < 20; ++k) sum += matrix_a[i * 20 + k] * matrix_b[k * 20 + j];
      matrix_c[i * 20 + j] = sum;
    }
  }
}
// Counts numbers in a text: digits, one point, an exponent.
static uint32_t scan(const char* text) {
  enum { kStart, kInteger, kFraction, kExponent, kWord } state = kStart;
  uint32_t numbers = 0;
  for (; *text; ++text) {
    const char c = *text;
    switch (state) {
      case kStart:
        if (c >= '0' && c <= '9')
          state = kInteger;
        else if (c != ' ')
          state = kWord;
        break;
      case kInteger:
        if (c == '.')
          state = kFraction;
        else if (c == 'e')
          state = kExponent;
        else if (c == ' ')
          ++numbers, state = kStart;
        else if (c < '0' || c > '9')
          state = kWord;
        break;
      case kFraction:
        if (c == 'e')
          state = kExponent;
        else if (c == ' ')
          ++numbers, state = kStart;
        else if (c < '0' || c > '9')
          state = kWord;
        break;
      case kExponent:
        if (c == ' ')
          ++numbers, state = kStart;
        else if (c < '0' || c > '9')
          state = kWord;
        break;
      case kWord:
        if (c == ' ') state = kStart;
        break;
    }
  }
  return numbers;
}
static uint16_t crc16(const uint8_t* bytes, unsigned count) {
  uint16_t crc = 0xffff;
  while (count-- > 0) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
  }
  return crc;
}
static void work(void) {
  for (int i = 0; i < 256; ++i) nodes[i].next = i < 255 ? nodes + i + 1 : 0, nodes[i].value = i * 7 & 255;
  for (int i = 0; i < 400; ++i) matrix_a[i] = (int16_t)random_word(), matrix_b[i] = (int16_t)random_word();
  struct node* list = nodes;
  uint32_t sum = 0;
  for (int round = 0; round < 150; ++round) {
    list = reverse(list);
    for (int i = 0; i < 40; ++i) sum += (uint32_t)search(list, i * 5);
    multiply();
    for (int i = 0; i < 40; ++i) sum += scan("12 3.5 word 7e3 99x 0.25 1e5e 42 abc 3.14159 ");
    sum += crc16((const uint8_t*)matrix_c, sizeof matrix_c);
  }
  sink = sum;
}

#elif KERNEL == CALLS
// Hardly anything but calls: the hardest case for whoever follows them.
static volatile uint32_t sink;
__attribute__((noinline)) static uint32_t leaf(uint32_t value) { return value * 3 + 1; }
__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static uint32_t fibonacci(uint32_t n) {
  return n < 2 ? leaf(n) : fibonacci(n - 1) + fibonacci(n - 2);
}
static void work(void) {
  for (int round = 0; round < 400; ++round) sink = fibonacci(20);
}

#else
enum { kRows = 64, kColumns = 64 };
float matrix[kRows * kColumns], vector[kColumns], result[kRows];
static void work(void) {
#ifdef __arm__
  *(volatile uint32_t*)0xe000ed88 = 0xf00000;
  __asm volatile("dsb\n isb");
#endif
  for (int i = 0; i < kRows * kColumns; ++i) matrix[i] = (float)(int32_t)random_word() * 1e-9f;
  for (int i = 0; i < kColumns; ++i) vector[i] = (float)(int32_t)random_word() * 1e-9f;
  for (int round = 0; round < 600; ++round) {
    for (int row = 0; row < kRows; ++row) {
      float sum = 0;
      for (int column = 0; column < kColumns; ++column) {
#ifdef __arm__
        sum = __builtin_fmaf(matrix[row * kColumns + column], vector[column], sum);
#else  // Would be a call.
        sum += matrix[row * kColumns + column] * vector[column];
#endif
      }
      result[row] = sum;
    }
    vector[round & 63] = result[(round * 7) & 63] * 0.125f;
  }
}
#endif

void Reset_Handler(void) {
#ifdef __arm__
  // L1 caches, as firmware switches them on; the bits mean nothing on a core without.
  *(volatile uint32_t*)0xe000ed14 |= 3u << 16;
#endif
  work();
  for (;;) {
  }
}

#ifdef __arm__
__attribute__((section(".vectors"))) const void* const kVectors[] = {(void*)0x20020000, Reset_Handler};
#endif
