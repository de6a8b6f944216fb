#pragma once

#include <optional>
#include <string>

#include "emulator/host_io/serial_end.h"

namespace mcusim::emulator::host_io {

/// A host that has sent all its bytes before the guest starts.
class TextEnd : public SerialEnd {
 public:
  explicit TextEnd(std::string text) : text_(std::move(text)) {}
  void write(std::string_view bytes) override { written += bytes; }
  std::optional<std::uint8_t> read() override {
    if (at_end()) return std::nullopt;
    return static_cast<std::uint8_t>(text_[position_++]);
  }
  bool at_end() const override { return position_ == text_.size(); }
  void finish() override {}

  std::string written;

 private:
  std::string text_;
  std::size_t position_ = 0;
};

}  // namespace mcusim::emulator::host_io
