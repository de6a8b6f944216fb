#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace mcusim::profiler {

/// 1234567 -> "1,234,567"
inline std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

/// What grouped() grouped, without its commas.
inline std::string ungrouped(std::string text) {
  std::erase(text, ',');
  return text;
}

/// A cell of a comma-separated table (RFC 4180): quoted where it needs to be.
inline std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

/// With one decimal; "-" of nothing.
inline std::string percent_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-"
                    : fmt::format("{:.1f}", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

inline constexpr std::size_t kNameWidth = 32;

/// The first of the names that TensorFlow joins by semicolons when it fuses operators, cut in the middle,
/// where its paths say least.
inline std::string shortened(const std::string& joined, std::size_t width = kNameWidth) {
  const std::string name = joined.substr(0, joined.find(';'));
  if (name.size() <= width) return name;
  const std::size_t tail = (width - 2) / 2;
  return name.substr(0, width - 2 - tail) + ".." + name.substr(name.size() - tail);
}

}  // namespace mcusim::profiler
