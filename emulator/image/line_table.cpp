#include "emulator/image/line_table.h"

#include <dwarf.h>

#include <algorithm>
#include <functional>

#include "emulator/image/debug_file.h"

namespace mcusim::emulator {
namespace {

// Bounds on what one file may make us look at; real firmware stays far below them.
constexpr std::size_t kMostUnits = 200'000;
constexpr std::size_t kMostRanges = 1'000'000;   ///< Of all units, and of the functions of one.
constexpr std::size_t kMostEntries = 2'000'000;  ///< DWARF entries looked at in one unit.
constexpr unsigned kMostNesting = 64;            ///< Scopes inside each other.
constexpr std::ptrdiff_t kMostOverlapping = 16;  ///< Ranges that may hide each other.

struct FunctionRange {
  Address begin = 0;
  Address end = 0;
  Dwarf_Die die{};
};

/// The last range that begins at or before `address` and covers it, or null.
template <typename Range>
const Range* covering(const std::vector<Range>& sorted, Address address) {
  auto after = std::ranges::upper_bound(sorted, address, {}, &Range::begin);
  for (std::ptrdiff_t i = 0; i < kMostOverlapping && after != sorted.begin(); ++i) {
    --after;
    if (address < after->end) return &*after;
  }
  return nullptr;
}

/// Calls `add(begin, end)` for each address range of an entry. False when they cannot be read.
bool for_each_range(Dwarf_Die* die, const std::function<void(Address, Address)>& add) {
  Dwarf_Addr base = 0, begin = 0, end = 0;
  std::ptrdiff_t next = 0;
  for (std::size_t i = 0; i < kMostRanges; ++i) {
    next = dwarf_ranges(die, next, &base, &begin, &end);
    if (next <= 0) return next == 0;
    // Functions that the linker removed stay in the debug information, at address 0.
    if (begin != 0 && begin < end && end <= 0xffffffff) {
      add(static_cast<Address>(begin), static_cast<Address>(end));
    }
  }
  return false;
}

std::string text_of(const char* text) { return text == nullptr ? "" : text; }

unsigned number(Dwarf_Die* die, unsigned attribute) {
  Dwarf_Attribute found;
  Dwarf_Word value = 0;
  if (dwarf_attr(die, attribute, &found) == nullptr || dwarf_formudata(&found, &value) != 0) return 0;
  return value <= 0xffffffff ? static_cast<unsigned>(value) : 0;
}

}  // namespace

struct LineTable::Unit {
  Dwarf_Die die{};
  bool listed = false;
  std::vector<FunctionRange> functions;  ///< Sorted by begin.
  std::size_t entries = 0;

  bool list_functions();
  bool collect(Dwarf_Die* parent, unsigned depth);
  /// The scopes of functions around `address`, from the outside in; the first is the function itself.
  bool scopes_at(Address address, std::vector<Dwarf_Die>& scopes);
  SourceLine call_site(Dwarf_Die* inlined);
};

struct LineTable::UnitRange {
  Address begin = 0;
  Address end = 0;
  Unit* unit = nullptr;
};

bool LineTable::Unit::collect(Dwarf_Die* parent, unsigned depth) {
  Dwarf_Die child;
  int state = dwarf_child(parent, &child);
  bool good = true;
  while (state == 0) {
    if (++entries > kMostEntries || functions.size() > kMostRanges) return false;
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram:
        good &= for_each_range(&child, [&](Address begin, Address end) {
          functions.push_back({begin, end, child});
        });
        break;
      case DW_TAG_namespace:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
        good &= depth < kMostNesting && collect(&child, depth + 1);
        break;
      default:
        break;
    }
    Dwarf_Die next;
    state = dwarf_siblingof(&child, &next);
    child = next;
  }
  return good && state > 0;
}

bool LineTable::Unit::list_functions() {
  if (listed) return true;
  listed = true;
  const bool good = collect(&die, 0);
  std::ranges::stable_sort(functions, {}, &FunctionRange::begin);
  return good;
}

