#include "emulator/gdb/connection.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "common/error.h"
#include "emulator/host_io/loopback.h"

namespace mcusim::emulator::gdb {
namespace {

constexpr int kLastWaitMilliseconds = 1000;

[[noreturn]] void fail(std::uint16_t port) {
  throw InputError(
      fmt::format("--gdb {}: {}; choose another port, or 0 for any free one", port, std::strerror(errno)));
}

}  // namespace

Connection::Connection(std::uint16_t port) {
  port_ = port;
  if (!host_io::listen_on_loopback(listener_, port_, 0)) fail(port);
}

void Connection::accept() {
  int client = -1;
  do {
    client = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
  } while (client < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (client < 0) fail(port_);
  const int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  client_.reset(client);
  listener_.reset();
}

void Connection::close() {
  if (!open()) return;
  ::shutdown(client_.get(), SHUT_WR);
  pollfd waiting{client_.get(), POLLIN, 0};
  while (::poll(&waiting, 1, kLastWaitMilliseconds) > 0) {
    if (::recv(client_.get(), buffer_, sizeof buffer_, 0) <= 0) break;
  }
  client_.reset();
}

void Connection::send(std::string_view bytes) {
  while (open() && !bytes.empty()) {
    const ssize_t sent = ::send(client_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      client_.reset();
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string_view Connection::receive(bool wait) {
  if (!open()) return {};
  ssize_t got = 0;
  do {
    got = ::recv(client_.get(), buffer_, sizeof buffer_, wait ? 0 : MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got > 0) return {buffer_, static_cast<std::size_t>(got)};
  if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) client_.reset();
  return {};
}

}  // namespace mcusim::emulator::gdb
