#include "profiler/reports/cache_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "profiler/reports/aligned.h"
#include "profiler/reports/format.h"

namespace mcusim::profiler {
namespace {

constexpr std::size_t kMostNames = 3;
constexpr std::size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;
constexpr std::array<const char*, kColumns> kHead = {"cache",      "accesses", "misses",   "%",
                                                     "compulsory", "capacity", "conflict", "write-backs"};

std::string known(const std::optional<std::uint64_t>& value) { return value ? grouped(*value) : "-"; }

std::vector<Row> rows_of(const Profile& profile) {
  std::vector<Row> rows;
  for (const CacheProfile& cache : profile.caches) {
    rows.push_back({cache.level, grouped(cache.accesses), grouped(cache.misses),
                    percent_of(cache.misses, cache.accesses), known(cache.compulsory), known(cache.capacity),
                    known(cache.conflict), known(cache.writebacks)});
  }
  return rows;
}

std::string most_missed(const CacheProfile& cache) {
  std::vector<std::string> names;
  for (const CacheShare& symbol : cache.symbols) {
    if (symbol.misses == 0 || names.size() == kMostNames) break;
    names.push_back(fmt::format("{} {}", shortened(symbol.name), grouped(symbol.misses)));
  }
  return names.empty() ? "" : fmt::format("{} misses   {}\n", cache.level, fmt::join(names, "; "));
}

std::string conflicts(const CacheProfile& cache) {
  std::string text;
  for (std::size_t i = 0; i < std::min(cache.conflicts.size(), kMostNames); ++i) {
    const CacheProfile::Conflict& conflict = cache.conflicts[i];
    text += fmt::format("{} conflict {} lost its line to {}: {} misses in {} set{}\n", cache.level,
                        shortened(conflict.evicted),
                        conflict.by == conflict.evicted ? "itself" : shortened(conflict.by),
                        grouped(conflict.misses), conflict.sets.size(), conflict.sets.size() == 1 ? "" : "s");
  }
  return text;
}

}  // namespace

std::string cache_report(const Profile& profile) {
  if (profile.caches.empty()) return "";
  std::vector<Row> rows = rows_of(profile);
  rows.insert(rows.begin(), Row{});
  std::ranges::copy(kHead, rows.front().begin());
  std::string text = aligned(rows);
  for (const CacheProfile& cache : profile.caches) text += most_missed(cache) + conflicts(cache);
  return text;
}

std::string cache_markdown(const Profile& profile) {
  if (profile.caches.empty()) return "";
  std::string text =
      fmt::format("\n| {} |\n|---|---:|---:|---:|---:|---:|---:|---:|\n", fmt::join(kHead, " | "));
  for (const Row& row : rows_of(profile)) text += fmt::format("| {} |\n", fmt::join(row, " | "));
  return text;
}

}  // namespace mcusim::profiler
