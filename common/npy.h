#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/data_type.h"

namespace mcusim {

/// An array in C order, as numpy's .npy stores it (little-endian; format: numpy.lib.format, versions 1 to 3).
struct NpyArray {
  DataType type = DataType::float32;
  std::vector<std::int64_t> shape;  ///< Outermost dimension first; empty for a scalar.
  std::vector<std::uint8_t> bytes;  ///< size_of(type) * product(shape) bytes.
};

/// Reads a .npy file. float64 becomes float32. Throws InputError on anything that is not such a file, on
/// Fortran order and on element types without a DataType.
NpyArray read_npy(const std::filesystem::path& path);

/// The bytes of a .npy file, version 1.0.
std::vector<std::uint8_t> to_npy(const NpyArray& array);

}  // namespace mcusim
