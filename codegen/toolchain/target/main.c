/* Runs the network on its samples, then prints the cycles of each layer of the last inference.
 *
 *   mcusim-log 1
 *   network: tiny
 *   signature: 0123abcd
 *   mcu: stm32h743
 *   board: nucleo-h743zi
 *   clock_hz: 400000000
 *   inferences: 2
 *   inference_cycles: 1702 1338
 *    index  name      op             macc       cycles           ms
 *        0  dense     FULLY_CONNECTED 64          1204        0.003
 *    total                           64          1338        0.003
 *   output 0 int8 4 fnv1a 811c9dc5 : -4 2 127 0
 *   end
 *
 * Lines end with CR LF. A float is printed as the eight hex digits of its bits. */
#include <string.h>

#include "board.h"
#include "console.h"
#include "network.h"
#include "print.h"

/* How many inferences to run. Read again before each one, so that a debugger or simulator may
 * change it at any time up to the end of the first. */
volatile uint32_t net_inference_count = NETWORK_DEFAULT_INFERENCES;

/* Written by the hooks of net_profile.h; cycles of the last inference. */
uint32_t net_layer_cycles[NETWORK_LAYERS > 0 ? NETWORK_LAYERS : 1];

#define RECORDED_INFERENCES 16u
static uint64_t inference_cycles[RECORDED_INFERENCES];

static uint64_t sum_of_layers(void) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < NETWORK_LAYERS; ++i) sum += net_layer_cycles[i];
  return sum;
}

/* Returns how many were run. */
static uint32_t run_inferences(void) {
  uint32_t i = 0;
  while (i < net_inference_count) {
    network_load_sample(i % NETWORK_SAMPLES);
    network_run();
    if (i < RECORDED_INFERENCES) inference_cycles[i] = sum_of_layers();
    ++i;
  }
  return i;
}

static void print_cycles(uint64_t cycles) {
  print_unsigned(cycles, 13);
  print_thousandths(cycles * 1000000u / CORE_CLOCK_HZ, 13); /* Microseconds, shown as ms. */
  print_text("\n");
}

static void print_layers(void) {
  print_text(" index  ");
  print_padded("name", NETWORK_NAME_WIDTH);
  print_text("  ");
  print_padded("op", NETWORK_OP_WIDTH);
  print_text("          macc       cycles           ms\n");
  uint64_t macc = 0;
  for (uint32_t i = 0; i < NETWORK_LAYERS; ++i) {
    const struct network_layer *layer = &network_layers[i];
    print_unsigned(i, 6);
    print_text("  ");
    print_padded(layer->name, NETWORK_NAME_WIDTH);
    print_text("  ");
    print_padded(layer->op, NETWORK_OP_WIDTH);
    print_unsigned(layer->macc, 14);
    print_cycles(net_layer_cycles[i]);
    macc += layer->macc;
  }
  print_text(" total  ");
  print_padded("", NETWORK_NAME_WIDTH + 2 + NETWORK_OP_WIDTH);
  print_unsigned(macc, 14);
  print_cycles(sum_of_layers());
}

static uint64_t element_bits(const struct network_output *output, uint32_t index) {
  uint64_t bits = 0;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  unsigned char *const low = (unsigned char *)&bits + sizeof bits - output->element_size;
#else
  unsigned char *const low = (unsigned char *)&bits;
#endif
  memcpy(low, (const unsigned char *)output->data + (size_t)index * output->element_size,
         output->element_size);
  return bits;
}

static void print_element(const struct network_output *output, uint32_t index) {
  const uint64_t bits = element_bits(output, index);
  const unsigned unused = 64u - 8u * output->element_size;
  switch (output->type) {
    case network_float:
      print_hex(bits, 2u * output->element_size);
      break;
    case network_signed:
      print_signed((int64_t)(bits << unused) >> unused);
      break;
    case network_unsigned:
      print_unsigned(bits, 0);
      break;
  }
}

/* FNV-1a, 32 bit: covers the elements that are too many to print. The low byte of an element comes first. */
static uint32_t hash_of(const struct network_output *output) {
  const unsigned char *bytes = output->data;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  const uint32_t from_low = output->element_size - 1; /* Element sizes are powers of two. */
#else
  const uint32_t from_low = 0;
#endif
  uint32_t hash = 0x811C9DC5u;
  for (uint32_t i = 0; i < output->elements * output->element_size; ++i) {
    hash = (hash ^ bytes[i ^ from_low]) * 0x01000193u;
  }
  return hash;
}

static void print_outputs(void) {
  for (uint32_t i = 0; i < NETWORK_OUTPUTS; ++i) {
    const struct network_output *output = &network_outputs[i];
    print_text("output ");
    print_unsigned(i, 0);
    print_text(" ");
    print_text(output->type_name);
    print_text(" ");
    print_unsigned(output->elements, 0);
    print_text(" fnv1a ");
    print_hex(hash_of(output), 8);
    print_text(" :");
    for (uint32_t k = 0; k < output->elements && k < NETWORK_PRINTED_ELEMENTS; ++k) {
      print_text(" ");
      print_element(output, k);
    }
    print_text("\n");
  }
}

static void print_report(uint32_t inferences) {
  print_text("mcusim-log 1\nnetwork: ");
  print_text(network_name);
  print_text("\nsignature: ");
  print_text(network_signature);
  print_text("\nmcu: " MCU_NAME "\nboard: " BOARD_NAME "\nclock_hz: ");
  print_unsigned(CORE_CLOCK_HZ, 0);
  print_text("\ninferences: ");
  print_unsigned(inferences, 0);
  print_text("\ninference_cycles:");
  for (uint32_t i = 0; i < inferences && i < RECORDED_INFERENCES; ++i) {
    print_text(" ");
    print_unsigned(inference_cycles[i], 0);
  }
  print_text("\n");
  print_layers();
  print_outputs();
  print_text("end\n");
}

int main(void) {
  const uint32_t inferences = run_inferences();
  console_start();
  print_report(inferences);
  console_flush();
  for (;;) {
  }
}
