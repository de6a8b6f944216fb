#pragma once

#include <optional>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::viewer {

/// A tensor as a box: columns are layers, the first being what is there before them and the last what is
/// there after; rows are addresses.
struct TensorBox {
  std::size_t activation = 0;       ///< Index into Profile::activations.
  std::size_t column = 0, end = 1;  ///< Columns [column, end).
  std::uint64_t low = 0, high = 0;  ///< Addresses [low, high).
};

/// When which bytes of the network's memory hold what.
struct TensorMap {
  std::vector<TensorBox> boxes;
  std::size_t columns = 0;
  std::uint64_t low = 0, high = 0;  ///< Of all boxes.
  std::vector<Bytes> live;          ///< By column.
  /// The layer of a column; nothing of the first and last.
  std::optional<std::size_t> layer_of(std::size_t column) const;
};

/// Tensors in the memory that holds the most of them: far apart ones would be lines. The profile's indices
/// have been checked as its reader does.
TensorMap tensor_map(const profiler::Profile& profile);

}  // namespace mcusim::viewer
