#include "profiler/function_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace mcusim::profiler {
namespace {

/// "f" of "f.cold" and "f.cold.3"; empty of other names.
std::string_view owner_of_cold_part(std::string_view name) {
  const std::size_t cold = name.find(".cold");
  return cold == std::string_view::npos ? std::string_view() : name.substr(0, cold);
}

}  // namespace

FunctionTable::FunctionTable(const emulator::Image& image) : image_(image) {
  std::unordered_map<std::string_view, std::uint32_t> by_name;
  for (const emulator::Symbol& symbol : image.symbols) {
    if (!symbol.is_function || !owner_of_cold_part(symbol.name).empty()) continue;
    const auto number = static_cast<std::uint32_t>(functions_.size());
    const auto [part, is_new] = parts_.try_emplace(symbol.address, Part{symbol.size, number});
    if (!is_new) continue;  // another name of the same function
    functions_.push_back({symbol.name, symbol.address, symbol.size});
    by_name.emplace(symbol.name, number);
  }
  for (const emulator::Symbol& symbol : image.symbols) {
    const std::string_view owner = owner_of_cold_part(symbol.name);
    if (!symbol.is_function || owner.empty()) continue;
    if (const auto found = by_name.find(owner); found != by_name.end())
      parts_.try_emplace(symbol.address, Part{symbol.size, found->second, false});
  }
}

const FunctionTable::Part* FunctionTable::covering(Address address) const {
  auto after = parts_.upper_bound(address);
  if (after == parts_.begin()) return nullptr;
  --after;
  const Part& part = after->second;
  return part.size == 0 || address - after->first < part.size ? &part : nullptr;
}

std::uint32_t FunctionTable::discover(Address address) {
  const auto number = static_cast<std::uint32_t>(functions_.size());
  std::string name = fmt::format("sub_{:08x}", address);
  // Assembler labels have no type.
  for (auto symbol = std::ranges::lower_bound(image_.symbols, address, {}, &emulator::Symbol::address);
       symbol != image_.symbols.end() && symbol->address == address; ++symbol) {
    if (image_.is_code(address)) name = symbol->name;
  }
  functions_.push_back({std::move(name), address, 0});
  parts_[address] = {0, number};
  found_.clear();
  return number;
}

std::uint32_t FunctionTable::called_at(Address target) {
  if (const auto exact = parts_.find(target); exact != parts_.end()) return exact->second.function;
  const Part* part = covering(target);
  return part != nullptr && part->size != 0 ? part->function : discover(target);
}

std::uint32_t FunctionTable::containing(Address address) {
  if (const auto known = found_.find(address); known != found_.end()) return known->second;
  const Part* part = covering(address);
  const std::uint32_t number = part != nullptr ? part->function : discover(address);
  found_.emplace(address, number);
  return number;
}

bool FunctionTable::begins_at(Address address) const {
  const auto part = parts_.find(address);
  return part != parts_.end() && part->second.is_beginning;
}

std::unordered_set<Address> FunctionTable::beginnings() const {
  std::unordered_set<Address> all;
  for (const auto& [address, part] : parts_)
    if (part.is_beginning) all.insert(address);
  return all;
}

}  // namespace mcusim::profiler
