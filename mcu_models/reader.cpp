#include "mcu_models/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace mcusim::mcu_models {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row.back();
}

std::string range_text(std::int64_t least, std::int64_t most) {
  return most > 0xffff ? fmt::format("an integer from {:#x} to {:#x}", least, most)
                       : fmt::format("an integer from {} to {}", least, most);
}

}  // namespace

std::string suggestion(std::string_view name, std::span<const std::string> names) {
  constexpr std::size_t kLongestName = 64;
  constexpr std::size_t kMostNames = 3;
  if (name.size() > kLongestName) return "";
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : names) {
    if (candidate.size() > kLongestName) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance <= std::max<std::size_t>(2, name.size() / 4)) near.emplace_back(distance, candidate);
  }
  if (near.empty()) return "";
  std::ranges::sort(near);
  std::vector<std::string> nearest;
  for (const auto& [distance, candidate] : near) {
    if (nearest.size() < kMostNames) nearest.push_back(candidate);
  }
  return fmt::format(", did you mean {}", fmt::join(nearest, " or "));
}

TableReader::TableReader(const Node& node, std::string path)
    : node_(&node), table_(node.as<Node::Table>()), path_(std::move(path)) {
  if (!table_) {
    fail(node, path_, fmt::format("expected a table, found {}", node.kind()), "write it as { key = value }");
  }
}

std::string TableReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void TableReader::fail_at(std::string_view key, std::string_view fault, std::string_view remedy) const {
  const auto found = table_->find(key);
  fail(found == table_->end() ? *node_ : found->second, path_of(key), fault, remedy);
}

bool TableReader::has(std::string_view key) { return find(key) != nullptr; }

const Node* TableReader::find(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  const auto found = table_->find(key);
  return found == table_->end() ? nullptr : &found->second;
}

const Node& TableReader::require(std::string_view key, std::string_view expected) {
  const Node* found = find(key);
  if (found) return *found;
  std::vector<std::string> written;
  for (const auto& [name, child] : *table_) written.push_back(name);
  fail_at(key, fmt::format("missing{}, expected {}", suggestion(key, written), expected),
          fmt::format("add {} = ..", key));
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const std::string expected = range_text(least, most);
  const Node& node = require(key, expected);
  const auto* value = node.as<std::int64_t>();
  if (!value) {
    fail(node, path_of(key), fmt::format("expected {}, found {}", expected, node.kind()),
         "write a plain number");
  }
  if (*value < least || *value > most) {
    fail(node, path_of(key), fmt::format("expected {}, found {}", expected, *value), "correct the number");
  }
  return *value;
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t least, std::int64_t most,
                                  std::int64_t otherwise) {
  return has(key) ? integer(key, least, most) : otherwise;
}

std::uint32_t TableReader::word(std::string_view key) {
  return static_cast<std::uint32_t>(integer(key, 0, 0xffffffff));
}

std::uint32_t TableReader::word(std::string_view key, std::uint32_t otherwise) {
  return has(key) ? word(key) : otherwise;
}

bool TableReader::boolean(std::string_view key, bool otherwise) {
  const Node* node = find(key);
  if (!node) return otherwise;
  const bool* value = node->as<bool>();
  if (!value) {
    fail(*node, path_of(key), fmt::format("expected true or false, found {}", node->kind()),
         "write true or false without quotes");
  }
  return *value;
}

std::string TableReader::text(std::string_view key) {
  return text_of(require(key, "a text in quotes"), path_of(key));
}

std::string TableReader::text(std::string_view key, std::string_view otherwise) {
  return has(key) ? text(key) : std::string(otherwise);
}

std::size_t TableReader::choice(std::string_view key, std::span<const std::string_view> choices) {
  const std::string value = text(key);
  const auto found = std::ranges::find(choices, value);
  if (found == choices.end()) {
    fail_at(key, fmt::format("expected one of {}, found '{}'", fmt::join(choices, ", "), value),
            "choose one of them");
  }
  return static_cast<std::size_t>(found - choices.begin());
}

std::span<const Node> TableReader::list(std::string_view key) {
  const Node* node = find(key);
  if (!node) return {};
  const auto* array = node->as<Node::Array>();
  if (!array) {
    fail(*node, path_of(key), fmt::format("expected a list, found {}", node->kind()),
         "write it in square brackets");
  }
  return *array;
}

void TableReader::finish() {
  for (const auto& [key, child] : *table_) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    fail(child, path_of(key), fmt::format("unknown key{}", suggestion(key, known_)),
         fmt::format("keys here are {}", fmt::join(known_, ", ")));
  }
}

std::vector<std::pair<std::string, const Node*>> named_tables(TableReader& reader, std::string_view key) {
  std::vector<std::pair<std::string, const Node*>> named;
  const Node* node = reader.find(key);
  if (!node) return named;
  const auto* table = node->as<Node::Table>();
  if (!table) {
    fail(*node, reader.path_of(key), fmt::format("expected a table, found {}", node->kind()),
         "write it as { key = value }");
  }
  for (const auto& [name, child] : *table) named.emplace_back(name, &child);
  return named;
}

const std::string& text_of(const Node& node, std::string_view path) {
  const auto* value = node.as<std::string>();
  if (!value) {
    fail(node, path, fmt::format("expected a text, found {}", node.kind()), "write it in quotes");
  }
  if (value->empty() || value->size() > 400) {
    fail(node, path, "expected a text of 1 to 400 characters", "write such a text");
  }
  return *value;
}

}  // namespace mcusim::mcu_models
