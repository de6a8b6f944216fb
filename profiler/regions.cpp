#include "profiler/regions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/error.h"

namespace mcusim::profiler {
namespace {

std::optional<Address> parse_address(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  Address address = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), address, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return address & ~1u;
}

}  // namespace

Region parse_region(const std::string& text, const emulator::Image& image) {
  const auto fail = [&](std::string_view fault) -> InputError {
    return InputError(fmt::format("--region {}: {}; give NAME=SYMBOL or NAME=FROM..TO", text, fault));
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) throw fail("not understood");
  const auto resolve = [&](const std::string& place) {
    if (const auto address = parse_address(place)) return *address;
    const emulator::Symbol* symbol = image.find_symbol(place);
    if (symbol == nullptr) throw fail(fmt::format("{} has no symbol '{}'", image.file, place));
    return symbol->address;
  };
  const std::string place = text.substr(equals + 1);
  const std::size_t dots = place.find("..");
  Region region{text.substr(0, equals), "region", resolve(place.substr(0, dots)), std::nullopt};
  if (dots != std::string::npos) {
    region.to = resolve(place.substr(dots + 2));
    if (*region.to == region.from) throw fail("begins and ends at the same instruction");
  }
  return region;
}

std::vector<Region> regions_of_known_libraries(const emulator::Image& image) {
  std::vector<Region> regions;
  for (const LayerPattern& pattern : kLayerPatterns) {
    if (!regions.empty() && regions.front().what != pattern.library) break;
    const bool present = std::ranges::any_of(image.symbols, [&](const emulator::Symbol& symbol) {
      return symbol.name.starts_with(pattern.witness);
    });
    for (const emulator::Symbol& symbol : image.symbols) {
      const bool known =
          std::ranges::any_of(regions, [&](const Region& region) { return region.from == symbol.address; });
      if (present && symbol.is_function && !known && pattern.matches(symbol.name))
        regions.push_back(
            {symbol.name, std::string(pattern.library), symbol.address, std::nullopt, pattern.key});
    }
  }
  return regions;
}

RegionRecorder::RegionRecorder(emulator::Machine& machine, const emulator::Image& image,
                               std::vector<Region> regions)
    : machine_(machine), image_(image), regions_(std::move(regions)), last_(read(machine.engine())) {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    // The layers of a library stand behind, as they are entered.
    add_layer(regions_[i].name, regions_[i].what);
    begins_.emplace(regions_[i].from, i);
    machine.engine().add_probe(regions_[i].from);
  }
}

std::size_t RegionRecorder::add_layer(const std::string& name, const std::string& what) {
  LayerProfile& layer = layers_.emplace_back();
  layer.layer.name = name;
  layer.layer.op = what;
  entries_.push_back(0);
  return layers_.size() - 1;
}

void RegionRecorder::mark(std::string_view name) {
  settle();
  std::erase_if(open_, [](const Open& open) { return !open.region; });
  if (name.empty()) return;
  if (!marked_.contains(name) && marked_.size() >= kMostLayers) name = "further markers";
  const auto [entry, is_new] = marked_.try_emplace(std::string(name), layers_.size());
  if (is_new) add_layer(entry->first, "marker");
  open_.push_back({entry->second});
  ++entries_[entry->second];
}

void RegionRecorder::settle() {
  Reading now = read(machine_.engine());
  if (!open_.empty()) add(spent(now, last_), layers_[open_.back().layer]);
  last_ = std::move(now);
}

/// Of a library's function that begins to execute; none: it is part of another layer.
std::optional<std::size_t> RegionRecorder::layer_of(const Region& region) {
  const emulator::Registers registers = machine_.engine().registers();
  for (const Open& open : open_)
    if (open.region && regions_[*open.region].key && registers.r[13] <= open.sp) return std::nullopt;
  std::string name = region.name, what = region.what;
  std::uint32_t key = registers.r[14];
  if (region.key == LayerKey::node) key = registers.argument(1);
  if (region.key == LayerKey::layer_object) {
    const std::uint32_t object = registers.argument(0);
    for (auto symbol = std::ranges::lower_bound(image_.symbols, object, {}, &emulator::Symbol::address);
         symbol != image_.symbols.end() && symbol->address == object; ++symbol) {
      if (!symbol->name.ends_with("_layer")) continue;
      key = object;
      name = symbol->name;
      what = region.name;
    }
  }
  if (keyed_.size() >= kMostLayers && !keyed_.contains({region.from, key})) key = 0;
  const auto [entry, is_new] = keyed_.try_emplace({region.from, key}, layers_.size());
  if (is_new) add_layer(name, what);
  return entry->second;
}

void RegionRecorder::enter(std::size_t number) {
  const Region& region = regions_[number];
  const emulator::Registers registers = machine_.engine().registers();
  // Execution that comes back to the beginning without having met the end began anew.
  if (region.to) {
    for (const Open& open : open_)
      if (open.region == number) return;
  }
  const std::optional<std::size_t> layer = region.key ? layer_of(region) : number;
  if (!layer) return;
  open_.push_back({*layer, number, region.to.value_or(registers.r[14] & ~1u), registers.r[13]});
  machine_.engine().add_probe(open_.back().end);
  ++entries_[*layer];
}

void RegionRecorder::at_probe(Address pc) {
  settle();
  const std::uint32_t sp = machine_.engine().registers().r[13];
  // Threads may leave in another order than they entered.
  std::erase_if(open_, [&](const Open& open) {
    if (!open.region) return false;
    const bool ends = open.end == pc && (regions_[*open.region].to || open.sp == sp);
    if (ends) machine_.engine().remove_probe(pc);
    return ends;
  });
  const auto [first, last] = begins_.equal_range(pc);
  for (auto begin = first; begin != last; ++begin) enter(begin->second);
}

std::vector<LayerProfile> RegionRecorder::finish() {
  settle();
  std::vector<LayerProfile> entered;
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (entries_[i] != 0) entered.push_back(std::move(layers_[i]));
  for (std::size_t i = 0; i < entered.size(); ++i) entered[i].layer.index = static_cast<int>(i);
  return entered;
}

}  // namespace mcusim::profiler
