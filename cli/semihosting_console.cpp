#include "cli/semihosting_console.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace mcusim::cli {

emulator::semihosting::Options semihosting_console(emulator::semihosting::Options options,
                                                   bool standard_input_taken) {
  options.errors = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); };
  if (standard_input_taken) return options;
  options.input = [](char* bytes, std::size_t size) -> std::size_t {
    // The firmware waits: what it has said may be the question.
    std::fflush(stdout);
    ssize_t got = 0;
    do {
      got = ::read(STDIN_FILENO, bytes, size);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  };
  return options;
}

}  // namespace mcusim::cli
