#include "emulator/host_io/descriptor.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace mcusim::emulator::host_io {
namespace {

bool ready(int descriptor, short events, int milliseconds) {
  pollfd request{descriptor, events, 0};
  return ::poll(&request, 1, milliseconds) > 0;
}

/// A socket whose client has gone must not end the program with SIGPIPE.
ssize_t write_some(int descriptor, const char* bytes, std::size_t size) {
  const ssize_t sent = ::send(descriptor, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, bytes, size) : sent;
}

}  // namespace

void Descriptor::reset(int value) {
  if (value_ >= 0) ::close(value_);
  value_ = value;
}

std::optional<std::uint8_t> InputBuffer::take(int descriptor) {
  if (position_ == bytes_.size() && !ended_ && ready(descriptor, POLLIN, 0)) {
    std::array<char, 4096> chunk;
    const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
    if (count > 0) {
      bytes_.assign(chunk.data(), static_cast<std::size_t>(count));
      position_ = 0;
    } else {
      ended_ = count == 0 || (errno != EAGAIN && errno != EINTR);
    }
  }
  if (position_ == bytes_.size()) return std::nullopt;
  return static_cast<std::uint8_t>(bytes_[position_++]);
}

void InputBuffer::clear() {
  bytes_.clear();
  position_ = 0;
  ended_ = false;
}

void OutputBuffer::add(std::string_view bytes) {
  bytes_ += bytes.substr(0, kLongest - std::min(kLongest, bytes_.size()));
}

bool OutputBuffer::flush(int descriptor) {
  while (!bytes_.empty()) {
    if (!ready(descriptor, POLLOUT, 0)) return true;
    const ssize_t count = write_some(descriptor, bytes_.data(), bytes_.size());
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    bytes_.erase(0, static_cast<std::size_t>(count));
  }
  return true;
}

void OutputBuffer::drain(int descriptor, std::chrono::milliseconds longest) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + longest;
  while (flush(descriptor) && !bytes_.empty()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0 || !ready(descriptor, POLLOUT, static_cast<int>(left.count()))) return;
  }
}

}  // namespace mcusim::emulator::host_io
