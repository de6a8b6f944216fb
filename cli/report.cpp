#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "common/error.h"
#include "common/files.h"
#include "profiler/exports/callgrind.h"
#include "profiler/exports/folded.h"
#include "profiler/exports/html_page.h"
#include "profiler/exports/junit.h"
#include "profiler/exports/lcov.h"
#include "profiler/exports/perfetto.h"
#include "profiler/exports/pprof.h"
#include "profiler/exports/speedscope.h"
#include "profiler/profile_file.h"
#include "profiler/reports/csv_report.h"
#include "profiler/reports/json_report.h"
#include "profiler/reports/markdown_report.h"
#include "profiler/reports/text_report.h"

namespace mcusim::cli {
namespace {

struct Format {
  std::string_view name;
  std::string (*make)(const profiler::Profile&);
};
constexpr Format kFormats[] = {
    {"text", profiler::text_report},         {"json", profiler::json_report},
    {"csv", profiler::csv_report},           {"md", profiler::markdown_report},
    {"html", profiler::html_export},         {"callgrind", profiler::callgrind_export},
    {"perfetto", profiler::perfetto_export}, {"speedscope", profiler::speedscope_export},
    {"folded", profiler::folded_export},     {"pprof", profiler::pprof_export},
    {"lcov", profiler::lcov_export},         {"junit", profiler::junit_export}};

std::string known_formats() {
  std::string names;
  for (const Format& format : kFormats) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

struct ReportArguments {
  std::string profile;
  std::string format = "text";
  std::string output;
};

const Format& find_format(const std::string& name) {
  for (const Format& format : kFormats)
    if (format.name == name) return format;
  throw InputError(fmt::format("--format {}: not a format; use one of {}", name, known_formats()));
}

int report(const ReportArguments& arguments) {
  const Format& format = find_format(arguments.format);
  const std::string text = format.make(profiler::read_profile(arguments.profile));
  if (arguments.output.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  } else {
    write_file(arguments.output, text);
  }
  return kDone;
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = app.add_subcommand("report", "Shows a profile that a run has written");
  command->add_option("PROFILE", arguments->profile, "File of mcusim run --profile")->required();
  command->add_option("--format", arguments->format, known_formats())->capture_default_str();
  command->add_option("-o", arguments->output, "File to write; default: standard output");
  command->callback([arguments, &status] { status = report(*arguments); });
}

}  // namespace mcusim::cli
