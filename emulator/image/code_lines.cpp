#include "emulator/image/code_lines.h"

#include <cstddef>
#include <optional>

namespace mcusim::emulator {
namespace {

constexpr std::size_t kMostUnits = 200'000;
constexpr std::size_t kMostRows = 5'000'000;  ///< Of all line tables.

/// The line of a row that begins a statement of code; 0: it does not.
unsigned line_of(Dwarf_Line* row, const std::function<bool(Address)>& is_code) {
  Dwarf_Addr address = 0;
  bool ends = false, begins_statement = false;
  int number = 0;
  if (dwarf_lineaddr(row, &address) != 0 || dwarf_lineendsequence(row, &ends) != 0 || ends ||
      dwarf_linebeginstatement(row, &begins_statement) != 0 || !begins_statement ||
      dwarf_lineno(row, &number) != 0 || number <= 0 || address > 0xffffffff)
    return 0;
  return is_code(static_cast<Address>(address)) ? static_cast<unsigned>(number) : 0;
}

}  // namespace

std::map<std::string, std::set<unsigned>> code_lines(DebugFile& debug,
                                                     const std::function<bool(Address)>& is_code) {
  std::map<std::string, std::set<unsigned>> lines;
  Dwarf* const dwarf = debug.dwarf();
  if (dwarf == nullptr) return lines;
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die{};
  std::size_t looked_at = 0;
  for (std::size_t units = 0; units < kMostUnits; ++units) {
    if (dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &die, nullptr) != 0) break;
    Dwarf_Lines* rows = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrclines(&die, &rows, &count) != 0) continue;  // Units without code have none.
    for (std::size_t i = 0; i < count && looked_at < kMostRows; ++i, ++looked_at) {
      Dwarf_Line* const row = dwarf_onesrcline(rows, i);
      const unsigned line = line_of(row, is_code);
      const char* const file = line != 0 ? dwarf_linesrc(row, nullptr, nullptr) : nullptr;
      if (file != nullptr && *file != '\0') lines[file].insert(line);
    }
  }
  return lines;
}

}  // namespace mcusim::emulator
