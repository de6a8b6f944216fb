#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"
#include "profiler/compare/reference.h"
#include "profiler/compare/text_fields.h"

namespace mcusim::profiler {
namespace {

/// Fields of a line by RFC 4180, without line breaks in them.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

}  // namespace

Reference read_latency_csv(std::string_view text, std::string_view file) {
  const std::vector<std::string> head = fields_of(take_line(text));
  const auto column = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::ranges::find(head, name);
    return found == head.end() ? std::nullopt : std::optional<std::size_t>(found - head.begin());
  };
  const auto cycles = column("cycles");
  const auto cost = cycles ? cycles : column("ms");
  const auto name = column("layer") ? column("layer") : column("name");
  if (!cost || !name) {
    throw InputError(fmt::format(
        "{}: neither a profile, a board log nor a CSV; its first line has to be layer,cycles or name,ms",
        file));
  }
  Reference reference;
  reference.title = std::string(file);
  reference.unit = cycles ? Reference::Unit::cycles : Reference::Unit::milliseconds;
  for (int number = 2; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty()) continue;
    const std::vector<std::string> fields = fields_of(line);
    const auto value = fields.size() > std::max(*cost, *name) ? cost_number(fields[*cost]) : std::nullopt;
    if (!value) {
      throw InputError(fmt::format("{}: line {} has no number of {}; give one per layer", file, number,
                                   cycles ? "cycles" : "ms"));
    }
    if (fields[*name] == "total") {
      reference.total = value;
    } else {
      reference.parts.push_back({fields[*name], whole_number(fields[*name]), *value});
    }
  }
  if (reference.parts.empty() && !reference.total)
    throw InputError(fmt::format("{}: no rows; give one per layer", file));
  return reference;
}

}  // namespace mcusim::profiler
