#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/network_symbols.h"
#include "profiler/profile.h"
#include "profiler/reading.h"

namespace mcusim::profiler {

/// A part of a program that is measured as a layer.
struct Region {
  std::string name;
  std::string what;  ///< Shown as the layer's operator: "region", or what a known library computes there.
  Address from = 0;  ///< Begins before this instruction.
  /// Ends before this instruction; without it the region is a function, and ends when that returns.
  std::optional<Address> to = std::nullopt;
  /// Of a library's function: it computes several layers, and what is inside of another one is none.
  std::optional<LayerKey> key = std::nullopt;
};

/// NAME=SYMBOL or NAME=FROM..TO, each end a symbol or an address. Throws InputError.
Region parse_region(const std::string& text, const emulator::Image& image);

/// The layers that networks of other tools have by their functions' names: of X-CUBE-AI, else of TensorFlow
/// Lite for Microcontrollers, else of CMSIS-NN. Empty when there are none. docs/result-file.md.
std::vector<Region> regions_of_known_libraries(const emulator::Image& image);

/// Measures regions by probes. Time counts for the region that was entered last and is not left, so that the
/// regions' cycles never add up to more than the run's.
class RegionRecorder {
 public:
  RegionRecorder(emulator::Machine& machine, const emulator::Image& image, std::vector<Region> regions);

  void at_probe(Address pc);
  /// A marker: what follows, up to the next one, is the region `name`; empty: none. All beyond kMostLayers
  /// names are one region.
  void mark(std::string_view name);
  /// Of markers, and of the functions of a library.
  static constexpr std::size_t kMostLayers = 1000;
  /// The layers: of regions in their order, those never entered left out; of a library in order of time.
  std::vector<LayerProfile> finish();

 private:
  struct Open {
    std::size_t layer = 0;
    std::optional<std::size_t> region = {};  ///< None: ends at the next marker.
    Address end = 0;
    std::uint32_t sp = 0;  ///< Of functions, at entry.
  };

  void settle();
  std::size_t add_layer(const std::string& name, const std::string& what);
  std::optional<std::size_t> layer_of(const Region& region);
  void enter(std::size_t region);

  emulator::Machine& machine_;
  const emulator::Image& image_;
  std::vector<Region> regions_;
  std::multimap<Address, std::size_t> begins_;
  std::map<std::string, std::size_t, std::less<>> marked_;          ///< Regions of markers by name.
  std::map<std::pair<Address, std::uint32_t>, std::size_t> keyed_;  ///< Layers by function and key.
  std::vector<LayerProfile> layers_;
  std::vector<std::uint64_t> entries_;
  std::vector<Open> open_;
  Reading last_;
};

}  // namespace mcusim::profiler
