#include "profiler/call_tracker.h"

#include <algorithm>
#include <utility>

namespace mcusim::profiler {
namespace {

using emulator::FlowPoint;

/// Deeper recursion and more paths are cut: what is beyond counts for the last frame, or for a root of its
/// function. Bounds memory, never the sums.
constexpr std::size_t kFirstFrames = 16;
constexpr std::size_t kMostFrames = kFirstFrames << 12;
constexpr std::size_t kMostNodes = 1 << 18;

}  // namespace

CallTracker::CallTracker(FunctionTable& functions, Address pc, const FlowPoint& now)
    : functions_(functions), cycles_(now.cycles), instructions_(now.instructions) {
  set_activation_listener(nullptr);
  enter(begin_context(pc, ++threads_, false, now.sp));
  note_stack(now.sp);
}

void CallTracker::set_activation_listener(ActivationListener* listener) {
  activations_ = listener;
  usual_calls.until = listener != nullptr ? cycles_ : ~Cycles{0};
  usual_calls.shortest = listener != nullptr ? 0 : ~Cycles{0};
}

void CallTracker::stand_at(Cycles cycles, std::uint64_t instructions) {
  cycles_ = cycles;
  instructions_ = instructions;
  if (cycles >= usual_calls.until) {
    usual_calls.until = activations_->passed({cycles, instructions, depth_});
    depth_ = 0;
    update_usual_calls();
  }
}

CallTracker::Extent& CallTracker::stack_in_use() {
  return stacks_[std::max<std::uint32_t>(context().stack, 1) - 1];
}

void CallTracker::note_stack(std::uint32_t sp) {
  if (sp == 0) return;
  Extent& extent = stack_in_use();
  extent.lowest = std::min(extent.lowest, sp);
  extent.highest = std::max(extent.highest, sp);
  depth_ = std::max<Bytes>(depth_, extent.highest - sp);
  update_usual_calls();
}

void CallTracker::update_usual_calls() {
  if (active_.empty()) return;
  // Between this and the stack pointers of open calls note_stack() has nothing to add.
  const Extent& extent = stack_in_use();
  usual_calls.lowest_sp = std::max(
      extent.lowest, static_cast<std::uint32_t>(extent.highest - std::min<Bytes>(depth_, extent.highest)));
}

std::uint32_t CallTracker::find_child(std::uint32_t parent, std::uint32_t function, Address call_site,
                                      bool is_handler) {
  const bool is_root = parent == CallNode::kNone;
  for (std::uint32_t child = is_root ? first_root_ : places_[parent].first_child; child != CallNode::kNone;
       child = places_[child].next_sibling) {
    if (places_[child].function == function && places_[child].is_handler == is_handler) return child;
  }
  if (!is_root && places_.size() >= kMostNodes) return find_child(CallNode::kNone, function, 0, false);
  const auto number = static_cast<std::uint32_t>(places_.size());
  std::uint32_t& first = is_root ? first_root_ : places_[parent].first_child;
  const std::uint32_t next = std::exchange(first, number);
  places_.push_back({parent, function, call_site, is_handler, CallNode::kNone, next});
  usual_calls.counts.emplace_back();
  return number;
}

std::uint32_t CallTracker::child_of(std::uint32_t parent, Address target, Address call_site) {
  const std::uint64_t call = emulator::UsualCalls::call_of(parent, target);
  emulator::UsualCalls::Continuation& known = usual_calls.continuation(call);
  if (known.call != call) {
    const std::uint32_t child = find_child(parent, functions_.called_at(target), call_site, false);
    if (places_[child].parent != parent) return child;
    known = {call, child};
  }
  known.deepest = places_[known.path].entry_depth;
  return known.path;
}

CallTracker::Context CallTracker::begin_context(Address pc, std::uint32_t stack, bool is_handler,
                                                std::uint32_t sp) {
  Context context;
  context.stack = stack;
  const std::uint32_t function = functions_.containing(pc);
  const std::uint32_t root = find_child(CallNode::kNone, function, 0, is_handler);
  context.frames.resize(kFirstFrames);
  context.frames.front() = {cycles_, instructions_, root, Frame::kNowhere, sp};
  context.innermost = &context.frames.front();
  stacks_.resize(threads_);
  return context;
}

void CallTracker::enter(Context entered) {
  if (!active_.empty()) suspend(context());
  active_.push_back(std::move(entered));
  show_frames();
}

void CallTracker::end_context() {
  while (depth() != 0) pop();
  end_frame();
  active_.pop_back();
  if (active_.empty()) return;
  resume(context());
  show_frames();
}

void CallTracker::suspend(Context& suspended) {
  suspended.innermost = usual_calls.top;
  suspended.suspended = cycles_;
  suspended.suspended_instructions = instructions_;
}

void CallTracker::resume(Context& resumed) {
  Place& innermost = places_[resumed.innermost->path];
  innermost.cycles_elsewhere += cycles_ - resumed.suspended;
  innermost.instructions_elsewhere += instructions_ - resumed.suspended_instructions;
}

void CallTracker::show_frames() {
  usual_calls.top = context().innermost;
  usual_calls.last = &context().frames.back();
  update_usual_calls();
}

std::span<CallTracker::Frame> CallTracker::frames() { return {context().frames.data(), depth() + 1}; }

// Frames count when they end. `sign` -1 takes back what has passed so far of one that will.
void CallTracker::charge(std::span<const Frame> frames, std::size_t index, Cycles cycles,
                         std::uint64_t instructions, std::uint64_t sign) {
  const Frame& frame = frames[index];
  const Cycles cycles_spent = sign * (cycles - frame.begin);
  const std::uint64_t instructions_spent = sign * (instructions - frame.begin_instructions);
  emulator::PathCount& count = usual_calls.counts[frame.path];
  count.calls += sign;
  count.cycles += cycles_spent;
  count.instructions += instructions_spent;
  if (!frame.is_cut) return;
  Place& caller = places_[frames[index - 1].path];
  caller.cycles_elsewhere += cycles_spent;
  caller.instructions_elsewhere += instructions_spent;
}

void CallTracker::charge_open(const Context& context, std::uint64_t sign) {
  const std::size_t count = static_cast<std::size_t>(context.innermost - context.frames.data()) + 1;
  for (std::size_t i = 0; i < count; ++i)
    charge({context.frames.data(), count}, i, context.suspended, context.suspended_instructions, sign);
}

void CallTracker::charge_all_open(std::uint64_t sign) {
  if (!active_.empty()) suspend(context());  // Nothing passes until it goes on.
  for (const Context& open : active_) charge_open(open, sign);
  for (const auto& [frame, thread] : suspended_) charge_open(thread, sign);
}

void CallTracker::push(std::uint32_t path, Address return_address, std::uint32_t sp, bool is_tail_call) {
  std::vector<Frame>& room = context().frames;
  if (usual_calls.top == usual_calls.last) {
    if (room.size() >= kMostFrames) {
      ++usual_calls.counts[path].calls;
      return;
    }
    const std::size_t innermost = depth();
    room.resize(2 * room.size());
    context().innermost = &room[innermost];
    show_frames();
  }
  const bool is_cut = places_[path].parent != top().path;
  if (top().sp != Frame::kAnySp && sp < top().sp) {
    std::uint32_t& depth = places_[path].entry_depth;
    depth = std::max(depth, top().sp - sp);
  }
  *++usual_calls.top = {cycles_, instructions_, path, return_address, sp, is_tail_call, is_cut};
}

void CallTracker::end_frame() {
  const Frame& frame = top();
  charge(frames(), depth(), cycles_, instructions_, 1);
  if (cycles_ - frame.begin < usual_calls.shortest) return;
  usual_calls.shortest =
      activations_->ended({function_of(frame), context().stack, static_cast<std::uint32_t>(depth()),
                           places_[frame.path].is_handler, frame.begin},
                          cycles_);
}

void CallTracker::pop() {
  end_frame();
  --usual_calls.top;
}

void CallTracker::pop_with_tail_callers() {
  while (depth() != 0) {
    const bool ends_its_caller = top().is_tail_call;
    pop();
    if (!ends_its_caller) return;
  }
}

bool CallTracker::top_contains(Address address) {
  return function_of(top()) == functions_.containing(address);
}

// A frame that began below the stack pointer is over. One that began at it may go on, or be where a long
// jump started: then the target lies elsewhere.
void CallTracker::abandon_frames_below(std::uint32_t sp, Address target) {
  while (depth() != 0 && top().sp < sp) pop();
  while (depth() != 0 && top().sp == sp && !top_contains(target)) {
    const bool returned = top().return_address == target;
    if (returned) {
      pop_with_tail_callers();
      return;
    }
    // Not out of the thread's last known frame: what executes there may be unknown code.
    const Frame& caller = (&top())[-1];
    if (function_of(caller) != functions_.containing(target) && caller.sp != sp) return;
    pop();
  }
}

void CallTracker::tail_call(Address target) {
  const std::uint32_t function = functions_.called_at(target);
  const std::span<Frame> open = frames();
  // Functions that tail-call each other in turns are one loop, not ever deeper.
  for (std::size_t i = open.size(); i-- > 0;) {
    if (function_of(open[i]) == function) {
      while (depth() > i) pop();
      ++usual_calls.counts[open[i].path].calls;
      return;
    }
    if (!open[i].is_tail_call) break;
  }
  const Frame caller = top();
  push(child_of(caller.path, target, 0), caller.return_address, caller.sp, true);
}

void CallTracker::called(Address target, Address return_address, const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  while (top().sp < now.sp && depth() != 0) pop();
  note_stack(now.sp);
  push(child_of(top().path, target, return_address), return_address, now.sp, false);
}

void CallTracker::jumped(Address target, const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  const Frame& frame = top();
  if (frame.return_address == target && (frame.sp == now.sp || frame.sp == Frame::kAnySp)) {
    pop_with_tail_callers();
    return;
  }
  if (now.sp <= frame.sp && top_contains(target)) return;
  const bool begins = functions_.begins_at(target);
  if (now.sp > frame.sp || !begins) abandon_frames_below(now.sp, target);
  if (!top_contains(target)) tail_call(target);
}

void CallTracker::stack_changed(const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  for (Frame& open : frames()) open.sp = Frame::kAnySp;
  context().stack = ++threads_;
  stacks_.resize(threads_);
  note_stack(now.sp);
}

void CallTracker::exception_entered(const emulator::ExceptionEntry& entry, const FlowPoint& now) {
  // No instruction executes between the two.
  stand_at(entry.begin, now.instructions);
  if (entry.chained) {
    if (active_.size() > 1) end_context();
  } else {
    note_stack(entry.frame);
    context().resume_frame = entry.frame;
    context().resume_pc = entry.interrupted_pc;
  }
  enter(begin_context(entry.handler, 0, true, now.sp));
  note_stack(now.sp);
  stand_at(now.cycles, now.instructions);
}

void CallTracker::exception_returned(const emulator::ExceptionReturn& what, const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  while (active_.size() > 1) {
    end_context();
    if (!what.to_thread) return;
  }
  if (context().resume_frame == what.frame) {
    if (context().resume_pc != what.pc) jumped(what.pc, now);
    return;
  }
  suspend(context());
  const auto [place, is_new] = suspended_.try_emplace(context().resume_frame);
  if (!is_new) charge_open(place->second, 1);  // It will never go on.
  place->second = std::move(active_.back());
  active_.pop_back();
  const auto found = suspended_.find(what.frame);
  if (found != suspended_.end() && found->second.resume_pc == what.pc) {
    resume(found->second);
    enter(std::move(found->second));
    suspended_.erase(found);
  } else {
    enter(begin_context(what.pc, ++threads_, false, now.sp));
    note_stack(now.sp);
  }
}

void CallTracker::restarted(Address pc, const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  end_activations(now.cycles);
  enter(begin_context(pc, ++threads_, false, now.sp));
  note_stack(now.sp);
}

void CallTracker::begin_window(const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  for (emulator::PathCount& count : usual_calls.counts) count.calls = count.cycles = count.instructions = 0;
  for (Place& place : places_) place.cycles_elsewhere = place.instructions_elsewhere = 0;
  charge_all_open(-1);
  ++usual_calls.counts[top().path].calls;
}

std::vector<CallNode> CallTracker::nodes(const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  charge_all_open(1);
  std::vector<CallNode> all = tree();
  charge_all_open(-1);
  return all;
}

std::vector<CallNode> CallTracker::tree() const {
  std::vector<CallNode> tree;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    const emulator::PathCount& count = usual_calls.counts[i];
    tree.push_back({place.parent, place.function, place.call_site, place.is_handler, count.calls,
                    count.cycles - place.cycles_elsewhere, count.instructions - place.instructions_elsewhere,
                    place.entry_depth});
    if (place.parent == CallNode::kNone) continue;
    tree[place.parent].self_cycles -= count.cycles;
    tree[place.parent].self_instructions -= count.instructions;
  }
  return tree;
}

void CallTracker::end_activations(Cycles now) {
  cycles_ = now;
  for (auto& [frame, thread] : suspended_) {
    resume(thread);
    enter(std::move(thread));
  }
  suspended_.clear();
  while (!active_.empty()) end_context();
}

}  // namespace mcusim::profiler
