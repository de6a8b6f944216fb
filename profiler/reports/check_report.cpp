#include "profiler/reports/check_report.h"

#include <fmt/format.h>

#include <filesystem>

namespace mcusim::profiler {
namespace {

std::string counted(std::uint64_t number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string place_of(const AccessFinding& finding) {
  std::string text = fmt::format("0x{:08x}", finding.pc);
  if (!finding.source.function.empty()) text += " in " + finding.source.function;
  if (finding.source.line == 0) return text;
  return text + fmt::format(" ({}:{})", std::filesystem::path(finding.source.file).filename().string(),
                            finding.source.line);
}

std::string line(const AccessFinding& finding) {
  std::string object;
  if (!finding.object.empty()) object = fmt::format(" ({}+{})", finding.object, finding.offset);
  const std::string part =
      finding.is_partial() ? fmt::format("{} B of them {}", finding.wrong, finding.rule) : finding.rule;
  const std::string times = finding.count == 1 ? "once" : fmt::format("{} times", finding.count);
  return fmt::format("  {} {} B at 0x{:08x}{}, {}: {}, {}\n", finding.writes ? "writes" : "reads",
                     finding.width, finding.address, object, part, place_of(finding), times);
}

}  // namespace

std::string check_report(const Profile& profile) {
  std::string text;
  for (const CheckResult& check : profile.checks) {
    text += fmt::format("check        {}: ", check.name);
    if (check.places == 0) {
      text += "nothing found\n";
      continue;
    }
    text += fmt::format("{}, {}\n", counted(check.places, "instruction", "instructions"),
                        counted(check.accesses, "access", "accesses"));
    for (const AccessFinding& finding : check.findings) text += line(finding);
    if (check.places > check.findings.size())
      text += fmt::format("  and {} more instructions\n", check.places - check.findings.size());
  }
  return text;
}

}  // namespace mcusim::profiler
