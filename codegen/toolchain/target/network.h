/* What the main program knows of the network; network.c is generated from the network's note. */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdint.h>

#include "network_size.h"

struct network_layer {
  const char *name;
  const char *op;
  uint64_t macc;
};

enum network_type { network_float, network_signed, network_unsigned };

struct network_output {
  const char *type_name;
  enum network_type type;
  unsigned element_size; /* Bytes. */
  uint32_t elements;
  const void *data;
};

extern const char network_name[];
extern const char network_signature[];
extern const struct network_layer network_layers[];
extern const struct network_output network_outputs[];

/* Copies sample `index` of NETWORK_SAMPLES into the network's inputs. */
void network_load_sample(uint32_t index);
/* One inference. */
void network_run(void);

#endif
