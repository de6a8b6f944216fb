#pragma once

#include <cstdint>
#include <string_view>

#include "emulator/host_io/descriptor.h"

namespace mcusim::emulator::gdb {

/// One client over TCP, on the loopback interface only.
class Connection {
 public:
  /// Listens; port 0 takes any free one. Throws InputError when that fails.
  explicit Connection(std::uint16_t port);

  std::uint16_t port() const { return port_; }
  /// Waits for the client. No second one is accepted.
  void accept();
  bool open() const { return client_.valid(); }
  /// Closes in order, so that what was sent arrives.
  void close();

  /// Sends all; a client that is gone closes the connection.
  void send(std::string_view bytes);
  /// The next bytes. With `wait` at least one, else what is there; empty when there is none or the client is
  /// gone, see open(). Valid until the next call.
  std::string_view receive(bool wait);

 private:
  host_io::Descriptor listener_;
  host_io::Descriptor client_;
  std::uint16_t port_ = 0;
  char buffer_[4096] = {};
};

}  // namespace mcusim::emulator::gdb
