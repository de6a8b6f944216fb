#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "emulator/host_io/uart_option.h"

namespace mcusim::emulator::host_io {

/// The host's end of a UART's two wires. Nothing here waits for the other side.
class SerialEnd {
 public:
  virtual ~SerialEnd() = default;

  /// What the guest sends.
  virtual void write(std::string_view bytes) = 0;

  /// The next byte for the guest; nothing when none has come yet.
  virtual std::optional<std::uint8_t> read() = 0;

  /// No byte will come any more, as things stand now: end of file, or the client has hung up.
  virtual bool at_end() const = 0;
  /// at_end() may become false again.
  virtual bool can_resume() const { return false; }

  /// The run is over: completes what is still on its way. Files appear under their name now. Throws
  /// InputError when that fails.
  virtual void finish() = 0;
};

/// Opens the end that the option names. Where the other side must be told how to connect, `notice` receives
/// one line without a line break, once. Throws InputError when the end cannot be opened.
std::unique_ptr<SerialEnd> open_serial_end(const UartOption& option,
                                           const std::function<void(std::string_view)>& notice);

}  // namespace mcusim::emulator::host_io
