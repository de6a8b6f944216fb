#include "codegen/plan/memory_plan.h"

namespace mcusim::codegen {
namespace {

/// Bytes that each kind of node needs beside its operands and result; a kernel that needs some gets its
/// overload here.
struct Scratch {
  template <typename AnyOperator>
  std::size_t operator()(const AnyOperator&) const {
    return 0;
  }
};

}  // namespace

std::size_t scratch_bytes(const Graph&, const Node& node) { return std::visit(Scratch{}, node.attributes); }

}  // namespace mcusim::codegen
