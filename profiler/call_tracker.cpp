#include "profiler/call_tracker.h"

#include <algorithm>

namespace mcusim::profiler {
namespace {

using emulator::FlowPoint;

/// Deeper recursion and more paths are cut: what is beyond counts for the last frame, or for a root of its
/// function. Bounds memory, never the sums.
constexpr std::size_t kMostFrames = 65'536;
constexpr std::size_t kMostNodes = 1 << 18;

}  // namespace

CallTracker::CallTracker(FunctionTable& functions, Address pc, const FlowPoint& now)
    : functions_(functions), cycles_(now.cycles), instructions_(now.instructions) {
  active_.push_back(begin_context(pc, ++threads_, false, now.sp));
  note_stack(now.sp);
}

void CallTracker::settle(Cycles cycles, std::uint64_t instructions) {
  CallNode& node = nodes_[top().node];
  node.self_cycles += cycles - cycles_;
  node.self_instructions += instructions - instructions_;
  cycles_ = cycles;
  instructions_ = instructions;
  if (cycles >= next_look_) {
    next_look_ = activations_->passed({cycles, instructions, depth_});
    depth_ = 0;
  }
}

void CallTracker::note_stack(std::uint32_t sp) {
  if (sp == 0) return;
  Extent& extent = stacks_[std::max<std::uint32_t>(context().stack, 1) - 1];
  extent.lowest = std::min(extent.lowest, sp);
  extent.highest = std::max(extent.highest, sp);
  depth_ = std::max<Bytes>(depth_, extent.highest - sp);
}

std::uint32_t CallTracker::find_child(std::uint32_t parent, std::uint32_t function, Address call_site,
                                      bool is_handler) {
  const bool is_root = parent == CallNode::kNone;
  for (std::uint32_t child = is_root ? first_root_ : first_child_[parent]; child != CallNode::kNone;
       child = next_sibling_[child]) {
    if (nodes_[child].function == function && nodes_[child].is_handler == is_handler) return child;
  }
  if (!is_root && nodes_.size() >= kMostNodes) return find_child(CallNode::kNone, function, 0, false);
  const auto number = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({parent, function, call_site, is_handler});
  first_child_.push_back(CallNode::kNone);
  std::uint32_t& first = is_root ? first_root_ : first_child_[parent];
  next_sibling_.push_back(first);
  first = number;
  return number;
}

std::uint32_t CallTracker::child_of(std::uint32_t parent, Address target, Address call_site,
                                    bool is_handler) {
  Known& known = known_[(target >> 1 ^ parent * 0x9e3779b1u >> 8) % kKnown];
  if (known.parent != parent || known.target != target || is_handler) {
    known = {parent, target, find_child(parent, functions_.called_at(target), call_site, is_handler)};
  }
  return known.child;
}

CallTracker::Context CallTracker::begin_context(Address pc, std::uint32_t stack, bool is_handler,
                                                std::uint32_t sp) {
  Context context;
  context.stack = stack;
  const std::uint32_t function = functions_.containing(pc);
  const std::uint32_t node = find_child(CallNode::kNone, function, 0, is_handler);
  ++nodes_[node].calls;
  context.frames.push_back({node, kNowhere, sp, false, cycles_});
  stacks_.resize(threads_);
  return context;
}

void CallTracker::push(std::uint32_t node, Address return_address, std::uint32_t sp, bool is_tail_call) {
  ++nodes_[node].calls;
  if (context().frames.size() >= kMostFrames) return;
  const std::uint32_t above = top().sp;
  if (above != kAnySp && sp != kAnySp && above > sp)
    nodes_[node].entry_depth = std::max<Bytes>(nodes_[node].entry_depth, above - sp);
  context().frames.push_back({node, return_address, sp, is_tail_call, cycles_});
}

void CallTracker::pop() {
  std::vector<Frame>& frames = context().frames;
  const Frame& frame = frames.back();
  if (cycles_ - frame.begin >= shortest_) {
    const CallNode& node = nodes_[frame.node];
    shortest_ =
        activations_->ended({node.function, context().stack, static_cast<std::uint32_t>(frames.size() - 1),
                             node.is_handler, frame.begin},
                            cycles_);
  }
  frames.pop_back();
}

void CallTracker::pop_with_tail_callers() {
  while (context().frames.size() > 1) {
    const bool ends_its_caller = top().is_tail_call;
    pop();
    if (!ends_its_caller) return;
  }
}

bool CallTracker::top_contains(Address address) {
  return nodes_[top().node].function == functions_.containing(address);
}

// A frame that began below the stack pointer is over. One that began at it may go on, or be where a long
// jump started: then the target lies elsewhere.
void CallTracker::abandon_frames_below(std::uint32_t sp, Address target) {
  const auto several = [this] { return context().frames.size() > 1; };
  while (several() && top().sp < sp) pop();
  while (several() && top().sp == sp && !top_contains(target)) {
    const bool returned = top().return_address == target;
    if (returned) {
      pop_with_tail_callers();
      return;
    }
    // Not out of the thread's last known frame: what executes there may be unknown code.
    const std::size_t count = context().frames.size();
    const Frame& caller = context().frames[count - 2];
    if (nodes_[caller.node].function != functions_.containing(target) && caller.sp != sp) return;
    pop();
  }
}

void CallTracker::tail_call(Address target) {
  const std::uint32_t function = functions_.called_at(target);
  std::vector<Frame>& frames = context().frames;
  // Functions that tail-call each other in turns are one loop, not ever deeper.
  for (std::size_t i = frames.size(); i-- > 0;) {
    if (nodes_[frames[i].node].function == function) {
      while (frames.size() > i + 1) pop();
      ++nodes_[frames[i].node].calls;
      return;
    }
    if (!frames[i].is_tail_call) break;
  }
  const Frame caller = top();
  push(child_of(caller.node, target, 0, false), caller.return_address, caller.sp, true);
}

void CallTracker::called(Address target, Address return_address, const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  while (top().sp < now.sp && context().frames.size() > 1) pop();
  note_stack(now.sp);
  push(child_of(top().node, target, return_address, false), return_address, now.sp, false);
}

void CallTracker::jumped(Address target, const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  const Frame& frame = top();
  if (frame.return_address == target && (frame.sp == now.sp || frame.sp == kAnySp)) {
    pop_with_tail_callers();
    return;
  }
  if (now.sp <= frame.sp && top_contains(target)) return;
  const bool begins = functions_.begins_at(target);
  if (now.sp > frame.sp || !begins) abandon_frames_below(now.sp, target);
  if (!top_contains(target)) tail_call(target);
}

void CallTracker::stack_changed(const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  for (Frame& frame : context().frames) frame.sp = kAnySp;
  context().stack = ++threads_;
  stacks_.resize(threads_);
  note_stack(now.sp);
}

void CallTracker::exception_entered(const emulator::ExceptionEntry& entry, const FlowPoint& now) {
  // No instruction executes between the two.
  settle(entry.begin, now.instructions);
  if (entry.chained) {
    if (active_.size() > 1) {
      while (!context().frames.empty()) pop();
      active_.pop_back();
    }
  } else {
    note_stack(entry.frame);
    context().resume_frame = entry.frame;
    context().resume_pc = entry.interrupted_pc;
  }
  active_.push_back(begin_context(entry.handler, 0, true, now.sp));
  settle(now.cycles, now.instructions);
}

void CallTracker::exception_returned(const emulator::ExceptionReturn& what, const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  while (active_.size() > 1) {
    while (!context().frames.empty()) pop();
    active_.pop_back();
    if (!what.to_thread) return;
  }
  if (context().resume_frame == what.frame) {
    if (context().resume_pc != what.pc) jumped(what.pc, now);
    return;
  }
  const std::uint32_t left = context().resume_frame;
  suspended_[left] = std::move(active_.back());
  active_.pop_back();
  const auto found = suspended_.find(what.frame);
  if (found != suspended_.end() && found->second.resume_pc == what.pc) {
    active_.push_back(std::move(found->second));
    suspended_.erase(found);
  } else {
    active_.push_back(begin_context(what.pc, ++threads_, false, now.sp));
    note_stack(now.sp);
  }
}

void CallTracker::restarted(Address pc, const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  end_activations(now.cycles);
  active_.push_back(begin_context(pc, ++threads_, false, now.sp));
  note_stack(now.sp);
}

void CallTracker::begin_window(const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  for (CallNode& node : nodes_) node.calls = node.self_cycles = node.self_instructions = 0;
  nodes_[top().node].calls = 1;
}

const std::vector<CallNode>& CallTracker::nodes(const FlowPoint& now) {
  settle(now.cycles, now.instructions);
  return nodes_;
}

void CallTracker::end_activations(Cycles now) {
  cycles_ = now;
  for (auto& [frame, thread] : suspended_) active_.push_back(std::move(thread));
  suspended_.clear();
  while (!active_.empty()) {
    while (!context().frames.empty()) pop();
    active_.pop_back();
  }
}

}  // namespace mcusim::profiler
