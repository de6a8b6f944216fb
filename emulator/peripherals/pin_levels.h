#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace mcusim::emulator {

/// The levels of the pins as the chip's inputs see them, sixteen to a port; ports by letter.
class PinLevels {
 public:
  /// Pins of a port that rose and fell.
  using Listener = std::function<void(char port, std::uint16_t risen, std::uint16_t fallen)>;

  void listen(Listener listener) { listener_ = std::move(listener); }

  void set(char port, std::uint16_t levels) {
    std::uint16_t& now = levels_[port];
    const auto risen = static_cast<std::uint16_t>(levels & ~now);
    const auto fallen = static_cast<std::uint16_t>(now & ~levels);
    now = levels;
    if (listener_ && (risen | fallen) != 0) listener_(port, risen, fallen);
  }

 private:
  std::map<char, std::uint16_t> levels_;
  Listener listener_;
};

}  // namespace mcusim::emulator
