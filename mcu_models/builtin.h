#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mcu_models/document.h"

namespace mcusim::mcu_models {

/// The folders of the built-in files; their names are singular in messages.
enum class Folder { cores, families, blocks, parts, boards };

/// Names without folder and extension, sorted.
std::vector<std::string> builtin_names(Folder folder);

/// The built-in file `name`, parsed, without its sources. Throws InputError with the nearest names when there
/// is none: at `asked_by` when a file named it, else as an argument of the command line.
Node load_builtin(Folder folder, const std::string& name, const Node* asked_by, std::string_view asked_key);

/// A path of the command line: ends in .toml or names a folder.
bool is_path(std::string_view name_or_path);

/// A user's file, parsed, without its sources. Throws InputError.
Node load_user_file(const std::string& path, bool sources_required);

/// The file name without folder and extension.
std::string stem_of(const std::string& name_or_path);

}  // namespace mcusim::mcu_models
