#pragma once

#include <span>
#include <string_view>

namespace mcusim {

/// A text file compiled into the program by mcusim_embed() of cmake/embed.cmake.
struct EmbeddedFile {
  std::string_view name;  ///< Path relative to the folder that embeds it.
  std::string_view content;
};

}  // namespace mcusim
