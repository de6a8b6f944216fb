#include "mcu_models/library.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "common/error.h"
#include "common/files.h"
#include "mcu_models/reader.h"
#include "mcu_models/sources.h"

namespace mcusim {
extern const std::span<const EmbeddedFile> mcu_model_files;
}

namespace mcusim::mcu_models {
namespace {

struct FolderText {
  std::string_view folder;
  std::string_view what;
};
constexpr std::array<FolderText, 5> kFolders = {
    {{"cores", "core"}, {"families", "family"}, {"blocks", "block"}, {"parts", "MCU"}, {"boards", "board"}}};

const FolderText& text_of(Folder folder) { return kFolders[static_cast<std::size_t>(folder)]; }

}  // namespace

Library Library::builtin() { return Library(mcu_model_files); }

std::vector<std::string> Library::names(Folder folder) const {
  const std::string prefix = fmt::format("{}/", text_of(folder).folder);
  std::vector<std::string> found;
  for (const EmbeddedFile& file : files_) {
    if (file.name.starts_with(prefix)) found.push_back(stem_of(std::string(file.name)));
  }
  std::ranges::sort(found);
  return found;
}

const EmbeddedFile* Library::find(Folder folder, const std::string& name) const {
  const auto found =
      std::ranges::find(files_, fmt::format("{}/{}.toml", text_of(folder).folder, name), &EmbeddedFile::name);
  return found == files_.end() ? nullptr : &*found;
}

Node Library::load(Folder folder, const std::string& name, const Node* asked_by,
                   std::string_view asked_key) const {
  const EmbeddedFile* const file = find(folder, name);
  if (file == nullptr) refuse(folder, name, asked_by, asked_key);
  Node document = parse_document(file->content, fmt::format("mcu_models/{}", file->name));
  take_sources(document, folder != Folder::boards);
  return document;
}

Node Library::load_with_sources(Folder folder, const std::string& name) const {
  return parse_document(text(folder, name), name);
}

std::string_view Library::text(Folder folder, const std::string& name) const {
  const EmbeddedFile* const file = find(folder, name);
  if (file == nullptr) refuse(folder, name, nullptr, "");
  return file->content;
}

void Library::refuse(Folder folder, const std::string& name, const Node* asked_by,
                     std::string_view asked_key) const {
  const std::string_view what = text_of(folder).what;
  const std::vector<std::string> known = names(folder);
  const std::string fault = fmt::format("unknown {}{}", what, suggestion(name, known));
  if (asked_by) {
    fail(*asked_by, asked_key, fmt::format("{} '{}'", fault, name),
         fmt::format("choose one of {}", fmt::join(known, ", ")));
  }
  throw InputError(fmt::format(
      "{}: {}; {}", printable(name), fault,
      folder == Folder::parts
          ? "`mcusim mcus` lists them, or give the path of a .toml file"
          : fmt::format("choose one of {}, or give the path of a .toml file", fmt::join(known, ", "))));
}

bool is_path(std::string_view name_or_path) {
  return name_or_path.ends_with(".toml") || name_or_path.find('/') != std::string_view::npos;
}

Node load_user_file(const std::string& path, bool sources_required) {
  const std::vector<std::uint8_t> bytes = read_file(path, kLargestDocument);
  Node document =
      parse_document(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), path);
  take_sources(document, sources_required);
  return document;
}

std::string stem_of(const std::string& name_or_path) {
  return std::filesystem::path(name_or_path).stem().string();
}

}  // namespace mcusim::mcu_models
