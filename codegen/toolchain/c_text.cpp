#include "codegen/toolchain/c_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace mcusim::codegen {
namespace {

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string c_string(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '?') {
      literal += '\\';
      literal += c;
    } else if (is_printable(c)) {
      literal += c;
    } else {
      literal += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  return literal + '"';
}

std::string c_comment(std::string_view text) {
  std::string comment = "/* ";
  for (const char c : text) {
    // '*' and '/' never meet, a backslash or trigraph cannot join lines.
    const bool meets = (c == '/' && comment.back() == '*') || (c == '*' && comment.back() == '/');
    if (meets) comment += ' ';
    comment += is_printable(c) && c != '\\' && c != '?' ? c : ' ';
  }
  return comment + " */";
}

std::string table_word(std::string_view text) {
  if (text.empty()) return "-";
  std::string word(text);
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c == ' ' || !is_printable(c); }, '_');
  return word;
}

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace mcusim::codegen
