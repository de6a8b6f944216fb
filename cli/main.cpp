#include <cstdio>
#include <new>

#include "cli/command.h"
#include "common/error.h"

namespace mcusim::cli {
namespace {

/// One line without line breaks, as every message of status 2.
int fail(std::string text) {
  for (char& c : text) c = c == '\n' || c == '\r' ? ' ' : c;
  std::fprintf(stderr, "mcusim: %s\n", text.c_str());
  return kUnusableInput;
}

/// CLI11 only says that a subcommand is missing; this says which word was taken for one.
void check_subcommand(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::string known;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == argv[1]) return;
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  throw InputError(std::string(argv[1]) + ": not a subcommand; use one of " + known);
}

int run_program(int argc, char** argv) {
  CLI::App app{"Runs neural networks and firmware on emulated microcontrollers and tells what they cost.",
               "mcusim"};
  app.set_version_flag("--version", "mcusim " MCUSIM_VERSION);
  app.require_subcommand(1);
  int status = kDone;
  add_mcus(app, status);
  add_analyze(app, status);
  add_build(app, status);
  add_run(app, status);
  add_report(app, status);
  add_compare(app, status);
  add_vle(app, status);
  add_view(app);
  try {
    check_subcommand(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return fail(std::string(error.what()) + "; see mcusim --help");
  } catch (const InputError& error) {
    return fail(error.what());
  } catch (const std::bad_alloc&) {
    return fail("not enough memory on this computer; close other programs or take a smaller input");
  } catch (const std::exception& error) {
    return fail(std::string("internal error: ") + error.what() + "; please report it with the command line");
  }
  return status;
}

}  // namespace
}  // namespace mcusim::cli

int main(int argc, char** argv) { return mcusim::cli::run_program(argc, argv); }
