#include "program.h"

struct small {
  int8_t a;
  int16_t b;
};
struct large {
  uint32_t words[9];
  uint8_t tail;
  uint64_t wide;
};
struct bits {
  unsigned a : 3;
  signed b : 5;
  unsigned c : 11;
  unsigned d : 13;
  unsigned e : 1;
  signed f : 30;
};
union view {
  uint64_t wide;
  float real;
  uint16_t halves[4];
};

static struct small make_small(int x) {
  const struct small s = {(int8_t)x, (int16_t)(x * 3)};
  return s;
}

static struct large make_large(uint32_t seed) {
  struct large l;
  for (int i = 0; i < 9; ++i) l.words[i] = next_random(&seed);
  l.tail = (uint8_t)seed;
  l.wide = (uint64_t)seed << 20;
  return l;
}

static uint32_t by_value(struct large l, struct small s) {
  l.words[3] += (uint32_t)s.b;
  uint32_t sum = l.tail + (uint32_t)s.a;
  for (int i = 0; i < 9; ++i) sum = sum * 7 + l.words[i];
  return sum + (uint32_t)(l.wide >> 13);
}

struct node {
  struct node* next;
  int key;
};

static struct node* sorted(struct node* list) {
  struct node* result = 0;
  while (list) {
    struct node* node = list;
    list = list->next;
    struct node** at = &result;
    while (*at && (*at)->key < node->key) at = &(*at)->next;
    node->next = *at;
    *at = node;
  }
  return result;
}

struct bits volatile_bits;
static int16_t table[6][5];

void program(void) {
  const struct small s = make_small((int)hidden(-77u));
  put((uint32_t)s.a);
  put((uint32_t)s.b);
  struct large l = make_large(hidden(11));
  const struct large copy = l;
  l.words[0] = 0;
  put(by_value(copy, s));
  put(by_value(l, make_small(5)));
  for (uint32_t i = 0; i < 6; ++i) {
    struct bits b = volatile_bits;
    b.a += i;
    b.b -= 3;
    b.c += 700;
    b.d ^= 0x1555;
    b.e = !b.e;
    b.f -= 123456789;
    volatile_bits = b;
    put(b.a + 10u * b.c + 100u * b.d + b.e);
    put((uint32_t)b.b);
    put((uint32_t)b.f);
  }
  union view v;
  v.wide = 0;
  v.real = 1.5f;
  put(v.wide != 0);
  struct node nodes[10];
  uint32_t seed = hidden(17);
  for (int i = 0; i < 10; ++i) {
    nodes[i].next = i < 9 ? &nodes[i + 1] : 0;
    nodes[i].key = (int)(next_random(&seed) % 100) - 50;
  }
  for (const struct node* n = sorted(nodes); n; n = n->next) put((uint32_t)n->key);
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 5; ++j) table[i][j] = (int16_t)(i * 1000 - j * 777);
  }
  int32_t sum = 0;
  for (int j = 0; j < 5; ++j) {
    for (int i = 0; i < 6; ++i) sum = sum * 3 + table[i][j];
  }
  put((uint32_t)sum);
}
