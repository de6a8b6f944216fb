#pragma once

#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "common/units.h"

namespace mcusim::emulator {

/// The machine's time and what is due in it. The engine sets `now` before every access to a device and
/// before it serves events; devices ask for the time and for a call at a later one.
class Scheduler {
 public:
  static constexpr Cycles kNever = std::numeric_limits<Cycles>::max();
  using Event = std::function<void()>;

  Cycles now() const { return now_; }
  void set_now(Cycles now) { now_ = now; }

  /// Calls `event` once, when `now` has reached `time`; events of one time run in the order of their request.
  void at(Cycles time, Event event) { queue_.push({time, sequence_++, std::move(event)}); }

  /// Time of the next event, kNever if none: the engine compares it at each instruction boundary.
  Cycles next() const { return queue_.empty() ? kNever : queue_.top().time; }

  /// Runs every event that is due.
  void serve() {
    while (!queue_.empty() && queue_.top().time <= now_) {
      const Event event = queue_.top().event;
      queue_.pop();
      event();
    }
  }

 private:
  struct Entry {
    Cycles time;
    std::uint64_t sequence;
    Event event;
    bool operator>(const Entry& other) const {
      return time != other.time ? time > other.time : sequence > other.sequence;
    }
  };

  Cycles now_ = 0;
  std::uint64_t sequence_ = 0;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace mcusim::emulator
