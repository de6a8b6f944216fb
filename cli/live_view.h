#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>

#include "profiler/profile.h"

namespace mcusim::cli {

/// A viewer beside a run that goes on. Every 100 ms a copy of this process (fork) ends the run where it
/// stands and writes its profile, which the viewer reads again; the run itself is neither stopped nor
/// changed.
class LiveView {
 public:
  /// Snapshots go to `file`.
  explicit LiveView(std::filesystem::path file);
  /// Waits until the reader closes the window.
  ~LiveView();
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  /// Whether this process is a copy that has to end the run and write it.
  bool is_snapshot();
  [[noreturn]] void write_and_exit(const profiler::Profile& profile) const;
  /// The run has ended.
  void show_last(const profiler::Profile& profile);

 private:
  void open_viewer();
  /// Whether no copy is at work.
  bool snapshot_is_done(bool waits);

  std::filesystem::path file_;
  std::chrono::steady_clock::time_point last_;
  bool is_copy_ = false;
  pid_t snapshot_ = 0, viewer_ = 0;  ///< 0: none.
};

}  // namespace mcusim::cli
