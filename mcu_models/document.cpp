#include "mcu_models/document.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <utility>

#include "common/error.h"

namespace mcusim::mcu_models {
namespace {

/// Our deepest value is peripherals.NAME.registers.NAME.reset.
constexpr unsigned kDeepest = 12;
/// toml++ recurses once per level, and a dotted key makes one level per dot: bounding the dots of a line
/// bounds the depth before the parser sees the text.
constexpr std::ptrdiff_t kMostDotsInLine = 24;

constexpr std::string_view kRemedy = "correct it as docs/mcu-models.md describes";

void check_lines(std::string_view text, const std::string& file) {
  if (text.size() > kLargestDocument) {
    throw InputError(printable(
        fmt::format("{}: larger than {} bytes; a model needs only its own facts", file, kLargestDocument)));
  }
  unsigned line = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    if (std::ranges::count(text.substr(0, end), '.') > kMostDotsInLine) {
      throw InputError(printable(fmt::format(
          "{}:{}: more than {} dots in a line; write shorter keys and texts", file, line, kMostDotsInLine)));
    }
    text.remove_prefix(end + 1);
    ++line;
  }
}

Node convert(const toml::node& from, const std::shared_ptr<const std::string>& file, unsigned depth) {
  Node node;
  node.file = file;
  node.line = static_cast<unsigned>(from.source().begin.line);
  if (depth > kDeepest) fail(node, "nesting", "deeper than any key of a model", kRemedy);
  if (const toml::table* table = from.as_table()) {
    Node::Table children;
    for (const auto& [key, child] : *table) {
      Node converted = convert(child, file, depth + 1);
      if (converted.line == 0) converted.line = static_cast<unsigned>(key.source().begin.line);
      children.emplace(std::string(key.str()), std::move(converted));
    }
    node.value = std::move(children);
  } else if (const toml::array* array = from.as_array()) {
    Node::Array children;
    for (const toml::node& child : *array) children.push_back(convert(child, file, depth + 1));
    node.value = std::move(children);
  } else if (const auto* integer = from.as_integer()) {
    node.value = integer->get();
  } else if (const auto* real = from.as_floating_point()) {
    node.value = real->get();
  } else if (const auto* boolean = from.as_boolean()) {
    node.value = boolean->get();
  } else if (const auto* text = from.as_string()) {
    node.value = text->get();
  } else {
    fail(node, "value", "a date or time, which no key takes", kRemedy);
  }
  return node;
}

}  // namespace

std::string printable(std::string text) {
  constexpr std::size_t kLongest = 600;
  if (text.size() > kLongest) text.resize(kLongest);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return text;
}

std::string_view Node::kind() const {
  constexpr std::array<std::string_view, 6> kKinds = {"an integer", "a real number", "true or false",
                                                      "a text",     "a list",        "a table"};
  return kKinds[value.index()];
}

void fail(const Node& node, std::string_view key, std::string_view fault, std::string_view remedy) {
  throw InputError(printable(
      fmt::format("{}:{}: {}: {}; {}", node.file ? *node.file : "?", node.line, key, fault, remedy)));
}

Node parse_document(std::string_view text, const std::string& file) {
  check_lines(text, file);
  try {
    const toml::table table = toml::parse(text, file);
    return convert(table, std::make_shared<const std::string>(file), 0);
  } catch (const toml::parse_error& error) {
    throw InputError(printable(fmt::format("{}:{}: not TOML: {}; correct the syntax", file,
                                           error.source().begin.line, error.description())));
  }
}

void merge(Node& base, Node over) {
  Node::Table* base_table = base.as<Node::Table>();
  Node::Table* over_table = over.as<Node::Table>();
  if (!base_table || !over_table) {
    base = std::move(over);
    return;
  }
  for (auto& [key, child] : *over_table) {
    const auto found = base_table->find(key);
    if (found == base_table->end()) {
      base_table->emplace(key, std::move(child));
      continue;
    }
    Node::Array* rules = key == "rules" ? found->second.as<Node::Array>() : nullptr;
    Node::Array* more = child.as<Node::Array>();
    if (rules && more) {
      std::ranges::move(*more, std::back_inserter(*rules));
    } else {
      merge(found->second, std::move(child));
    }
  }
}

}  // namespace mcusim::mcu_models
