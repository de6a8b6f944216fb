#pragma once

#include <set>
#include <string>
#include <vector>

#include "codegen/emit/emit.h"

namespace mcusim::codegen {

/// The kernel library's headers and those of its sources that define one of `functions`, by name.
std::vector<SourceFile> kernel_files(const std::set<std::string>& functions);

}  // namespace mcusim::codegen
