#pragma once

#include <string>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// A line of source with what its own instructions cost, wherever they were inlined.
struct ListedLine {
  unsigned number = 0;      ///< From 1.
  std::string text;         ///< Empty where the file could not be read.
  std::uint64_t count = 0;  ///< Of its most executed instruction.
  Cycles cycles = 0;
};

struct ListedFile {
  std::string name;  ///< As the compiler recorded it.
  Cycles cycles = 0;
  std::string no_text;            ///< Why its lines are without text; empty: they have it.
  std::vector<ListedLine> lines;  ///< By number: those executed and, of a file with text, those around them.
};

/// The files that executed instructions come from, the costliest first, with their text as far as it is still
/// where the compiler saw it. Only files whose names end like those of sources are read: a profile may come
/// from somebody else, and what is listed may be given away. At most `most_text` bytes of text.
std::vector<ListedFile> source_listing(const Profile& profile, Bytes most_text = 2 << 20);

}  // namespace mcusim::profiler
