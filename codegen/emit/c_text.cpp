#include "codegen/emit/c_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

namespace mcusim::codegen {
namespace {

constexpr std::size_t kLineWidth = 108;
constexpr std::size_t kLongestComment = 120;
constexpr std::size_t kLongestString = 80;
constexpr std::size_t kLongestIdentifier = 40;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string c_int(std::int64_t value) {
  if (value == std::numeric_limits<std::int32_t>::min()) return "(-2147483647 - 1)";
  return fmt::format("{}", value);
}

std::string c_float(float value) {
  if (std::isnan(value)) return "NAN";
  if (std::isinf(value)) return value > 0 ? "INFINITY" : "-INFINITY";
  std::string text = fmt::format("{:.9g}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "f";
}

std::string c_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text.substr(0, kLongestString)) {
    if (is_letter_or_digit(c) ||
        std::string_view(" _-+./:;,()[]=<>*#@!$%&|^~{}'`").find(c) != std::string_view::npos) {
      literal += c;
    } else {
      literal += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  return literal + '"';
}

std::string c_comment(std::string_view text) {
  std::string safe;
  for (const char c : text.substr(0, kLongestComment)) {
    const bool harmless =
        is_letter_or_digit(c) || std::string_view(" _-+./:;,()[]=").find(c) != std::string_view::npos;
    safe += harmless ? c : '_';
  }
  return safe;
}

std::string c_identifier(std::string_view text) {
  std::string safe;
  for (const char c : text.substr(0, kLongestIdentifier)) {
    if (c >= 'A' && c <= 'Z') {
      safe += static_cast<char>(c - 'A' + 'a');
    } else {
      safe += is_letter_or_digit(c) ? c : '_';
    }
  }
  return safe;
}

std::string dimensions(std::span<const std::int64_t> shape) {
  return shape.empty() ? "scalar" : fmt::format("{}", fmt::join(shape, "x"));
}

std::string c_list(const std::vector<std::string>& items, std::string_view indent) {
  std::string text(indent);
  std::size_t width = indent.size();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      text += ',';
      if (width + items[i].size() + 2 > kLineWidth) {
        text += '\n';
        text += indent;
        width = indent.size();
      } else {
        text += ' ';
      }
    }
    text += items[i];
    width += items[i].size() + 2;
  }
  return text;
}

std::string note_text(std::string_view text) {
  std::string safe(text);
  for (char& c : safe) {
    if (c < ' ' || c > '~') c = '?';
  }
  return safe;
}

}  // namespace mcusim::codegen
