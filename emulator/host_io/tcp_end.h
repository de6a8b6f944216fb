#pragma once

#include <cstdint>

#include "emulator/host_io/descriptor.h"
#include "emulator/host_io/serial_end.h"

namespace mcusim::emulator::host_io {

/// A server on 127.0.0.1 for one client at a time; when it hangs up, the next one may come. What the guest
/// sends before the first client is kept for it.
class TcpEnd : public SerialEnd {
 public:
  /// `port` 0: any free one. Throws InputError when it is taken.
  explicit TcpEnd(std::uint16_t port);

  std::uint16_t port() const { return port_; }

  void write(std::string_view bytes) override;
  std::optional<std::uint8_t> read() override;
  /// A client was there and has hung up.
  bool at_end() const override { return hung_up_; }
  bool can_resume() const override { return true; }
  /// Waits a little for the client to take the rest.
  void finish() override;

 private:
  void accept_client();
  void drop_client();
  void flush();

  Descriptor listener_;
  Descriptor client_;
  std::uint16_t port_ = 0;
  bool hung_up_ = false;
  InputBuffer input_;
  OutputBuffer output_;
};

}  // namespace mcusim::emulator::host_io
