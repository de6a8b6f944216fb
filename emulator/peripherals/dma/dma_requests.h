#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace mcusim::emulator {

/// The request lines from peripherals to DMA controllers, by the peripheral's and the signal's name:
/// "USART2_RX". They are levels: one stays up until the peripheral has been served.
class DmaRequests {
 public:
  void set(const std::string& signal, bool level) {
    const bool changed = level ? raised_.insert(signal).second : raised_.erase(signal) != 0;
    if (!changed || !level) return;
    for (const auto& listener : listeners_) listener();
  }
  bool raised(const std::string& signal) const { return raised_.contains(signal); }

  /// `listener` is called when some line has risen.
  void listen(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }

 private:
  std::set<std::string> raised_;
  std::vector<std::function<void()>> listeners_;
};

}  // namespace mcusim::emulator
