#include <fmt/format.h>

#include <array>

#include "mcu_models/parameters.h"
#include "mcu_models/registers.h"
#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

/// Highest clock in MHz for 0, 1, 2 .. wait states.
WaitStates read_wait_states(const std::string& range, const Node& node, const McuModel& model) {
  const std::string path = fmt::format("flash_timing.wait_states.{}", range);
  TableReader reader(node, path);
  WaitStates table{range, {}, {}};
  reader.require("mhz", "a list of clocks");
  double last = 0;
  for (const Node& step : reader.list("mhz")) {
    const auto* whole = step.as<std::int64_t>();
    const auto* real = step.as<double>();
    const double mhz = whole ? static_cast<double>(*whole) : real ? *real : 0;
    if (!(mhz > last && mhz <= 1000)) {
      fail(step, path + ".mhz", "expected rising clocks in MHz, at most 1000",
           "write the highest clock for 0, 1, 2 .. wait states");
    }
    last = mhz;
    table.mhz.push_back(mhz);
  }
  if (last == 0) fail(node, path + ".mhz", "empty", "write the highest clock for 0, 1, 2 .. wait states");
  for (const Node& condition : reader.list("when"))
    table.when.push_back(find_condition(condition, path + ".when", model));
  reader.finish();
  return table;
}

constexpr std::array<std::string_view, 2> kReplacements = {"lru", "random"};
constexpr std::array<std::string_view, 3> kServes = {"flash", "flash_by_alias", "external_memory"};

FlashTiming read_flash(const Node& node, const McuModel& model) {
  TableReader reader(node, "flash_timing");
  FlashTiming flash;
  const std::int64_t bits = reader.integer("read_bits", 32, 256);
  if ((bits & (bits - 1)) != 0) reader.fail_at("read_bits", "not a power of two", "write 32, 64, 128 or 256");
  flash.read_bits = static_cast<unsigned>(bits);
  flash.latency =
      find_bits(reader.require("latency", "the bits of the wait states"), reader.path_of("latency"), model);
  if (const Node* prefetch = reader.find("prefetch")) {
    flash.prefetch = find_bits(*prefetch, reader.path_of("prefetch"), model);
  }
  if (const Node* divider = reader.find("bus_divider")) {
    flash.bus_divider = find_bits(*divider, reader.path_of("bus_divider"), model);
  }
  if (const Node* overhead = reader.find("refill_overhead")) {
    TableReader entry(*overhead, reader.path_of("refill_overhead"));
    flash.refill_overhead = static_cast<unsigned>(entry.integer("value", 0, 64));
    entry.finish();
  }
  for (const auto& [name, child] : named_tables(reader, "wait_states"))
    flash.wait_states.push_back(read_wait_states(name, *child, model));
  reader.finish();
  return flash;
}

CacheModel read_cache(const std::string& name, const Node& node, const McuModel& model) {
  TableReader reader(node, "caches." + name);
  const std::int64_t size = reader.integer("size", 1, 1 << 20);
  const std::int64_t line = reader.integer("line", 4, 256);
  const std::int64_t ways = reader.integer("ways", 1, 1024);
  if (size % (line * ways) != 0) {
    reader.fail_at("size", fmt::format("not a multiple of line * ways = {}", line * ways),
                   "correct one of the three");
  }
  if ((line & (line - 1)) != 0) reader.fail_at("line", "not a power of two", "write the bytes of a line");
  CacheModel cache;
  cache.size = static_cast<Bytes>(size);
  cache.line = static_cast<unsigned>(line);
  cache.ways = static_cast<unsigned>(ways);
  if (reader.has("replacement"))
    cache.replacement = static_cast<Replacement>(reader.choice("replacement", kReplacements));
  cache.seed = static_cast<unsigned>(reader.integer("seed", 1, 0xffff, cache.seed));
  if (const Node* enable = reader.find("enable"))
    cache.enable = find_bits(*enable, reader.path_of("enable"), model);
  if (const Node* ways_select = reader.find("ways_select"))
    cache.ways_select = find_bits(*ways_select, reader.path_of("ways_select"), model);
  if (const Node* invalidate = reader.find("invalidate"))
    cache.invalidate = find_bits(*invalidate, reader.path_of("invalidate"), model);
  if (reader.has("serves")) cache.serves = static_cast<CacheServes>(reader.choice("serves", kServes));
  reader.finish();
  return cache;
}

constexpr ParameterKey<LineFill> kLineFillKeys[] = {
    {"flash_overhead", &LineFill::flash_overhead, 0, 64}, {"flash_gap", &LineFill::flash_gap, 0, 64},
    {"ram_overhead", &LineFill::ram_overhead, 0, 64},     {"ram_beat", &LineFill::ram_beat, 1, 16},
    {"device_access", &LineFill::device_access, 0, 256},
};

LineFill read_line_fill(const Node& node) {
  TableReader reader(node, "line_fill");
  const auto fill = read_parameters<LineFill>(reader, kLineFillKeys);
  reader.finish();
  return fill;
}

}  // namespace

void read_timing_facts(TableReader& part, McuModel& model) {
  if (const Node* flash = part.find("flash_timing")) model.flash_timing = read_flash(*flash, model);
  if (const Node* fill = part.find("line_fill")) model.line_fill = read_line_fill(*fill);
  for (const auto& [name, node] : named_tables(part, "caches"))
    model.caches.emplace(name, read_cache(name, *node, model));
}

}  // namespace mcusim::mcu_models
