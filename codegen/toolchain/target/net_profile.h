/* Included by net.c (NET_PROFILE_HEADER): stores the cycles of each layer of the last inference.
 * The measured interval holds the call of the layer and about five instructions of the hook itself. */
#ifndef NET_PROFILE_H
#define NET_PROFILE_H

#include <stdint.h>

#include "cycle_counter.h"

extern uint32_t net_layer_cycles[];

#define NET_LAYER_BEGIN(i) net_layer_cycles[i] = 0u - cycle_counter()
#define NET_LAYER_END(i) net_layer_cycles[i] += cycle_counter()

#endif
