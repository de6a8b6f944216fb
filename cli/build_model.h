#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codegen/emit/emit.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::cli {

/// Whether `file` is to be executed as it is (an ELF or a flat image by content or name) or built first.
bool is_binary(const std::filesystem::path& file);

/// Model file -> graph -> plan -> C.
codegen::EmittedNetwork generate(const std::filesystem::path& model);

}  // namespace mcusim::cli
