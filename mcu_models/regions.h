#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mcu_models/document.h"

namespace mcusim::mcu_models {

/// An interval of addresses and where it was written.
struct Region {
  std::uint64_t base = 0;
  std::uint64_t size = 0;
  const Node* node = nullptr;
  std::string path;
};

/// Throws InputError when two regions share an address or one ends beyond 4 GiB.
void check_overlaps(std::vector<Region> regions);

/// Throws InputError when `name` is not of the form of names in manuals: SRAM1, USART2, APB1ENR.
void check_name(const Node& node, const std::string& path, std::string_view name);

}  // namespace mcusim::mcu_models
