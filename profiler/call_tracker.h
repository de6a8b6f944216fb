#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

#include "emulator/call_listener.h"
#include "profiler/function_table.h"

namespace mcusim::profiler {

/// One function under one path of calls.
struct CallNode {
  static constexpr std::uint32_t kNone = ~0u;

  std::uint32_t parent = kNone;  ///< Index; kNone of roots. Stands before its children.
  std::uint32_t function = 0;    ///< Of the FunctionTable.
  Address call_site = 0;         ///< Behind the first call on this path; 0: no call led here.
  bool is_handler = false;       ///< A root that an exception entered.
  std::uint64_t calls = 0;
  Cycles self_cycles = 0;
  std::uint64_t self_instructions = 0;
  /// How far below its caller's entry this function was entered at most, in bytes of stack; never forgotten.
  Bytes entry_depth = 0;

  bool operator==(const CallNode&) const = default;
};

/// How far execution has come.
struct Progress {
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  Bytes stack = 0;  ///< Largest depth of a stack since the last look.
};

/// Hears when activations of functions end, and from time to time how far execution has come.
class ActivationListener {
 public:
  virtual ~ActivationListener() = default;
  struct Activation {
    std::uint32_t function = 0;
    std::uint32_t stack = 0;  ///< 0 for handlers, then threads as they appear, from 1.
    std::uint32_t depth = 0;
    bool is_handler = false;
    Cycles begin = 0;
  };
  /// Answers how long an activation must last for the listener to hear of the next ones.
  virtual Cycles ended(const Activation& activation, Cycles end) = 0;
  /// Answers the time of the next look.
  virtual Cycles passed(const Progress& progress) = 0;
};

/// Follows execution by what a CallListener hears, and counts cycles and instructions in a calling context
/// tree. Every cycle since the window began is in exactly one node.
///
/// A frame is left when a jump reaches its return address with its stack pointer, or when the stack pointer
/// has passed it, as after a long jump. A tail call is a call whose frame ends with its caller's. Exceptions
/// begin roots of their own, and what they interrupt goes on with the frame that they return to: another
/// frame is another thread.
class CallTracker : public emulator::CallListener {
 public:
  /// Execution stands at `pc`. `functions` must outlive the tracker.
  CallTracker(FunctionTable& functions, Address pc, const emulator::FlowPoint& now);

  void called(Address target, Address return_address, const emulator::FlowPoint& now) override;
  void jumped(Address target, const emulator::FlowPoint& now) override;
  void stack_changed(const emulator::FlowPoint& now) override;
  void exception_entered(const emulator::ExceptionEntry& entry, const emulator::FlowPoint& now) override;
  void exception_returned(const emulator::ExceptionReturn& what, const emulator::FlowPoint& now) override;
  void restarted(Address pc, const emulator::FlowPoint& now) override;

  /// Forgets all counts; calls that are open stay open, and the innermost counts as one call.
  void begin_window(const emulator::FlowPoint& now);
  /// The tree since the window began, up to `now`.
  std::vector<CallNode> nodes(const emulator::FlowPoint& now);
  /// The same with calls that have returned alone.
  std::vector<CallNode> tree() const;

  void set_activation_listener(ActivationListener* listener);
  /// Tells the listener of all activations that are still open. Ends the window.
  void end_activations(Cycles now);
  std::uint32_t thread_count() const { return threads_; }

  /// Stack pointers that calls and exceptions showed.
  struct Extent {
    std::uint32_t highest = 0, lowest = ~0u;
  };
  /// By thread, from 0; handlers use the stack of the first one.
  const std::vector<Extent>& stacks() const { return stacks_; }

 private:
  using Frame = emulator::OpenCall;
  /// Where a node stands in the tree; what it counts is in its path, and here what that cannot know.
  struct Place {
    std::uint32_t parent = CallNode::kNone;
    std::uint32_t function = 0;
    Address call_site = 0;
    bool is_handler = false;
    std::uint32_t depth = 0;  ///< 0 of roots.
    std::uint32_t first_child = CallNode::kNone, next_sibling = CallNode::kNone;
    std::uint32_t entry_depth = 0;
    /// To be taken from its own: what passed elsewhere while it was the innermost.
    Cycles cycles_elsewhere = 0;
    std::uint64_t instructions_elsewhere = 0;
  };
  /// What executes on one stack: a thread, or one handler.
  struct Context {
    std::uint32_t stack = 0;
    std::vector<Frame> frames;   ///< From the outermost; behind the innermost there is room, see make_room().
    Frame* innermost = nullptr;  ///< While it is suspended; of what executes it is usual_calls.top.
    std::uint32_t resume_frame = 0;
    Address resume_pc = 0;
    Cycles suspended = 0;  ///< Since when something else executes.
    std::uint64_t suspended_instructions = 0;
  };

  void stand_at(Cycles cycles, std::uint64_t instructions);
  void note_stack(std::uint32_t sp);
  Extent& stack_in_use();
  Context& context() { return active_.back(); }
  Frame& top() { return *usual_calls.top; }
  /// Calls that are open below the outermost frame.
  std::size_t depth() { return static_cast<std::size_t>(usual_calls.top - context().frames.data()); }
  std::span<Frame> frames();
  Place& place_of(const Frame& frame) { return places_[frame.path->number]; }
  std::uint32_t function_of(const Frame& frame) const { return places_[frame.path->number].function; }
  bool top_contains(Address address);
  /// Not of the outermost frame.
  static bool is_tail_call(const Frame& frame);
  void push(std::uint32_t path, Address return_address, std::uint32_t sp);
  void end_frame();
  void tell_of(const emulator::LongCall& call);
  void tell_of_long_calls();
  void pop();
  void pop_with_tail_callers();
  void abandon_frames_below(std::uint32_t sp, Address target);
  void tail_call(Address target);
  void enter(Context entered);
  void end_context();
  void suspend(Context& suspended);
  void resume(Context& resumed);
  void show_frames();
  void make_room(std::size_t index, std::uint32_t path);
  void update_usual_calls();
  Context begin_context(Address pc, std::uint32_t stack, bool is_handler, std::uint32_t sp);
  std::uint32_t child_of(std::uint32_t parent, Address target, Address call_site);
  std::uint32_t find_child(std::uint32_t parent, std::uint32_t function, Address call_site, bool is_handler);
  void charge(std::span<const Frame> frames, std::size_t index, Cycles cycles, std::uint64_t instructions,
              std::uint64_t sign);
  void charge_open(const Context& context, std::uint64_t sign);
  void charge_all_open(std::uint64_t sign);

  FunctionTable& functions_;
  ActivationListener* activations_ = nullptr;
  Cycles cycles_ = 0;
  std::uint64_t instructions_ = 0;
  std::vector<Place> places_;              ///< By node.
  std::deque<emulator::UsualPath> paths_;  ///< The same.
  /// Children by the call that leads to them: of those, paths know but a few.
  struct Continuation {
    std::uint64_t call = ~std::uint64_t{0};
    std::uint32_t child = 0;
  };
  std::vector<Continuation> continuations_;
  std::uint32_t longest_path_ = 0;
  std::vector<std::vector<Frame>> rooms_;  ///< Of contexts that have ended, for the next ones.
  std::uint32_t first_root_ = CallNode::kNone;
  std::vector<Context> active_;  ///< The thread, then the handlers that interrupted each other.
  std::map<std::uint32_t, Context> suspended_;  ///< Threads by the frame that they go on with.
  std::uint32_t threads_ = 0;
  std::vector<Extent> stacks_;
  Bytes depth_ = 0;  ///< Largest since the last look.
};

}  // namespace mcusim::profiler
