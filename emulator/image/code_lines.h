#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "common/units.h"
#include "emulator/image/debug_file.h"

namespace mcusim::emulator {

/// Source lines that begin a statement of code, by file, of addresses that `is_code`. Damaged DWARF loses
/// lines.
std::map<std::string, std::set<unsigned>> code_lines(DebugFile& debug,
                                                     const std::function<bool(Address)>& is_code);

}  // namespace mcusim::emulator
