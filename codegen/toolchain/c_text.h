#pragma once

#include <string>
#include <string_view>

namespace mcusim::codegen {

/// A C string literal with its quotes. What is not printable ASCII, and trigraphs, are escaped.
std::string c_string(std::string_view text);

/// A comment of one line. The text comes from files of the user: it can neither end the comment nor go on to
/// the next line.
std::string c_comment(std::string_view text);

/// One word for a column of a text table: blanks and what is not printable ASCII become '_'; "-" if empty.
std::string table_word(std::string_view text);

/// True when `text` is a C identifier.
bool is_identifier(std::string_view text);

}  // namespace mcusim::codegen
