#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

class DebugFile;

/// A line of a function's source. What is unknown is empty or 0.
struct SourceLine {
  std::string function;
  std::string file;  ///< As the compiler recorded it, with its folder.
  unsigned line = 0;

  bool operator==(const SourceLine&) const = default;
};

/// Where an instruction comes from.
struct SourceLocation {
  SourceLine at;  ///< In the innermost function, which may have been inlined.
  /// The functions that the code was inlined into, from the inside out, each with the line of the call; the
  /// last is the function that the symbol table knows.
  std::vector<SourceLine> inlined_into;
};

/// Source lines and functions by address, from an ELF's DWARF (versions 2 to 5). Read when first asked: the
/// list of compilation units once, each unit's lines and functions when an address falls into it. Damaged
/// DWARF loses answers and leaves a warning in the DebugFile; it never throws.
class LineTable {
 public:
  explicit LineTable(std::shared_ptr<DebugFile> file);
  ~LineTable();

  std::optional<SourceLocation> find(Address address);

 private:
  struct Unit;
  struct UnitRange;

  void list_units();
  Unit* unit_at(Address address);

  std::shared_ptr<DebugFile> file_;
  bool listed_ = false;
  std::vector<std::unique_ptr<Unit>> units_;
  std::vector<UnitRange> ranges_;  ///< Sorted by their begin.
};

}  // namespace mcusim::emulator
