#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mcusim::profiler {

/// What tells the layers apart that one function of a library computes.
enum class LayerKey : std::uint8_t {
  layer_object,  ///< Argument 0, where it is an object whose symbol ends in "_layer"; else as call_site.
  node,          ///< Argument 1.
  call_site,     ///< Where it returns to.
};

/// How a library names the functions that compute one layer.
struct LayerPattern {
  std::string_view library;
  std::string_view witness;  ///< Images with the library have a symbol that begins with this; may be empty.
  std::string_view prefix;   ///< The function's symbol begins with this,
  std::string_view part;     ///< contains this behind it,
  std::string_view suffix;   ///< and ends with this. Both may be empty.
  LayerKey key;

  bool matches(std::string_view symbol) const {
    if (!symbol.starts_with(prefix)) return false;
    const std::string_view rest = symbol.substr(prefix.size());
    return rest.ends_with(suffix) && rest.substr(0, rest.size() - suffix.size()).find(part) != rest.npos;
  }
};

/// The first library with a function in an image gives the layers: it calls those further down. Sources: the
/// public headers layers_conv2d.h.. of X-CUBE-AI (forward_conv2d(ai_layer*)) and the networks that it
/// generates: network.c declares each layer as a static object, conv2d_1_layer; that of ST Edge AI calls
/// forward_lite_conv2d_sssa8_ch(..) and the like from stai_network_run() itself, once for each layer.
/// arm_nnfunctions.h of CMSIS-NN. Of TensorFlow Lite for Microcontrollers its functions
/// Eval(TfLiteContext*, TfLiteNode*) in namespace tflite as the Itanium C++ ABI mangles them.
inline constexpr std::array kLayerPatterns = {
    LayerPattern{"X-CUBE-AI", "ai_platform_", "forward_", "", "", LayerKey::layer_object},
    LayerPattern{"X-CUBE-AI", "stai_network_", "forward_", "", "", LayerKey::layer_object},
    LayerPattern{"TensorFlow Lite for Microcontrollers", "", "_ZN6tflite", "Eval",
                 "P13TfLiteContextP10TfLiteNode", LayerKey::node},
    LayerPattern{"CMSIS-NN", "", "arm_convolve", "", "_s8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_depthwise_conv", "", "_s8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_s8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_avgpool", "", "_s8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_max_pool", "", "_s8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_softmax", "", "_s8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_elementwise", "", "_s8", LayerKey::call_site},
    // Its functions before int8 (version 1), and those that others derived from them.
    LayerPattern{"CMSIS-NN", "", "arm_convolve", "_HWC_", "", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_depthwise_separable_conv", "_HWC_", "", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_q7", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_q15", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_fully_connected", "", "_uint8", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_avepool", "", "_HWC", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_maxpool", "", "_HWC", LayerKey::call_site},
    LayerPattern{"CMSIS-NN", "", "arm_softmax", "", "_q7", LayerKey::call_site},
};

}  // namespace mcusim::profiler
