#include <unistd.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/viewer_program.h"
#include "common/error.h"

namespace mcusim::cli {

// A program of its own, so that this one needs no window system.
void become_viewer(const std::vector<std::string>& arguments) {
  std::error_code unknown;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  const std::string program = (self.parent_path() / "mcusim-viewer").string();
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  throw InputError(program +
                   ": cannot be started; install libimgui-dev and libglfw3-dev and build mcusim again");
}

void add_view(CLI::App& app) {
  CLI::App* command = app.add_subcommand("view", "Shows a profile in a window");
  // The viewer knows its own arguments, --help among them.
  command->set_help_flag();
  command->prefix_command();
  command->callback([command] { become_viewer(command->remaining()); });
}

}  // namespace mcusim::cli
