#pragma once

#include <string>
#include <string_view>

#include "emulator/host_io/descriptor.h"

namespace mcusim::emulator::semihosting {

/// One folder of the host in which a guest may work, and nothing outside of it: a name is relative, has no
/// "..", and no part of it may be a symbolic link. Only regular files are opened.
///
/// The functions return 0 or a descriptor, or the negative errno; EACCES for a name that is not allowed.
class HostDirectory {
 public:
  /// Throws InputError when `path` is no folder.
  explicit HostDirectory(const std::string& path);

  /// `flags` as open() takes them; a new file gets mode 0644 less the umask.
  int open(std::string_view name, int flags) const;
  int remove(std::string_view name) const;
  /// An existing file of the new name is replaced.
  int rename(std::string_view from, std::string_view to) const;

 private:
  struct Place {
    host_io::Descriptor folder;
    std::string name;
  };
  int locate(std::string_view name, Place& place) const;

  host_io::Descriptor folder_;
};

}  // namespace mcusim::emulator::semihosting
