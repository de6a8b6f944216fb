/* Included by the network (MCUSIM_PROFILE_HEADER): stores the cycles of each layer of the last inference.
 * The measured interval holds the call of the layer and about five instructions of the hook itself. */
#ifndef NET_PROFILE_H
#define NET_PROFILE_H

#include <stdint.h>

#include "cycle_counter.h"

extern uint32_t net_layer_cycles[];

#define MCUSIM_LAYER_BEGIN(layer) net_layer_cycles[layer] = 0u - cycle_counter()
#define MCUSIM_LAYER_END(layer) net_layer_cycles[layer] += cycle_counter()

#endif
