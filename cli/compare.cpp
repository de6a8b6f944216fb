#include <fmt/format.h>

#include <memory>

#include "cli/calibrate.h"
#include "cli/command.h"
#include "common/error.h"
#include "common/files.h"
#include "profiler/compare/comparison.h"
#include "profiler/compare/comparison_report.h"
#include "profiler/profile_file.h"

namespace mcusim::cli {
namespace {

struct CompareArguments {
  std::string profile;
  std::string other;
  std::optional<double> limit_error;
  std::string json;
  std::string calibrate;
};

int compare(const CompareArguments& arguments) {
  const profiler::Profile profile = profiler::read_profile(arguments.profile);
  const profiler::Reference reference = profiler::read_reference(arguments.other);
  const profiler::Comparison comparison = profiler::compare(profile, reference);
  if (comparison.parts.empty() && !comparison.total.error()) {
    throw InputError(
        fmt::format("{}: has no layer or function in common with {}; give a result of the same network",
                    arguments.other, arguments.profile));
  }
  const std::string calibration =
      arguments.calibrate.empty() ? "" : "\n" + calibrate(profile, reference, arguments.calibrate);
  if (!arguments.json.empty()) write_file(arguments.json, profiler::comparison_json(comparison));
  fmt::print("{}{}", profiler::comparison_text(comparison), calibration);
  if (!arguments.limit_error || !comparison.exceeds(*arguments.limit_error)) return kDone;
  fmt::print(stderr, "mcusim: {}: the error is more than {:g} %\n", arguments.profile,
             *arguments.limit_error);
  return kLimitBroken;
}

}  // namespace

void add_compare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand(
      "compare", "A profile against another one, a board's log or a table, layer by layer");
  command->add_option("PROFILE", arguments->profile, "File of mcusim run --profile")->required();
  command
      ->add_option(
          "OTHER", arguments->other,
          "The reference: a profile, a board's UART log of our firmware, or a CSV of layer,cycles or name,ms")
      ->required();
  command
      ->add_option("--limit-error", arguments->limit_error,
                   "Exit status 1 when the total's or the layers' mean absolute error is more, in percent")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--calibrate", arguments->calibrate,
                      "Fit the assumed numbers of the memory system to OTHER, and write a part's file");
  command->add_option("--json", arguments->json, "Write the result as JSON to a file");
  command->callback([arguments, &status] { status = compare(*arguments); });
}

}  // namespace mcusim::cli