bool LineTable::Unit::scopes_at(Address address, std::vector<Dwarf_Die>& scopes) {
  bool good = list_functions();
  const FunctionRange* function = covering(functions, address);
  if (function == nullptr) return good;
  scopes.push_back(function->die);
  Dwarf_Die scope = function->die;
  std::size_t looked_at = 0;
  for (unsigned depth = 0; depth < kMostNesting; ++depth) {
    Dwarf_Die child;
    int state = dwarf_child(&scope, &child);
    bool found = false;
    while (state == 0 && !found) {
      if (++looked_at > kMostEntries) return false;
      const int tag = dwarf_tag(&child);
      if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) {
        const int inside = dwarf_haspc(&child, address);
        good &= inside >= 0;
        found = inside > 0;
      }
      if (found) {
        if (tag == DW_TAG_inlined_subroutine) scopes.push_back(child);
        scope = child;
        break;
      }
      Dwarf_Die next;
      state = dwarf_siblingof(&child, &next);
      child = next;
    }
    if (!found) return good && state >= 0;
  }
  return false;
}

SourceLine LineTable::Unit::call_site(Dwarf_Die* inlined) {
  SourceLine site;
  site.line = number(inlined, DW_AT_call_line);
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const std::size_t index = number(inlined, DW_AT_call_file);
  if (dwarf_getsrcfiles(&die, &files, &count) == 0 && index < count) {
    site.file = text_of(dwarf_filesrc(files, index, nullptr, nullptr));
  }
  return site;
}

LineTable::LineTable(std::shared_ptr<DebugFile> file) : file_(std::move(file)) {}
LineTable::~LineTable() = default;

void LineTable::list_units() {
  if (listed_) return;
  listed_ = true;
  Dwarf* dwarf = file_->dwarf();
  if (dwarf == nullptr) return;
  Dwarf_CU* cu = nullptr;
  int state = 0;
  bool good = true;
  while (true) {
    auto unit = std::make_unique<Unit>();
    std::uint8_t kind = 0;
    state = dwarf_get_units(dwarf, cu, &cu, nullptr, &kind, &unit->die, nullptr);
    if (state != 0) break;
    if (units_.size() >= kMostUnits || ranges_.size() >= kMostRanges) {
      good = false;
      break;
    }
    if (dwarf_tag(&unit->die) != DW_TAG_compile_unit) continue;
    good &= for_each_range(&unit->die, [&](Address begin, Address end) {
      ranges_.push_back({begin, end, unit.get()});
    });
    units_.push_back(std::move(unit));
  }
  if (!good || state < 0) file_->note_damage("list of compilation units");
  std::ranges::stable_sort(ranges_, {}, &UnitRange::begin);
}

LineTable::Unit* LineTable::unit_at(Address address) {
  list_units();
  const UnitRange* range = covering(ranges_, address);
  return range == nullptr ? nullptr : range->unit;
}

std::optional<SourceLocation> LineTable::find(Address address) {
  Unit* unit = unit_at(address);
  if (unit == nullptr) return std::nullopt;
  SourceLocation location;
  Dwarf_Lines* lines = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrclines(&unit->die, &lines, &count) != 0) {
    file_->note_damage("line table");
  } else if (Dwarf_Line* line = dwarf_getsrc_die(&unit->die, address)) {
    int number = 0;
    if (dwarf_lineno(line, &number) == 0 && number > 0) {
      location.at.line = static_cast<unsigned>(number);
      location.at.file = text_of(dwarf_linesrc(line, nullptr, nullptr));
    }
  }

  std::vector<Dwarf_Die> scopes;
  if (!unit->scopes_at(address, scopes)) file_->note_damage("list of functions");
  if (!scopes.empty()) location.at.function = text_of(dwarf_diename(&scopes.back()));
  for (std::size_t i = scopes.size(); i-- > 1;) {
    SourceLine caller = unit->call_site(&scopes[i]);
    caller.function = text_of(dwarf_diename(&scopes[i - 1]));
    location.inlined_into.push_back(std::move(caller));
  }
  if (location.at == SourceLine{} && location.inlined_into.empty()) return std::nullopt;
  return location;
}

}  // namespace mcusim::emulator
