#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace mcusim::emulator::fpu::testing {

enum class OperandType { single, double_precision, half, integer };

/// Bit patterns where rules change: zeros, denormals, ends of the normal range, ties, ends of the integer
/// ranges, infinities, quiet and signalling NaNs with payloads; each with both signs.
const std::vector<std::uint64_t>& special_values(OperandType type);

/// Doubles that matter when they become singles or halves: ties, and the ends of the narrower ranges.
const std::vector<std::uint64_t>& narrowing_values();

/// A dozen of them, for the cube of three operands.
const std::vector<std::uint64_t>& few_special_values(OperandType type);

/// Random bit patterns, biased to what a uniform draw never hits: short significands (ties and exact
/// results), exponents near 0 and near the end of the range, and specials.
std::uint64_t random_value(OperandType type, std::mt19937_64& random);

/// FPSCR values: all rounding modes x FZ x DN x (inexact flag clear, set), and x AHP if asked.
std::vector<std::uint32_t> all_modes(bool with_alternative_half);

}  // namespace mcusim::emulator::fpu::testing
