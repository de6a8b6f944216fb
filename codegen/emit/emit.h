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

/// The network as C99: its own sources and the kernel library's files beside them. Depends on nothing but a
/// C99 compiler with <stdint.h>, <stddef.h>, <string.h> and <math.h>.
///
///   void net_run(void);                          one inference
///   extern <type> *const / macros net_input_0..  buffers inside the arena (see the generated net.h)
struct EmittedNetwork {
  std::vector<SourceFile> files;  ///< net.h, net.c, net_weights.c and the kernels used.
  NetworkNote note;
  std::size_t weights_bytes = 0;
  std::size_t arena_bytes = 0;
};

EmittedNetwork emit_c(const Graph& graph, const MemoryPlan& plan);

}  // namespace mcusim::codegen
