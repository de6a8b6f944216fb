#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcusim::codegen {

// Pieces of C source text. Names from a model are hostile: none of them reaches the source unchanged.

std::string c_int(std::int64_t value);        ///< A literal that has type int wherever the value fits.
std::string c_float(float value);             ///< Exact; also for infinities and NaN (needs <math.h>).
std::string c_string(std::string_view text);  ///< A string literal of at most 80 bytes of the text.

/// The text as it may stand inside a C comment: anything that could end the comment or form a trigraph is
/// replaced, long text is cut.
std::string c_comment(std::string_view text);

/// Lower case letters, digits and underscores only; at most 40 of them.
std::string c_identifier(std::string_view text);

/// "1x8x8x3".
std::string dimensions(std::span<const std::int64_t> shape);

/// "a, b, c" broken into indented lines.
std::string c_list(const std::vector<std::string>& items, std::string_view indent);

/// Printable ASCII for the note; other bytes become '?'.
std::string note_text(std::string_view text);

}  // namespace mcusim::codegen
