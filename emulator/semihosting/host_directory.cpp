#include "emulator/semihosting/host_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "common/error.h"

namespace mcusim::emulator::semihosting {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t kLongestName = 1024;

}  // namespace

HostDirectory::HostDirectory(const std::string& path)
    : folder_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_.valid()) {
    throw InputError(
        fmt::format("--semihost-dir {}: {}; give an existing folder", path, std::strerror(errno)));
  }
}

// Walks down one folder at a time: no step can leave the tree, whatever is renamed meanwhile.
int HostDirectory::locate(std::string_view name, Place& place) const {
  const bool relative = !name.empty() && name.front() != '/';
  if (!relative || name.size() > kLongestName || name.find('\0') != std::string_view::npos) return -EACCES;
  place.folder.reset(::openat(folder_.get(), ".", kFolder));
  place.name.clear();
  while (!name.empty()) {
    const std::size_t end = name.find('/');
    const std::string part(name.substr(0, end));
    name.remove_prefix(end == std::string_view::npos ? name.size() : end + 1);
    if (part == "..") return -EACCES;
    if (part.empty() || part == ".") continue;
    if (!place.name.empty()) {
      place.folder.reset(::openat(place.folder.get(), place.name.c_str(), kFolder));
    }
    if (!place.folder.valid()) return -errno;
    place.name = part;
  }
  return place.name.empty() ? -EACCES : 0;
}

int HostDirectory::open(std::string_view name, int flags) const {
  Place place;
  if (const int error = locate(name, place); error != 0) return error;
  // Opening a named pipe must not wait for its other end.
  const int file = ::openat(place.folder.get(), place.name.c_str(),
                            flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644);
  if (file < 0) return -errno;
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    return -EACCES;
  }
  return file;
}

int HostDirectory::remove(std::string_view name) const {
  Place place;
  if (const int error = locate(name, place); error != 0) return error;
  return ::unlinkat(place.folder.get(), place.name.c_str(), 0) == 0 ? 0 : -errno;
}

int HostDirectory::rename(std::string_view from, std::string_view to) const {
  Place source, target;
  if (const int error = locate(from, source); error != 0) return error;
  if (const int error = locate(to, target); error != 0) return error;
  const int result =
      ::renameat(source.folder.get(), source.name.c_str(), target.folder.get(), target.name.c_str());
  return result == 0 ? 0 : -errno;
}

}  // namespace mcusim::emulator::semihosting
