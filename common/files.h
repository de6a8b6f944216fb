#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/units.h"

namespace mcusim {

/// The largest input file that is read at all; bounds the memory that a hostile input can claim.
inline constexpr Bytes kLargestInputFile = 256ull << 20;

/// Reads a whole regular file. Throws InputError when it is missing, empty, a folder or larger than `limit`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, Bytes limit = kLargestInputFile);

/// Writes beside the target and renames, so that an existing file is replaced only by a complete one.
/// Throws InputError when the place cannot be written.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> content);
void write_file(const std::filesystem::path& path, std::string_view content);

/// A folder under the system's temporary directory, removed with its contents on destruction.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace mcusim
