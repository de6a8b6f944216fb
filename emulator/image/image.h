#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/network_note.h"
#include "common/units.h"
#include "emulator/image/line_table.h"

namespace mcusim::emulator {

class DebugInfo;

struct Segment {
  Address address = 0;  ///< Where the bytes are stored before start-up code copies them: the load address.
  std::vector<std::uint8_t> bytes;
};

struct AddressRange {
  Address begin = 0;
  Bytes size = 0;

  bool contains(Address address) const { return address >= begin && address - begin < size; }
};

struct Symbol {
  std::string name;
  Address address = 0;  ///< Without the Thumb bit.
  Bytes size = 0;
  bool is_function = false;
};

/// A binary as a programmer would flash it, with what it knows about itself.
struct Image {
  std::string file;
  Address entry = 0;
  std::vector<Segment> segments;
  std::vector<AddressRange> code;    ///< Sections of an ELF that are executed, where they are executed.
  std::vector<Symbol> symbols;       ///< Sorted by address.
  std::shared_ptr<DebugInfo> debug;  ///< Of an ELF; else null. Read when asked.
  std::optional<NetworkNote> note;
  Bytes flash_used = 0;  ///< Bytes of the segments.
  std::optional<Bytes>
      ram_used;  ///< .data, .bss and other allocated sections outside the segments' load addresses.

  const Symbol* find_symbol(std::string_view name) const;
  /// The function or object that covers `address`, or null.
  const Symbol* symbol_at(Address address) const;
  /// Whether code can lie at `address`; without sections any byte of the image can be code.
  bool is_code(Address address) const;
  /// File, line and functions of the instruction at `address` from debug information, or its function alone
  /// from the symbol table; nothing when neither knows it.
  std::optional<SourceLocation> source_at(Address address) const;
};

struct LoadOptions {
  std::optional<Address> base = {};  ///< Of a raw binary; refused with the other formats.
  Address flash = 0x08000000;        ///< Of the MCU: where a raw binary lies without `base`.
};

/// Reads an ELF for Arm, Intel HEX, S-records (each known by its content) or a raw binary (by its extension
/// .bin). Only an ELF has symbols and a note. Throws InputError on anything else or damaged.
Image load_image(const std::filesystem::path& path, const LoadOptions& options = {});

}  // namespace mcusim::emulator
