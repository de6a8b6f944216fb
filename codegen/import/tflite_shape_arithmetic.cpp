#include "codegen/import/tflite_shape_arithmetic.h"

#include <algorithm>
#include <array>

namespace mcusim::codegen::tflite {
namespace {

using enum BuiltinOperator;
/// Operators that converters use on sizes.
constexpr std::array kOnSizes = {STRIDED_SLICE, SLICE, PACK,        CONCATENATION, GATHER, CAST,
                                 ADD,           SUB,   REDUCE_PROD, MUL,           SQUEEZE};
constexpr std::size_t kLongestChain = 64;  ///< Operators before one reshape.

}  // namespace

ShapeArithmetic::ShapeArithmetic(const File& file)
    : file_(file), producer_(static_cast<std::size_t>(file.tensor_count()), -1) {
  for (unsigned i = 0; i < file.operators().size(); ++i) {
    for (const int tensor : *file.operators().Get(i)->outputs()) {
      producer_[static_cast<std::size_t>(tensor)] = static_cast<int>(i);
    }
  }
}

bool ShapeArithmetic::follows_from_shapes(int tensor) const {
  std::vector<int> open = {tensor};
  for (std::size_t steps = 0; !open.empty(); ++steps) {
    const int current = open.back();
    open.pop_back();
    if (!file_.data(current).empty()) continue;
    const int producer = producer_[static_cast<std::size_t>(current)];
    if (producer < 0 || steps >= kLongestChain) return false;
    const Operator& op = *file_.operators().Get(static_cast<unsigned>(producer));
    const BuiltinOperator code = file_.code(op);
    if (code == SHAPE) continue;
    if (std::find(kOnSizes.begin(), kOnSizes.end(), code) == kOnSizes.end()) return false;
    for (const int operand : *op.inputs()) {
      if (operand != -1) open.push_back(operand);
    }
  }
  return true;
}

}  // namespace mcusim::codegen::tflite
