// Operators that keep the shape and have options.

#include "codegen/import/tflite_operator.h"

namespace mcusim::codegen::tflite {

Attributes add(const OperatorReader& op) {
  return Binary{Binary::Kind::add, op.activation(op.options<AddOptions>().fused_activation_function())};
}

Attributes mul(const OperatorReader& op) {
  return Binary{Binary::Kind::mul, op.activation(op.options<MulOptions>().fused_activation_function())};
}

Attributes softmax(const OperatorReader& op) { return Softmax{op.options<SoftmaxOptions>().beta()}; }

}  // namespace mcusim::codegen::tflite
