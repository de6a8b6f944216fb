#include "emulator/host_io/pty_end.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "common/error.h"

namespace mcusim::emulator::host_io {
namespace {

constexpr std::chrono::milliseconds kLastWait{200};

[[noreturn]] void fail(const char* step) {
  throw InputError(fmt::format("--uart pty: {}: {}; use stdio or tcp:PORT", step, std::strerror(errno)));
}

}  // namespace

PtyEnd::PtyEnd() {
  master_.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!master_.valid()) fail("no pseudo-terminal");
  if (::grantpt(master_.get()) != 0 || ::unlockpt(master_.get()) != 0)
    fail("cannot unlock the pseudo-terminal");
  std::array<char, 128> name{};
  if (::ptsname_r(master_.get(), name.data(), name.size()) != 0) fail("the pseudo-terminal has no name");
  path_ = name.data();
  slave_.reset(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!slave_.valid()) fail("cannot open the pseudo-terminal");
  termios settings{};
  if (::tcgetattr(slave_.get(), &settings) != 0) fail("cannot read the terminal's settings");
  ::cfmakeraw(&settings);
  if (::tcsetattr(slave_.get(), TCSANOW, &settings) != 0) fail("cannot change the terminal's settings");
  if (::fcntl(master_.get(), F_SETFL, O_NONBLOCK) != 0) fail("cannot make the pseudo-terminal non-blocking");
}

void PtyEnd::write(std::string_view bytes) {
  output_.add(bytes);
  output_.flush(master_.get());
}

std::optional<std::uint8_t> PtyEnd::read() {
  output_.flush(master_.get());
  return input_.take(master_.get());
}

void PtyEnd::finish() { output_.drain(master_.get(), kLastWait); }

}  // namespace mcusim::emulator::host_io
