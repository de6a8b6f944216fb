#include "cli/limits.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "cli/number.h"
#include "common/error.h"

namespace mcusim::cli {
namespace {

struct NamedLimit {
  std::string_view name;
  Limit::What what;
  std::string_view unit;
};
constexpr std::array<NamedLimit, 6> kLimits{{{"cycles", Limit::What::cycles, "cycles"},
                                             {"time_ms", Limit::What::time_ms, "ms"},
                                             {"stack", Limit::What::stack, "B"},
                                             {"heap", Limit::What::heap, "B"},
                                             {"flash", Limit::What::flash, "B"},
                                             {"ram", Limit::What::ram, "B"}}};

std::optional<double> measured(Limit::What what, const profiler::Profile& profile) {
  const auto number = [](const std::optional<Bytes>& value) {
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
  };
  switch (what) {
    case Limit::What::cycles:
      return static_cast<double>(profile.work.cycles);
    case Limit::What::time_ms:
      return profile.work_milliseconds();
    case Limit::What::stack:
      return number(profile.memory.stack_peak);
    case Limit::What::heap:
      return number(profile.memory.heap_peak);
    case Limit::What::flash:
      return static_cast<double>(profile.memory.flash_used);
    case Limit::What::ram:
      return number(profile.memory.ram_used);
  }
  return std::nullopt;
}

}  // namespace

Limit parse_limit(const std::string& text) {
  const std::size_t equals = text.find('=');
  for (const NamedLimit& limit : kLimits) {
    if (equals == std::string::npos || text.substr(0, equals) != limit.name) continue;
    const std::optional<double> value = parse_decimal(text.substr(equals + 1));
    if (value && *value >= 0) return {limit.what, *value, text};
  }
  throw InputError(fmt::format(
      "--limit {}: not a limit; use cycles=N, time_ms=X, stack=BYTES, heap=BYTES, flash=BYTES or ram=BYTES",
      text));
}

std::vector<profiler::CheckedLimit> check_limits(const std::vector<Limit>& limits,
                                                 const profiler::Profile& profile) {
  std::vector<profiler::CheckedLimit> checked;
  for (const Limit& limit : limits) {
    const std::optional<double> value = measured(limit.what, profile);
    const NamedLimit& name = kLimits[static_cast<std::size_t>(limit.what)];
    std::string failure;
    if (!value) {
      failure = fmt::format("limit {} cannot be checked: the run did not measure it", limit.text);
    } else if (*value > limit.value) {
      failure = fmt::format("limit {} broken: {:.10g} {}", limit.text, *value, name.unit);
    }
    checked.push_back({limit.text, failure});
  }
  return checked;
}

}  // namespace mcusim::cli
