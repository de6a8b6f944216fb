#pragma once

#include <CLI/CLI.hpp>

namespace mcusim::cli {

// Exit statuses; docs/design.md, section 6.
inline constexpr int kDone = 0;
inline constexpr int kLimitBroken = 1;
inline constexpr int kUnusableInput = 2;
inline constexpr int kFirmwareFault = 3;
inline constexpr int kStoppedByMaximum = 4;

// Each subcommand adds itself to the program and stores what it is to return in `status`.
void add_mcus(CLI::App& app, int& status);
void add_analyze(CLI::App& app, int& status);
void add_build(CLI::App& app, int& status);
void add_run(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);
void add_compare(CLI::App& app, int& status);
void add_vle(CLI::App& app, int& status);
/// Becomes the viewer, whose status it ends with.
void add_view(CLI::App& app);

}  // namespace mcusim::cli
