#include "cli/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/build_model.h"
#include "codegen/toolchain/toolchain.h"
#include "common/error.h"
#include "common/files.h"
#include "emulator/image/elf_image.h"
#include "emulator/machine.h"
#include "mcu_models/free_parameters.h"
#include "mcu_models/mcu_model.h"
#include "profiler/compare/comparison.h"
#include "profiler/compare/fit.h"
#include "profiler/recorder.h"

namespace mcusim::cli {
namespace {

using mcu_models::FreeParameter;

/// Each is a run of the firmware from reset to its end.
constexpr unsigned kMostRuns = 60;
constexpr double kLongestRun = 60;  ///< Emulated seconds.

/// Runs the profile's firmware on parts that differ in their free parameters.
class Trials {
 public:
  Trials(const profiler::Profile& profile, const profiler::Reference& reference)
      : profile_(profile), reference_(reference), parameters_(mcu_models::free_parameters(profile.mcu)) {
    if (parameters_.empty()) {
      throw InputError(fmt::format(
          "{}: every number of its memory system has a source, so there is none to fit; change its part file",
          profile.mcu));
    }
    const mcu_models::McuModel mcu = mcu_models::load_mcu(profile.mcu);
    board_ = mcu_models::load_board(mcu, profile.board);
    std::filesystem::path elf = profile.file;
    if (!is_binary(profile.file)) {
      elf = folder_.path() / "net.elf";
      codegen::build_elf(generate(profile.file), mcu, board_, {}, elf);
    }
    image_ = emulator::load_image_for(mcu.core.architecture, elf, {});
    image_.file = profile.file;
  }

  const std::vector<FreeParameter>& parameters() const { return parameters_; }
  /// What differs from the model so far; only that is known better then.
  std::vector<FreeParameter> changed(const std::vector<unsigned>& values) const {
    std::vector<FreeParameter> parameters;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == parameters_[i].value) continue;
      parameters.push_back(parameters_[i]);
      parameters.back().value = values[i];
    }
    return parameters;
  }
  std::string part(const std::vector<unsigned>& values) const {
    return mcu_models::part_with(profile_.mcu, changed(values), "fitted to " + reference_.title);
  }

  /// Nothing: the part does not take these values.
  std::optional<profiler::Comparison> compare(const std::vector<unsigned>& values) const {
    const std::filesystem::path file = folder_.path() / (profile_.mcu + ".toml");
    write_file(file, part(values));
    std::optional<mcu_models::McuModel> mcu;
    try {
      mcu = mcu_models::load_mcu(file.string());
    } catch (const InputError&) {
      return std::nullopt;
    }
    emulator::MachineOptions options;
    options.engine = profile_.engine;
    options.timing = profile_.timing;
    options.console = [](std::string_view) {};
    emulator::Machine machine(*mcu, board_, options);
    machine.load(image_);
    profiler::RecordOptions record;
    record.max_seconds = kLongestRun;
    profiler::Profile run = profiler::record_run(machine, image_, record);
    run.mcu = profile_.mcu;
    return profiler::compare(run, reference_);
  }

 private:
  const profiler::Profile& profile_;
  const profiler::Reference& reference_;
  std::vector<FreeParameter> parameters_;
  mcu_models::BoardModel board_;
  emulator::Image image_;
  TemporaryDirectory folder_;
};

std::string error_text(const profiler::Comparison& comparison) {
  return fmt::format("mean absolute error {:.2f} %, total {:+.2f} %", *comparison.mean_absolute_error,
                     comparison.total.error().value_or(0));
}

}  // namespace

std::string calibrate(const profiler::Profile& profile, const profiler::Reference& reference,
                      const std::filesystem::path& part_file) {
  if (profile.timing != "full" || profile.layers.empty()) {
    throw InputError(fmt::format(
        "{}: --calibrate needs layers and the model of the memories; repeat the run of a network with "
        "--timing full",
        profile.file));
  }
  const Trials trials(profile, reference);
  std::vector<unsigned> start;
  for (const FreeParameter& parameter : trials.parameters()) start.push_back(parameter.value);
  const auto before = trials.compare(start);
  if (!before || !before->mean_absolute_error) {
    throw InputError(fmt::format(
        "{}: has no layer in common with the reference; give the log of this firmware", profile.file));
  }
  const profiler::Fit found = profiler::fit(
      start,
      [&](const std::vector<unsigned>& values) -> std::optional<double> {
        const auto comparison = trials.compare(values);
        return comparison ? comparison->mean_absolute_error : std::nullopt;
      },
      kMostRuns);
  const auto after = trials.compare(found.values);

  std::string text = fmt::format("{:<40}  {:>6}  {:>6}\n", "parameter (assumed so far)", "before", "after");
  for (std::size_t i = 0; i < start.size(); ++i) {
    text += fmt::format("{:<40}  {:>6}  {:>6}\n", trials.parameters()[i].name(), start[i], found.values[i]);
  }
  text +=
      fmt::format("before  {}\nafter   {}, {} runs\n", error_text(*before), error_text(*after), found.runs);
  if (trials.changed(found.values).empty()) return text + "part    not written: no other values are nearer\n";
  write_file(part_file, trials.part(found.values));
  return text + fmt::format("part    {}\n", part_file.string());
}

}  // namespace mcusim::cli
