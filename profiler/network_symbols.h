#pragma once

#include <array>
#include <string_view>

namespace mcusim::profiler {

/// How a library names the functions that compute one layer.
struct LayerPattern {
  std::string_view library;
  std::string_view witness;  ///< Images with the library have a symbol that begins with this; may be empty.
  std::string_view prefix;   ///< The function's symbol begins with this,
  std::string_view part;     ///< contains this behind it,
  std::string_view suffix;   ///< and ends with this. Both may be empty.

  bool matches(std::string_view symbol) const {
    if (!symbol.starts_with(prefix)) return false;
    const std::string_view rest = symbol.substr(prefix.size());
    return rest.ends_with(suffix) && rest.substr(0, rest.size() - suffix.size()).find(part) != rest.npos;
  }
};

/// The first library with a function in an image gives the layers: it calls those further down. Sources: the
/// public headers layers_conv2d.h.. of X-CUBE-AI (forward_conv2d(ai_layer*)) and arm_nnfunctions.h of
/// CMSIS-NN; of TensorFlow Lite for Microcontrollers its functions Eval(TfLiteContext*, TfLiteNode*) in
/// namespace tflite as the Itanium C++ ABI mangles them.
inline constexpr std::array kLayerPatterns = {
    LayerPattern{"X-CUBE-AI", "ai_platform_", "forward_", "", ""},
    LayerPattern{"TensorFlow Lite for Microcontrollers", "", "_ZN6tflite", "Eval",
                 "P13TfLiteContextP10TfLiteNode"},
    LayerPattern{"CMSIS-NN", "", "arm_convolve", "", "_s8"},
    LayerPattern{"CMSIS-NN", "", "arm_depthwise_conv", "", "_s8"},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_s8"},
    LayerPattern{"CMSIS-NN", "", "arm_avgpool", "", "_s8"},
    LayerPattern{"CMSIS-NN", "", "arm_max_pool", "", "_s8"},
    LayerPattern{"CMSIS-NN", "", "arm_softmax", "", "_s8"},
    LayerPattern{"CMSIS-NN", "", "arm_elementwise", "", "_s8"},
    // Its functions before int8 (version 1), and those that others derived from them.
    LayerPattern{"CMSIS-NN", "", "arm_convolve", "_HWC_", ""},
    LayerPattern{"CMSIS-NN", "", "arm_depthwise_separable_conv", "_HWC_", ""},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_q7"},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_q15"},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_uint8"},
    LayerPattern{"CMSIS-NN", "", "arm_avepool", "", "_HWC"},
    LayerPattern{"CMSIS-NN", "", "arm_maxpool", "", "_HWC"},
    LayerPattern{"CMSIS-NN", "", "arm_softmax", "", "_q7"},
};

}  // namespace mcusim::profiler
