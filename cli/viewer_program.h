#pragma once

#include <string>
#include <vector>

namespace mcusim::cli {

/// Makes this process the viewer, a program of its own beside this one. Throws InputError when it is not
/// there.
[[noreturn]] void become_viewer(const std::vector<std::string>& arguments);

}  // namespace mcusim::cli
