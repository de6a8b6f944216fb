#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/units.h"
#include "mcu_models/document.h"

namespace mcusim::mcu_models {

/// Reads the keys of one table and knows which of them were asked for: finish() refuses the others, so that
/// a misspelt key is an error and never a silent default. All faults are InputErrors of fail().
class TableReader {
 public:
  /// `path`: the table's key as the user knows it, "" at the top of a file.
  TableReader(const Node& node, std::string path);

  const Node& node() const { return *node_; }
  std::string path_of(std::string_view key) const;
  bool has(std::string_view key);
  /// Null when absent.
  const Node* find(std::string_view key);
  const Node& require(std::string_view key, std::string_view expected);

  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t otherwise);
  std::uint32_t word(std::string_view key);
  std::uint32_t word(std::string_view key, std::uint32_t otherwise);
  bool boolean(std::string_view key, bool otherwise);
  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string_view otherwise);
  /// The index of the text among `choices`.
  std::size_t choice(std::string_view key, std::span<const std::string_view> choices);
  /// The elements of a list; none when absent.
  std::span<const Node> list(std::string_view key);

  /// Throws when the table has keys that nobody asked for.
  void finish();

  /// Throws at the place of `key`, or of the table when it has no such key.
  [[noreturn]] void fail_at(std::string_view key, std::string_view fault, std::string_view remedy) const;

 private:
  const Node* node_;
  const Node::Table* table_;
  std::string path_;
  std::vector<std::string> known_;
};

/// The children of a table with their paths: for tables whose keys are names (memories, registers).
std::vector<std::pair<std::string, const Node*>> named_tables(TableReader& reader, std::string_view key);

/// The text of a list element or value; throws naming `path`.
const std::string& text_of(const Node& node, std::string_view path);

/// ", did you mean A or B" for the names nearest to `name` by edit distance; empty when none is near.
std::string suggestion(std::string_view name, std::span<const std::string> names);

}  // namespace mcusim::mcu_models
