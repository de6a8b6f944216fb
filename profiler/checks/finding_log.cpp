#include "profiler/checks/finding_log.h"

namespace mcusim::profiler {

AccessFinding FindingLog::describe(const WrongAccess& access, std::string_view rule) const {
  AccessFinding finding;
  finding.pc = access.pc;
  if (const auto source = image_.source_at(access.pc)) finding.source = source->at;
  finding.writes = access.writes;
  finding.address = access.address;
  finding.width = access.width;
  finding.wrong = access.wrong;
  if (const emulator::Symbol* object = image_.symbol_at(access.address)) {
    finding.object = object->name;
    finding.offset = access.address - object->address;
  }
  finding.rule = rule;
  return finding;
}

void FindingLog::add(const WrongAccess& access, std::string_view rule) {
  ++result_.accesses;
  const auto [place, is_new] = by_pc_.try_emplace(access.pc, result_.places);
  if (is_new) {
    ++result_.places;
    if (result_.findings.size() < kMostFindings) result_.findings.push_back(describe(access, rule));
  }
  if (place->second >= result_.findings.size()) return;
  AccessFinding& finding = result_.findings[place->second];
  if (finding.is_partial() && access.wrong == access.width) {
    const std::uint64_t count = finding.count;
    finding = describe(access, rule);
    finding.count = count;
  }
  ++finding.count;
}

}  // namespace mcusim::profiler
