#pragma once

#include <cstddef>
#include <optional>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// What the reader points at; all views show it. A layer and the function that computes it go together.
class Selection {
 public:
  Selection() = default;
  /// Begins with the most expensive layer, or without layers the most expensive function.
  explicit Selection(const profiler::Profile& profile);

  /// What was selected in `before`, a profile of the same firmware; where that is gone, as at the beginning.
  Selection(const Selection& selection, const profiler::Profile& before, const profiler::Profile& profile);

  void select_layer(const profiler::Profile& profile, std::size_t index);
  void select_function(const profiler::Profile& profile, std::size_t index);
  void select_address(const profiler::Profile& profile, Address address);

  std::optional<std::size_t> layer() const { return layer_; }
  std::optional<std::size_t> function() const { return function_; }
  std::optional<Address> address() const { return address_; }  ///< Of an instruction.

 private:
  std::optional<std::size_t> layer_, function_;
  std::optional<Address> address_;
};

/// The executed function that holds an address.
std::optional<std::size_t> function_at(const profiler::Profile& profile, Address address);

}  // namespace mcusim::viewer
