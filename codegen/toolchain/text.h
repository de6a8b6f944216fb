#pragma once

#include <string>
#include <string_view>

namespace mcusim::codegen {

/// One word for a column of a text table, of at most 40 characters: blanks and what is not printable ASCII
/// become '_'; "-" if empty.
std::string table_word(std::string_view text);

/// True when `text` is a C identifier.
bool is_identifier(std::string_view text);

}  // namespace mcusim::codegen
