#include "codegen/toolchain/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

namespace mcusim::codegen {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kKeptOutput = 64 << 10;

/// The file descriptors of a pipe, closed on destruction.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_write_end() { close_end(1); }

 private:
  void close_end(int end) {
    if (ends_[end] >= 0) close(std::exchange(ends_[end], -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (std::string& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

/// What the compiler sees of the environment: nothing that changes its output or its messages.
std::vector<std::string> environment(const std::filesystem::path& folder) {
  const char* path = std::getenv("PATH");
  return {std::string("PATH=") + (path ? path : ""), "LC_ALL=C", "SOURCE_DATE_EPOCH=0",
          "TMPDIR=" + folder.string()};
}

class Child {
 public:
  Child(std::size_t index, const Command& command, const RunOptions& options) : index_(index) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe_.write_end(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipe_.write_end(), STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // A group of its own, so that the compiler's own children can be killed with it.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    Command arguments = command;
    std::vector<std::string> variables = environment(options.folder);
    error_ = posix_spawnp(&pid_, arguments.front().c_str(), &actions, &attributes, pointers(arguments).data(),
                          pointers(variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    pipe_.close_write_end();
  }
  ~Child() {
    if (error_ == 0 && !ended_) stop();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  std::size_t index() const { return index_; }
  bool started() const { return error_ == 0; }
  int descriptor() const { return pipe_.read_end(); }
  std::string take_output() { return std::move(output_); }

  /// Reads what is there; false at the end.
  bool read_output() {
    std::array<char, 4096> buffer;
    const ssize_t count = read(pipe_.read_end(), buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR;
    if (count == 0) return false;
    const std::size_t room = kKeptOutput - output_.size();
    output_.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
    return true;
  }

  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  int stop() {
    kill(-pid_, SIGKILL);
    return wait();
  }

 private:
  std::size_t index_;
  Pipe pipe_;
  pid_t pid_ = 0;
  int error_ = 0;
  bool ended_ = false;
  std::string output_;
};

/// Starts, feeds and reaps; see run_commands().
class Runner {
 public:
  Runner(const std::vector<Command>& commands, const RunOptions& options)
      : commands_(commands),
        options_(options),
        deadline_(Clock::now() + options.time_limit),
        results_(commands.size(), CommandResult{CommandResult::Status::done, -1, {}}) {}

  std::vector<CommandResult> run() {
    while (true) {
      while (!failed_ && next_ < commands_.size() && running_.size() < options_.parallel) start();
      if (running_.empty()) return std::move(results_);
      if (!serve()) stop_all();
    }
  }

 private:
  void start() {
    const std::size_t index = next_++;
    auto child = std::make_unique<Child>(index, commands_[index], options_);
    if (child->started()) {
      running_.push_back(std::move(child));
    } else {
      results_[index].status = CommandResult::Status::not_found;
      failed_ = true;
    }
  }

  /// Waits for output or an end of one of the children; false when the time is up.
  bool serve() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
    if (left.count() <= 0) return false;
    std::vector<pollfd> waiting;
    for (const auto& child : running_) waiting.push_back({child->descriptor(), POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) < 0) return errno == EINTR;
    for (std::size_t i = waiting.size(); i-- > 0;) {
      if (waiting[i].revents != 0 && !running_[i]->read_output()) finish(i);
    }
    return true;
  }

  void finish(std::size_t position) {
    Child& child = *running_[position];
    CommandResult& result = results_[child.index()];
    result.exit_code = child.wait();
    result.output = child.take_output();
    if (result.exit_code != 0) failed_ = true;
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(position));
  }

  void stop_all() {
    failed_ = true;
    for (const auto& child : running_) {
      CommandResult& result = results_[child->index()];
      result.status = CommandResult::Status::timed_out;
      result.exit_code = child->stop();
      result.output = child->take_output();
    }
    running_.clear();
  }

  const std::vector<Command>& commands_;
  const RunOptions& options_;
  Clock::time_point deadline_;
  std::vector<CommandResult> results_;
  std::vector<std::unique_ptr<Child>> running_;
  std::size_t next_ = 0;
  bool failed_ = false;
};

}  // namespace

std::vector<CommandResult> run_commands(const std::vector<Command>& commands, const RunOptions& options) {
  return Runner(commands, options).run();
}

}  // namespace mcusim::codegen
