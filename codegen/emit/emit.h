#pragma once

#include <string>
#include <vector>

#include "codegen/graph/graph.h"
#include "codegen/plan/memory_plan.h"
#include "common/network_note.h"

namespace mcusim::codegen {

struct SourceFile {
  std::string name;  ///< Relative, no folders.
  std::string content;
};

struct EmitOptions {
  /// Begins each symbol and file name of the network, so that several fit one program: a C identifier in
  /// lower case.
  std::string prefix = "net";
};

/// The network as C99: its own sources and the kernel library's files beside them. Depends on nothing but a
/// C99 compiler with <stdint.h>, <stddef.h>, <string.h> and <math.h>.
///
///   void net_run(void);                    one inference: net_layer_<index>_<operator>() for each layer
///   uint8_t net_arena[NET_ARENA_BYTES];    all run-time tensors, in section .bss.net_arena
///   net_input_0, net_output_0 ...          typed pointers into it, with NET_INPUT_0_BYTES and _ELEMENTS
///   net_inputs[], net_outputs[]            the same as tables
///   net_layers[NET_LAYER_COUNT]            names, operators, functions and MACCs
///
/// MCUSIM_PROFILE_HEADER (see mcusim_attributes.h) hooks a measurement around each layer.
struct EmittedNetwork {
  std::vector<SourceFile> files;  ///< net.h, net.c, net_weights.h, net_weights.c and the kernels used.
  NetworkNote note;
  std::size_t weights_bytes = 0;  ///< Constants of all kinds: weights, biases, multipliers, tables.
  std::size_t arena_bytes = 0;
};

/// The same graph, plan and options give the same bytes. A reshape that shares its input's bytes has no code
/// and is no layer. `graph` has passed check(). Throws InputError for what the kernels cannot compute.
EmittedNetwork emit_c(const Graph& graph, const MemoryPlan& plan, const EmitOptions& options = {});

}  // namespace mcusim::codegen
