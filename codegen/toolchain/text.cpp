#include "codegen/toolchain/text.h"

#include <algorithm>

namespace mcusim::codegen {
namespace {

constexpr std::size_t kLongestWord = 40;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string table_word(std::string_view text) {
  if (text.empty()) return "-";
  std::string word(text.substr(0, kLongestWord));
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c <= ' ' || c > '~'; }, '_');
  return word;
}

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace mcusim::codegen
