#include "viewer/model/cache_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "profiler/reports/format.h"

namespace mcusim::viewer {

using profiler::CacheProfile;
using profiler::CacheShare;

namespace {

using Shares = std::vector<CacheShare>;

template <typename Number>
Column number_column(std::string name, Number number, bool bar) {
  return {std::move(name), [number](std::size_t row) { return profiler::grouped(number(row)); },
          [number](std::size_t row) { return std::optional(static_cast<double>(number(row))); }, bar};
}

Column count_column(const Shares& shares, std::string name, std::uint64_t CacheShare::*number, bool bar) {
  return number_column(
      std::move(name), [&shares, number](std::size_t row) { return shares[row].*number; }, bar);
}

Column name_column(const Shares& shares, std::string name) {
  return {std::move(name), [&shares](std::size_t row) { return shares[row].name; }};
}

void add_classes(const Shares& shares, std::vector<Column>& columns) {
  if (!std::ranges::all_of(shares, [](const CacheShare& share) { return share.classes.has_value(); })) return;
  const auto add = [&](const char* name, std::uint64_t emulator::MissClasses::*number) {
    columns.push_back(number_column(
        name, [&shares, number](std::size_t row) { return *shares[row].classes.*number; }, false));
  };
  add("compulsory", &emulator::MissClasses::compulsory);
  add("capacity", &emulator::MissClasses::capacity);
  add("conflict", &emulator::MissClasses::conflict);
  columns.push_back(count_column(shares, "written back", &CacheShare::writebacks, false));
}

}  // namespace

Table cache_symbol_table(const CacheProfile& cache) {
  const Shares& shares = cache.symbols;
  std::vector<Column> columns = {
      name_column(shares, "symbol"),
      count_column(shares, "misses", &CacheShare::misses, true),
      count_column(shares, "accesses", &CacheShare::accesses, true),
      {"miss rate, %",
       [&shares](std::size_t row) { return profiler::percent_of(shares[row].misses, shares[row].accesses); },
       [&shares](std::size_t row) -> std::optional<double> {
         if (shares[row].accesses == 0) return std::nullopt;
         return static_cast<double>(shares[row].misses) / static_cast<double>(shares[row].accesses);
       }}};
  add_classes(shares, columns);
  return Table(std::move(columns), shares.size());
}

Table cache_function_table(const CacheProfile& cache) {
  const Shares& shares = cache.functions;
  std::vector<Column> columns = {name_column(shares, "function"),
                                 count_column(shares, "misses", &CacheShare::misses, true)};
  add_classes(shares, columns);
  return Table(std::move(columns), shares.size());
}

Table cache_conflict_table(const CacheProfile& cache) {
  const auto& conflicts = cache.conflicts;
  return Table({{"lost its lines", [&conflicts](std::size_t row) { return conflicts[row].evicted; }},
                {"to", [&conflicts](std::size_t row) { return conflicts[row].by; }},
                number_column(
                    "conflict misses", [&conflicts](std::size_t row) { return conflicts[row].misses; }, true),
                {"in sets", [&conflicts](std::size_t row) { return spans_of(conflicts[row].sets); }}},
               conflicts.size());
}

std::string spans_of(const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::uint32_t first = numbers[i];
    while (i + 1 < numbers.size() && numbers[i + 1] == numbers[i] + 1) ++i;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", first);
    if (numbers[i] != first) text += fmt::format("-{}", numbers[i]);
  }
  return text;
}

}  // namespace mcusim::viewer
