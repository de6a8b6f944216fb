#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mcusim::mcu_models {

/// A value of a TOML file together with its place, which survives the merging of files: an error in a merged
/// model still names the file and line that it came from.
struct Node {
  using Array = std::vector<Node>;
  using Table = std::map<std::string, Node, std::less<>>;

  std::variant<std::int64_t, double, bool, std::string, Array, Table> value;
  std::shared_ptr<const std::string> file;
  unsigned line = 0;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
  template <typename T>
  T* as() {
    return std::get_if<T>(&value);
  }
  /// "a table", "an integer".. for messages.
  std::string_view kind() const;
};

inline constexpr std::size_t kLargestDocument = 1u << 20;  ///< Bytes of a model file.

/// Text for a message: control characters replaced, at most 600 bytes.
std::string printable(std::string text);

/// Parses TOML into a table. `file` is the name used in messages. Throws InputError on anything that is not
/// TOML, and on texts larger or nested deeper than any model needs.
Node parse_document(std::string_view text, const std::string& file);

/// Puts `over` on `base`: tables are merged key by key, arrays under the key `rules` are joined, every other
/// value replaces.
void merge(Node& base, Node over);

/// Throws InputError "file:line: key: fault; remedy" as one line of printable characters.
[[noreturn]] void fail(const Node& node, std::string_view key, std::string_view fault,
                       std::string_view remedy);

}  // namespace mcusim::mcu_models
