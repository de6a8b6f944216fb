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

std::string sentence(const AccessFinding& finding) {
  std::string object;
  if (!finding.object.empty()) object = fmt::format(" ({}+{})", finding.object, finding.offset);
  const std::string part =
      finding.is_partial() ? fmt::format("{} B of them {}", finding.wrong, finding.rule) : finding.rule;
  const std::string times = finding.count == 1 ? "once" : fmt::format("{} times", finding.count);
  return fmt::format("{} {} B at 0x{:08x}{}, {}: {}, {}", finding.writes ? "writes" : "reads", finding.width,
                     finding.address, object, part, place_of(finding), times);
}

}  // namespace

std::string check_summary(const CheckResult& check) {
  if (check.places == 0) return "nothing found";
  return fmt::format("{}, {}", counted(check.places, "instruction", "instructions"),
                     counted(check.accesses, "access", "accesses"));
}

std::vector<std::string> check_findings(const CheckResult& check) {
  std::vector<std::string> lines;
  for (const AccessFinding& finding : check.findings) lines.push_back(sentence(finding));
  if (check.places > check.findings.size())
    lines.push_back("and " +
                    counted(check.places - check.findings.size(), "more instruction", "more instructions"));
  return lines;
}

std::string check_report(const Profile& profile) {
  std::string text;
  for (const CheckResult& check : profile.checks) {
    text += fmt::format("check        {}: {}\n", check.name, check_summary(check));
    for (const std::string& line : check_findings(check)) text += fmt::format("  {}\n", line);
  }
  return text;
}

}  // namespace mcusim::profiler
