#include "emulator/host_io/file_end.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "common/error.h"

namespace mcusim::emulator::host_io {
namespace {

[[noreturn]] void fail(const std::string& path, const char* step) {
  throw InputError(
      fmt::format("--uart file:{}: {}: {}; choose another place", path, step, std::strerror(errno)));
}

/// What a new file gets: mkstemp() gives its owner alone access.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

FileEnd::FileEnd(const std::string& path) : path_(path), growing_(path + ".XXXXXX") {
  const int descriptor = ::mkstemp(growing_.data());
  if (descriptor < 0) {
    growing_.clear();
    fail(path_, "cannot be written");
  }
  ::fchmod(descriptor, usual_mode());
  file_.reset(::fdopen(descriptor, "wb"));
}

FileEnd::~FileEnd() {
  if (!growing_.empty()) ::unlink(growing_.c_str());
}

void FileEnd::write(std::string_view bytes) {
  if (file_) std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
}

void FileEnd::finish() {
  if (!file_) return;
  const bool failed = std::ferror(file_.get()) != 0;
  if (std::fclose(file_.release()) != 0 || failed) fail(path_, "cannot be written to its end");
  if (::rename(growing_.c_str(), path_.c_str()) != 0) fail(path_, "cannot be replaced");
  growing_.clear();
}

}  // namespace mcusim::emulator::host_io
