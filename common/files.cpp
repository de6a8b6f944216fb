#include "common/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>

#include "common/error.h"

namespace mcusim {
namespace fs = std::filesystem;

std::vector<std::uint8_t> read_file(const fs::path& path, Bytes limit) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw InputError(fmt::format("{}: no such file; check the path", path.string()));
  }
  if (!fs::is_regular_file(status)) {
    throw InputError(fmt::format("{}: not a regular file; give a file", path.string()));
  }
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) throw InputError(fmt::format("{}: {}; check its permissions", path.string(), error.message()));
  if (size == 0) throw InputError(fmt::format("{}: the file is empty; write it again", path.string()));
  if (size > limit) {
    throw InputError(fmt::format("{}: {} bytes are more than the {} that are read; give a smaller file",
                                 path.string(), size, limit));
  }
  std::ifstream stream(path, std::ios::binary);
  std::vector<std::uint8_t> content(size);
  if (!stream.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(size))) {
    throw InputError(fmt::format("{}: cannot be read; check its permissions", path.string()));
  }
  return content;
}

void write_file(const fs::path& path, std::span<const std::uint8_t> content) {
  const fs::path partial = path.string() + fmt::format(".{}.partial", ::getpid());
  std::ofstream stream(partial, std::ios::binary | std::ios::trunc);
  stream.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  stream.close();
  std::error_code error;
  if (stream) fs::rename(partial, path, error);
  if (!stream || error) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw InputError(
        fmt::format("{}: cannot be written; check folder, permissions and space", path.string()));
  }
}

void write_file(const fs::path& path, std::string_view content) {
  write_file(path, std::span(reinterpret_cast<const std::uint8_t*>(content.data()), content.size()));
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (fs::temp_directory_path() / "mcusim-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw InputError(fmt::format("{}: {}; make TMPDIR a writable folder", pattern, std::strerror(errno)));
  }
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace mcusim
