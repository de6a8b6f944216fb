#include "emulator/host_io/stdio_end.h"

#include <unistd.h>

#include <cstdio>

namespace mcusim::emulator::host_io {

void StdioEnd::write(std::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }

std::optional<std::uint8_t> StdioEnd::read() {
  const std::optional<std::uint8_t> byte = input_.take(STDIN_FILENO);
  // The guest waits: what it has said may be the question.
  if (!byte) std::fflush(stdout);
  return byte;
}

bool StdioEnd::at_end() const { return input_.state() == InputBuffer::State::ended; }

void StdioEnd::finish() { std::fflush(stdout); }

}  // namespace mcusim::emulator::host_io
