#include "profiler/exports/junit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>

#include "profiler/reports/check_report.h"
#include "profiler/stop_names.h"

namespace mcusim::profiler {
namespace {

/// Text or attribute of XML 1.0: bytes that it does not allow, or that may be no UTF-8, become '?'.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += byte < ' ' || byte >= 0x7f ? '?' : c;
    }
  }
  return out;
}

/// One thing that CI servers show as passed or failed.
struct TestCase {
  const char* kind = "";
  std::string name;
  double seconds = 0;
  std::string failure = {};  ///< Empty: passed.
  std::string detail = {};   ///< Of the failure, or of what is worth knowing though it passed.
};

class Suite {
 public:
  void add(const TestCase& test) {
    ++tests_;
    cases_ += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6f}\"", test.kind,
                          escaped(test.name), test.seconds);
    if (!test.failure.empty()) {
      ++failures_;
      cases_ += fmt::format(">\n      <failure message=\"{}\"", escaped(test.failure));
      cases_ += test.detail.empty() ? "/>" : fmt::format(">{}</failure>", lines(test.detail));
    } else if (!test.detail.empty()) {
      cases_ += fmt::format(">\n      <system-out>{}</system-out>", lines(test.detail));
    } else {
      cases_ += "/>\n";
      return;
    }
    cases_ += "\n    </testcase>\n";
  }

  std::string write(const Profile& profile) const {
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        "  <testsuite name=\"{} on {}\" tests=\"{}\" failures=\"{}\" time=\"{:.6f}\">\n{}",
        escaped(profile.network.value_or(profile.file)), escaped(profile.mcu), tests_, failures_,
        profile.run_seconds, cases_);
    std::string notes;
    for (const std::string& line : profile.warnings) notes += "warning: " + escaped(line) + "\n";
    for (const std::string& line : profile.not_modelled) notes += "not modelled: " + escaped(line) + "\n";
    if (!notes.empty()) text += fmt::format("    <system-out>{}</system-out>\n", notes);
    return text + "  </testsuite>\n</testsuites>\n";
  }

 private:
  static std::string lines(const std::string& text) {
    std::string out;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) out += escaped(line) + "\n";
    return out;
  }

  int tests_ = 0;
  int failures_ = 0;
  std::string cases_;
};

/// Empty: the run ended well.
std::string failure_of(const emulator::Stop& stop) {
  using emulator::StopReason;
  if (stop.reason != StopReason::fault && stop.reason != StopReason::cycle_limit) return "";
  return std::string(name_of(stop.reason)) + (stop.detail.empty() ? "" : ": " + stop.detail);
}

}  // namespace

std::string junit_export(const Profile& profile) {
  Suite suite;
  suite.add({"run", "ends", profile.run_seconds, failure_of(profile.stop)});
  for (const CheckedLimit& limit : profile.limits) suite.add({"limit", limit.text, 0, limit.failure});
  for (const CheckResult& check : profile.checks) {
    const std::string findings = fmt::format("{}", fmt::join(check_findings(check), "\n"));
    suite.add({"check", check.name, 0, check.failed() ? check_summary(check) : "", findings});
  }
  for (const LayerProfile& entry : profile.layers) {
    suite.add({"layer", fmt::format("{} {}", entry.layer.index, entry.layer.name),
               profile.milliseconds(entry.cycles) / 1e3});
  }
  return suite.write(profile);
}

}  // namespace mcusim::profiler
