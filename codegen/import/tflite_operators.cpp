#include <array>

#include "codegen/graph/check.h"
#include "codegen/import/tflite_operator.h"

namespace mcusim::codegen::tflite {
namespace {

template <Unary::Kind kind>
Attributes unary(const OperatorReader&) {
  return Unary{kind};
}

template <typename Node>
Attributes plain(const OperatorReader&) {
  return Node{};
}

using enum BuiltinOperator;
constexpr std::array kHandlers = {
    Handler{ADD, 2, 2, 2, add},
    Handler{AVERAGE_POOL_2D, 1, 1, 1, average_pool_2d},
    Handler{CONCATENATION, 1, kMostOperands, kAllOperands, concatenation},
    Handler{CONV_2D, 2, 3, 3, conv_2d},
    Handler{DEPTHWISE_CONV_2D, 2, 3, 3, depthwise_conv_2d},
    Handler{DEQUANTIZE, 1, 1, 1, plain<Dequantize>},
    Handler{FULLY_CONNECTED, 2, 3, 3, fully_connected},
    Handler{LOGISTIC, 1, 1, 1, unary<Unary::Kind::logistic>},
    Handler{MAX_POOL_2D, 1, 1, 1, max_pool_2d},
    Handler{MEAN, 2, 2, 1, mean},
    Handler{MUL, 2, 2, 2, mul},
    Handler{PAD, 2, 2, 1, pad},
    Handler{QUANTIZE, 1, 1, 1, plain<Quantize>},
    Handler{RELU, 1, 1, 1, unary<Unary::Kind::relu>},
    Handler{RELU6, 1, 1, 1, unary<Unary::Kind::relu6>},
    Handler{RESHAPE, 1, 2, 1, reshape},
    Handler{RESIZE_NEAREST_NEIGHBOR, 2, 2, 1, resize_nearest_neighbor},
    Handler{SOFTMAX, 1, 1, 1, softmax},
    Handler{TANH, 1, 1, 1, unary<Unary::Kind::tanh>},
    Handler{TRANSPOSE, 2, 2, 1, transpose},
};

}  // namespace

const Handler* find_handler(BuiltinOperator code) {
  for (const Handler& handler : kHandlers) {
    if (handler.code == code) return &handler;
  }
  return nullptr;
}

std::string supported_operators() {
  std::string list;
  for (const Handler& handler : kHandlers) {
    if (!list.empty()) list += ", ";
    list += EnumNameBuiltinOperator(handler.code);
  }
  return list;
}

}  // namespace mcusim::codegen::tflite
