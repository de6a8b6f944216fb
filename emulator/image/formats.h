#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "emulator/image/image.h"

namespace mcusim::emulator {

// The formats that load_image() knows beside ELF (elf_image.h). `file` names the file in errors; all faults
// are InputErrors of one line.

/// Intel HEX with data (00), end (01), segment (02, 03) and linear (04, 05) records. Refused with the number
/// of the line: wrong checksums and lengths, unknown types, bytes given twice, an absent end record, anything
/// after it.
Image parse_intel_hex(const std::string& file, std::span<const std::uint8_t> content);
/// The first line is a record whose checksum holds.
bool is_intel_hex(std::span<const std::uint8_t> content);

/// Motorola S-records S0 to S9 with addresses of 16, 24 or 32 bits; refused as above, and when a count record
/// (S5, S6) disagrees.
Image parse_s_record(const std::string& file, std::span<const std::uint8_t> content);
bool is_s_record(std::span<const std::uint8_t> content);

/// The bytes as they are, at `base`.
Image parse_raw(const std::string& file, std::vector<std::uint8_t> content, Address base);

}  // namespace mcusim::emulator
