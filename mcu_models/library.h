#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/embedded_file.h"
#include "mcu_models/document.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {

enum class Folder { cores, families, blocks, parts, boards };

/// The files that other files and the command line refer to by name: "parts/stm32h743.toml" is the part
/// stm32h743. Tests make libraries of damaged files.
class Library {
 public:
  /// `files` must outlive the library.
  explicit Library(std::span<const EmbeddedFile> files) : files_(files) {}
  /// The files compiled into the program.
  static Library builtin();

  /// Names in one folder, sorted.
  std::vector<std::string> names(Folder folder) const;

  /// The file `name`, parsed, without its sources. Throws InputError with the nearest names when there is
  /// none: at `asked_by` when a file named it, else (null) as an argument of the command line.
  Node load(Folder folder, const std::string& name, const Node* asked_by, std::string_view asked_key) const;

  /// The same for a name of the command line, with its sources; and its text.
  Node load_with_sources(Folder folder, const std::string& name) const;
  std::string_view text(Folder folder, const std::string& name) const;

 private:
  /// Null: there is none.
  const EmbeddedFile* find(Folder folder, const std::string& name) const;
  [[noreturn]] void refuse(Folder folder, const std::string& name, const Node* asked_by,
                           std::string_view asked_key) const;

  std::span<const EmbeddedFile> files_;
};

/// A path of the command line: ends in .toml or names a folder.
bool is_path(std::string_view name_or_path);

/// A user's file, parsed, without its sources. Throws InputError.
Node load_user_file(const std::string& path, bool sources_required);

/// The file name without folder and extension.
std::string stem_of(const std::string& name_or_path);

McuModel load_mcu(const Library& library, const std::string& name_or_path);
BoardModel load_board(const Library& library, const McuModel& mcu, const std::string& name_or_path);

}  // namespace mcusim::mcu_models
