#include "cli/live_view.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/viewer_program.h"
#include "common/error.h"
#include "profiler/profile_file.h"

namespace mcusim::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenSnapshots{100};

}  // namespace

LiveView::LiveView(std::filesystem::path file) : file_(std::move(file)) {}

bool LiveView::is_snapshot() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kBetweenSnapshots || !snapshot_is_done(false)) return false;
  last_ = now;
  const pid_t copy = fork();
  is_copy_ = copy == 0;
  snapshot_ = std::max(copy, 0);  // Where there is no room for a copy now, there may be the next time.
  return is_copy_;
}

LiveView::~LiveView() {
  if (is_copy_) _exit(2);  // It could not end the run. Nothing here is its own to clean up.
  if (viewer_ <= 0) return;
  std::fflush(stdout);  // The report is there before the window is closed.
  waitpid(viewer_, nullptr, 0);
}

void LiveView::write_and_exit(const profiler::Profile& profile) const {
  int status = 0;
  try {
    profiler::write_profile(file_, profile);
  } catch (const InputError&) {
    status = 2;
  }
  // What the run had not written yet is the original's to write, and its temporary files to remove.
  _exit(status);
}

bool LiveView::snapshot_is_done(bool waits) {
  if (snapshot_ == 0) return true;
  int status = 0;
  if (waitpid(snapshot_, &status, waits ? 0 : WNOHANG) == 0) return false;
  snapshot_ = 0;
  if (viewer_ == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) open_viewer();
  return true;
}

void LiveView::open_viewer() {
  viewer_ = fork();
  if (viewer_ != 0) return;  // The run, or there is no room for another process.
  try {
    become_viewer({file_.string()});
  } catch (const InputError& error) {
    std::fprintf(stderr, "mcusim: %s\n", error.what());
  }
  _exit(2);
}

void LiveView::show_last(const profiler::Profile& profile) {
  snapshot_is_done(true);
  profiler::write_profile(file_, profile);
  if (viewer_ == 0) open_viewer();
}

}  // namespace mcusim::cli
