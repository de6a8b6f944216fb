// Operators that change the shape: their axes, pads and shapes are constant operands of the file.

#include <algorithm>

#include "codegen/graph/check.h"
#include "codegen/graph/node_check.h"
#include "codegen/import/tflite_operator.h"

namespace mcusim::codegen::tflite {

Attributes mean(const OperatorReader& op) {
  Mean mean;
  for (const std::int64_t axis : op.integers(1, "axes"))
    mean.axes.push_back(op.axis(axis, op.shape(0).size()));
  std::sort(mean.axes.begin(), mean.axes.end());
  mean.axes.erase(std::unique(mean.axes.begin(), mean.axes.end()), mean.axes.end());
  mean.keep_dims = op.options<ReducerOptions>().keep_dims();
  return mean;
}

Attributes pad(const OperatorReader& op) {
  const auto pairs = op.integers(1, "paddings");
  if (pairs.size() != 2 * op.shape(0).size()) {
    op.fail(fmt::format("{} paddings do not fit {} dimensions; convert it again", pairs.size(),
                        op.shape(0).size()));
  }
  Pad pad;
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    pad.before.push_back(op.narrow(pairs[i], "padding"));
    pad.after.push_back(op.narrow(pairs[i + 1], "padding"));
  }
  return pad;
}

Attributes reshape(const OperatorReader& op) {
  // The result's tensor has the shape already; what the operator asks for must agree with it.
  if (op.has_operand(1) && !op.is_constant(1) && op.follows_from_shapes(1)) return Reshape{};
  std::vector<std::int64_t> asked;
  const auto* options = op.options_if_present<ReshapeOptions>();
  if (op.has_operand(1)) {
    asked = op.integers(1, "dimensions");
  } else if (options != nullptr && options->new_shape() != nullptr &&
             options->new_shape()->size() <= kMostDimensions) {
    asked.assign(options->new_shape()->begin(), options->new_shape()->end());
  } else {
    op.fail("its new shape is missing; convert it again");
  }
  const Shape& result = op.output_shape();
  bool agrees = asked.size() == result.size() && std::count(asked.begin(), asked.end(), -1) <= 1;
  for (std::size_t i = 0; agrees && i < asked.size(); ++i) agrees = asked[i] == result[i] || asked[i] == -1;
  if (!agrees) {
    op.fail(fmt::format("it asks for shape {} while its result has {}; convert it again", to_text(asked),
                        to_text(result)));
  }
  return Reshape{};
}

Attributes concatenation(const OperatorReader& op) {
  const auto& options = op.options<ConcatenationOptions>();
  return Concatenation{op.axis(options.axis(), op.shape(0).size()),
                       op.activation(options.fused_activation_function())};
}

Attributes transpose(const OperatorReader& op) {
  Transpose transpose;
  for (const std::int64_t axis : op.integers(1, "axes")) {
    transpose.permutation.push_back(op.axis(axis, op.shape(0).size()));
  }
  return transpose;
}

Attributes resize_nearest_neighbor(const OperatorReader& op) {
  const auto size = op.integers(1, "rows and columns");
  const Shape& result = op.output_shape();
  if (size.size() != 2 || result.size() != 4 || size[0] != result[1] || size[1] != result[2]) {
    op.fail(fmt::format("it asks for {} rows and columns while its result has shape {}; convert it again",
                        to_text(size), to_text(result)));
  }
  const auto& options = op.options<ResizeNearestNeighborOptions>();
  return ResizeNearestNeighbor{options.align_corners(), options.half_pixel_centers()};
}

}  // namespace mcusim::codegen::tflite
