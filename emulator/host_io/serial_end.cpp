#include "emulator/host_io/serial_end.h"

#include <fmt/format.h>

#include "emulator/host_io/file_end.h"
#include "emulator/host_io/pty_end.h"
#include "emulator/host_io/stdio_end.h"
#include "emulator/host_io/tcp_end.h"

namespace mcusim::emulator::host_io {

std::unique_ptr<SerialEnd> open_serial_end(const UartOption& option,
                                           const std::function<void(std::string_view)>& notice) {
  switch (option.kind) {
    case UartOption::Kind::pty: {
      auto end = std::make_unique<PtyEnd>();
      notice(fmt::format("{} is {}", option.uart, end->path()));
      return end;
    }
    case UartOption::Kind::tcp: {
      auto end = std::make_unique<TcpEnd>(option.port);
      notice(fmt::format("{} listens on 127.0.0.1 port {}", option.uart, end->port()));
      return end;
    }
    case UartOption::Kind::file:
      return std::make_unique<FileEnd>(option.path);
    case UartOption::Kind::stdio:
      break;
  }
  return std::make_unique<StdioEnd>();
}

}  // namespace mcusim::emulator::host_io
