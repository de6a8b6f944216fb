#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
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
  RegionRecorder(emulator::Machine& machine, std::vector<Region> regions);

  void at_probe(Address pc);
  /// A marker: what follows, up to the next one, is the region `name`; empty: none. All beyond kMostMarked
  /// names are one region.
  void mark(std::string_view name);
  static constexpr std::size_t kMostMarked = 1000;
  /// The layers, in the order of the regions; those never entered are left out.
  std::vector<LayerProfile> finish();

 private:
  struct Open {
    std::size_t region = 0;
    Address end = 0;
    std::uint32_t sp = 0;    ///< Of functions, at entry.
    bool is_marked = false;  ///< Ends at the next marker.
  };

  void settle();
  void add_layer(const std::string& name, const std::string& what);
  void enter(std::size_t region);

  emulator::Machine& machine_;
  std::vector<Region> regions_;
  std::multimap<Address, std::size_t> begins_;
  std::map<std::string, std::size_t, std::less<>> marked_;  ///< Regions of markers by name.
  std::vector<LayerProfile> layers_;
  std::vector<std::uint64_t> entries_;
  std::vector<Open> open_;
  Reading last_;
};

}  // namespace mcusim::profiler
