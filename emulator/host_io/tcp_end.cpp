#include "emulator/host_io/tcp_end.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "common/error.h"
#include "emulator/host_io/loopback.h"

namespace mcusim::emulator::host_io {
namespace {

constexpr std::chrono::milliseconds kLastWait{1000};

[[noreturn]] void fail(std::uint16_t port, const char* step) {
  throw InputError(fmt::format("--uart tcp:{}: {}: {}; choose another port, or 0 for any free one", port,
                               step, std::strerror(errno)));
}

}  // namespace

TcpEnd::TcpEnd(std::uint16_t port) {
  port_ = port;
  if (!listen_on_loopback(listener_, port_, SOCK_NONBLOCK)) fail(port, "cannot listen");
}

void TcpEnd::accept_client() {
  // One that has ended its input may still listen, until the next one comes.
  if (client_.valid() && !hung_up_) return;
  const int client = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (client < 0) return;
  // A line of few bytes: each is worth a packet.
  const int on = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (client_.valid()) output_.clear();
  client_.reset(client);
  input_.clear();
  hung_up_ = false;
}

void TcpEnd::drop_client() {
  client_.reset();
  output_.clear();
  hung_up_ = true;
}

void TcpEnd::flush() {
  if (client_.valid() && !output_.flush(client_.get())) drop_client();
}

void TcpEnd::write(std::string_view bytes) {
  accept_client();
  output_.add(bytes);
  flush();
}

std::optional<std::uint8_t> TcpEnd::read() {
  accept_client();
  flush();
  if (!client_.valid()) return std::nullopt;
  const std::optional<std::uint8_t> byte = input_.take(client_.get());
  if (!byte && input_.state() == InputBuffer::State::ended) hung_up_ = true;
  return byte;
}

void TcpEnd::finish() {
  if (client_.valid()) output_.drain(client_.get(), kLastWait);
}

}  // namespace mcusim::emulator::host_io
