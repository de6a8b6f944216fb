#include "viewer/model/cache_table.h"

#include "profiler/reports/format.h"

namespace mcusim::viewer {

using Misses = profiler::CacheProfile::Misses;

Table cache_symbol_table(const profiler::CacheProfile& cache) {
  const auto symbol = [&cache](std::size_t row) -> const Misses& { return cache.symbols[row]; };
  const auto count = [symbol](std::uint64_t Misses::*number) {
    return
        [symbol, number](std::size_t row) { return std::optional(static_cast<double>(symbol(row).*number)); };
  };
  const auto text = [symbol](std::uint64_t Misses::*number) {
    return [symbol, number](std::size_t row) { return profiler::grouped(symbol(row).*number); };
  };
  return Table(
      {{"symbol", [symbol](std::size_t row) { return symbol(row).name; }},
       {"misses", text(&Misses::misses), count(&Misses::misses), true},
       {"accesses", text(&Misses::accesses), count(&Misses::accesses), true},
       {"miss rate, %",
        [symbol](std::size_t row) { return profiler::percent_of(symbol(row).misses, symbol(row).accesses); },
        [symbol](std::size_t row) -> std::optional<double> {
          const Misses& of = symbol(row);
          if (of.accesses == 0) return std::nullopt;
          return static_cast<double>(of.misses) / static_cast<double>(of.accesses);
        }}},
      cache.symbols.size());
}

}  // namespace mcusim::viewer
