#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/image/image.h"
#include "emulator/machine.h"

namespace mcusim::profiler {

/// What firmware tells about itself while it runs: from here on this part. docs/firmware.md has the ways:
///
///   mcusim_marker("conv");                  a function of that name, empty but for its call; works on every
///   core ITM->PORT[1].u8 = 'c' .. '\0'           a name, letter by letter, to stimulus port 1
///   ITM->PORT[1].u32 = 7                    a number: "marker 7"
///
/// An empty name, a null pointer or the number 0 ends the part.
class Markers {
 public:
  static constexpr unsigned kPort = 1;  ///< Of the ITM.
  static constexpr std::string_view kFunction = "mcusim_marker";
  static constexpr std::size_t kLongestName = 64;  ///< What is longer is cut.

  using Listener = std::function<void(std::string_view name)>;
  /// All must outlive it.
  Markers(emulator::Machine& machine, const emulator::Image& image, Listener listener);
  ~Markers();
  Markers(const Markers&) = delete;
  Markers& operator=(const Markers&) = delete;

  void at_probe(Address pc);

 private:
  void stimulus(unsigned width, std::uint32_t value);
  std::string name_at(Address address) const;

  emulator::Machine& machine_;
  Listener listener_;
  std::optional<Address> function_;
  std::string letters_;  ///< Of a name that has not ended.
};

}  // namespace mcusim::profiler
