#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/profile.h"
#include "profiler/reading.h"

namespace mcusim::profiler {

/// `--region dwt`: firmware that measures itself reads the cycle counter (DWT_CYCCNT) before and after what
/// it measures. Each pair of places that read it one after the other is a region, of all the times that this
/// happened. A place is the reading instruction; where a small function does nothing but read, its caller.
class CycleReadRegions {
 public:
  static constexpr std::size_t kMostRegions = 1000;  ///< Further pairs are one region.

  /// Both must outlive it. Throws InputError when the engine does not tell the reads.
  CycleReadRegions(emulator::Machine& machine, const emulator::Image& image);
  ~CycleReadRegions();
  CycleReadRegions(const CycleReadRegions&) = delete;
  CycleReadRegions& operator=(const CycleReadRegions&) = delete;

  /// In the order in which they were first left.
  std::vector<LayerProfile> finish() const { return layers_; }

 private:
  void read_at(Address pc);
  Address place_of(Address pc) const;
  std::string name_of(Address place) const;

  emulator::Machine& machine_;
  const emulator::Image& image_;
  std::map<std::pair<Address, Address>, std::size_t> by_places_;
  std::vector<LayerProfile> layers_;
  std::optional<Address> last_place_;
  Reading last_;
};

}  // namespace mcusim::profiler
