#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace mcusim::viewer {

/// Pixels of 8-bit red, green, blue; rows from the top.
struct Picture {
  unsigned width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  ///< 3 * width * height bytes.
};

/// Throws InputError when the file cannot be written.
void write_png(const std::filesystem::path& path, const Picture& picture);

/// Throws InputError when the file is no PNG.
Picture read_png(const std::filesystem::path& path);

}  // namespace mcusim::viewer
