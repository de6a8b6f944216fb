#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mcu_models/regions.h"
#include "mcu_models/sections.h"

namespace mcusim::mcu_models {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"flash", "ram", "itcm", "dtcm", "ccm", "backup"};
/// Far above any part; bounds what a user's file makes the emulator allocate.
constexpr std::int64_t kLargestMemory = 64 << 20;
constexpr Bytes kLargestSum = 128u << 20;

}  // namespace

void check_name(const Node& node, const std::string& path, std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!name.empty() && name.size() <= 32 && std::ranges::all_of(name, allowed) && name[0] > '9') return;
  fail(node, path, "not a name as manuals have them", "use 1 to 32 capital letters, digits and _");
}

void check_overlaps(std::vector<Region> regions) {
  std::ranges::sort(regions, {}, &Region::base);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    if (region.base + region.size > 1ull << 32) {
      fail(*region.node, region.path, "ends beyond the 4 GiB of addresses", "correct its base or size");
    }
    if (i == 0) continue;
    const Region& before = regions[i - 1];
    if (before.base + before.size > region.base) {
      fail(*region.node, region.path,
           fmt::format("[{:#010x}, {:#010x}) overlaps {} of [{:#010x}, {:#010x})", region.base,
                       region.base + region.size, before.path, before.base, before.base + before.size),
           "correct the base or size of one of them");
    }
  }
}

std::vector<MemoryRegion> read_memory(TableReader& part) {
  std::vector<MemoryRegion> memory;
  std::vector<Region> regions;
  Bytes sum = 0;
  for (const auto& [name, node] : named_tables(part, "memory")) {
    const std::string path = "memory." + name;
    check_name(*node, path, name);
    TableReader reader(*node, path);
    MemoryRegion region;
    region.name = name;
    region.kind = static_cast<MemoryKind>(reader.choice("kind", kKinds));
    region.base = reader.word("base");
    region.size = static_cast<Bytes>(reader.integer("size", 16, kLargestMemory));
    region.executable = reader.boolean("executable", true);
    region.dma = reader.boolean("dma", true);
    regions.push_back({region.base, region.size, node, path});
    for (const Node& alias : reader.list("aliases")) {
      const auto* address = alias.as<std::int64_t>();
      if (!address || *address < 0 || *address > 0xffffffff) {
        fail(alias, path + ".aliases", "expected addresses from 0 to 0xffffffff", "write [0x10000000]");
      }
      region.aliases.push_back(static_cast<Address>(*address));
      regions.push_back({region.aliases.back(), region.size, node, path + ".aliases"});
    }
    if (region.base % 16 != 0 || region.size % 16 != 0) {
      fail(*node, path, "base and size must be multiples of 16", "correct them");
    }
    sum += region.size;
    if (sum > kLargestSum) fail(*node, path, "the memories exceed 128 MiB together", "correct their sizes");
    reader.finish();
    memory.push_back(std::move(region));
  }
  if (memory.empty()) part.fail_at("memory", "no memory", "add [memory] with FLASH and a RAM");
  check_overlaps(std::move(regions));
  std::ranges::sort(memory, {}, &MemoryRegion::base);
  return memory;
}

}  // namespace mcusim::mcu_models
