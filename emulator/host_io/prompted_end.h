#pragma once

#include <memory>
#include <string>

#include "emulator/host_io/serial_end.h"

namespace mcusim::emulator::host_io {

/// An end whose other side waits for a text before it sends anything, as a person waits for a prompt.
/// Firmware that drops what comes during its start-up needs that.
class PromptedEnd : public SerialEnd {
 public:
  /// `prompt` is not empty.
  PromptedEnd(std::unique_ptr<SerialEnd> end, std::string prompt)
      : end_(std::move(end)), prompt_(std::move(prompt)) {}

  void write(std::string_view bytes) override;
  std::optional<std::uint8_t> read() override { return seen_ ? end_->read() : std::nullopt; }
  bool at_end() const override { return end_->at_end(); }
  bool can_resume() const override { return end_->can_resume(); }
  void finish() override { end_->finish(); }

 private:
  std::unique_ptr<SerialEnd> end_;
  std::string prompt_;
  std::string tail_;  ///< Of what was sent: the prompt may come in pieces.
  bool seen_ = false;
};

}  // namespace mcusim::emulator::host_io
