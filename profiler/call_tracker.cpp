#include "profiler/call_tracker.h"

#include <algorithm>
#include <utility>

namespace mcusim::profiler {
namespace {

using emulator::FlowPoint;

/// Deeper recursion and more paths are cut: what is beyond counts for the last frame, or for a root of its
/// function. Bounds memory, never the sums.
constexpr std::size_t kFirstFrames = 16;
constexpr std::size_t kMostFrames = 1 << 16;
constexpr std::size_t kMostNodes = 1 << 18;

constexpr std::size_t kContinuations = 4096;

}  // namespace

CallTracker::CallTracker(FunctionTable& functions, Address pc, const FlowPoint& now)
    : functions_(functions),
      cycles_(now.cycles),
      instructions_(now.instructions),
      continuations_(kContinuations) {
  set_activation_listener(nullptr);
  enter(begin_context(pc, ++threads_, false, now.sp));
  note_stack(now.sp);
}

void CallTracker::set_activation_listener(ActivationListener* listener) {
  tell_of_long_calls();
  activations_ = listener;
  usual_calls.until = listener != nullptr ? cycles_ : ~Cycles{0};
  usual_calls.shortest = listener != nullptr ? 0 : ~Cycles{0};
}

void CallTracker::stand_at(Cycles cycles, std::uint64_t instructions) {
  tell_of_long_calls();
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
  const std::uint32_t depth = is_root ? 0 : places_[parent].depth + 1;
  longest_path_ = std::max(longest_path_, depth);
  places_.push_back({parent, function, call_site, is_handler, depth, CallNode::kNone, next});
  paths_.emplace_back().number = number;
  return number;
}

std::uint32_t CallTracker::child_of(std::uint32_t parent, Address target, Address call_site) {
  const std::uint64_t call = std::uint64_t{parent} << 32 | target;
  Continuation& known = continuations_[call * 0x9e37'79b9'7f4a'7c15u >> 32 & (kContinuations - 1)];
  if (known.call != call) {
    const std::uint32_t child = find_child(parent, functions_.called_at(target), call_site, false);
    if (places_[child].parent != parent) return child;
    known = {call, child};
  }
  const std::uint32_t child = known.child;
  paths_[parent].continuation(target) = {target, places_[child].entry_depth, &paths_[child]};
  return child;
}

CallTracker::Context CallTracker::begin_context(Address pc, std::uint32_t stack, bool is_handler,
                                                std::uint32_t sp) {
  Context context;
  context.stack = stack;
  const std::uint32_t function = functions_.containing(pc);
  const std::uint32_t root = find_child(CallNode::kNone, function, 0, is_handler);
  if (rooms_.empty()) {
    context.frames.resize(kFirstFrames);
  } else {
    context.frames = std::move(rooms_.back());
    rooms_.pop_back();
  }
  context.frames.front() = {cycles_, instructions_, &paths_[root], Frame::kNowhere, sp};
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
  rooms_.push_back(std::move(context().frames));
  active_.pop_back();
  usual_calls.top = &emulator::UsualCalls::no_call;
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
  Place& innermost = place_of(*resumed.innermost);
  innermost.cycles_elsewhere += cycles_ - resumed.suspended;
  innermost.instructions_elsewhere += instructions_ - resumed.suspended_instructions;
}

void CallTracker::show_frames() {
  usual_calls.top = context().innermost;
  make_room(depth(), top().path->number);
  update_usual_calls();
}

// For a call there, and for all that paths are known to go on with from there: the loops do not ask. Calls
// before it stand no further from the ends of their paths.
void CallTracker::make_room(std::size_t index, std::uint32_t path) {
  std::vector<Frame>& room = context().frames;
  const std::size_t needed = index + 2 + longest_path_ - places_[path].depth;
  if (needed <= room.size()) return;
  const std::size_t innermost = depth();
  room.resize(std::max(needed, 2 * room.size()));
  usual_calls.top = &room[innermost];
}

std::span<CallTracker::Frame> CallTracker::frames() { return {context().frames.data(), depth() + 1}; }

// Frames count when they end. `sign` -1 takes back what has passed so far of one that will.
void CallTracker::charge(std::span<const Frame> frames, std::size_t index, Cycles cycles,
                         std::uint64_t instructions, std::uint64_t sign) {
  const Frame& frame = frames[index];
  const Cycles cycles_spent = sign * (cycles - frame.begin);
  const std::uint64_t instructions_spent = sign * (instructions - frame.begin_instructions);
  frame.path->calls += sign;
  frame.path->cycles += cycles_spent;
  frame.path->instructions += instructions_spent;
  if (index == 0 || place_of(frame).parent == frames[index - 1].path->number) return;
  Place& caller = place_of(frames[index - 1]);
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

void CallTracker::push(std::uint32_t path, Address return_address, std::uint32_t sp) {
  if (depth() + 1 >= kMostFrames) {
    ++paths_[path].calls;
    return;
  }
  if (top().sp != Frame::kAnySp && sp < top().sp) {
    std::uint32_t& depth = places_[path].entry_depth;
    depth = std::max(depth, top().sp - sp);
  }
  if (places_[path].parent != top().path->number) return_address |= 1;
  make_room(depth() + 1, path);
  *++usual_calls.top = {cycles_, instructions_, &paths_[path], return_address, sp};
}

void CallTracker::end_frame() {
  charge(frames(), depth(), cycles_, instructions_, 1);
  tell_of({&top(), top().path, top().begin, cycles_});
}

void CallTracker::tell_of(const emulator::LongCall& call) {
  if (call.end - call.begin < usual_calls.shortest) return;
  const Place& place = places_[call.path->number];
  usual_calls.shortest =
      activations_->ended({place.function, context().stack,
                           static_cast<std::uint32_t>(call.place - context().frames.data()), place.is_handler,
                           call.begin},
                          call.end);
}

void CallTracker::tell_of_long_calls() {
  for (std::size_t i = 0; i < usual_calls.long_call_count; ++i) tell_of(usual_calls.long_calls[i]);
  usual_calls.long_call_count = 0;
}

void CallTracker::pop() {
  end_frame();
  --usual_calls.top;
}

void CallTracker::pop_with_tail_callers() {
  while (depth() != 0) {
    const bool ends_its_caller = is_tail_call(top());
    pop();
    if (!ends_its_caller) return;
  }
}

bool CallTracker::is_tail_call(const Frame& frame) {
  const Frame& caller = (&frame)[-1];
  return (frame.return_address & 1) != 0 && frame.return_address == (caller.return_address | 1) &&
         frame.sp == caller.sp;
}

bool CallTracker::top_contains(Address address) {
  return function_of(top()) == functions_.containing(address);
}

// A frame that began below the stack pointer is over. One that began at it may go on, or be where a long
// jump started: then the target lies elsewhere.
void CallTracker::abandon_frames_below(std::uint32_t sp, Address target) {
  while (depth() != 0 && top().sp < sp) pop();
  while (depth() != 0 && top().sp == sp && !top_contains(target)) {
    if (top().returns_to(target)) {
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
      ++open[i].path->calls;
      return;
    }
    if (i == 0 || !is_tail_call(open[i])) break;
  }
  const Frame caller = top();
  push(child_of(caller.path->number, target, 0), caller.return_address | 1, caller.sp);
}

void CallTracker::called(Address target, Address return_address, const FlowPoint& now) {
  tell_of_long_calls();
  cycles_ = now.cycles;  // Looks come at other times: usual calls do not ask whether it is time.
  instructions_ = now.instructions;
  while (top().sp < now.sp && depth() != 0) pop();
  note_stack(now.sp);
  push(child_of(top().path->number, target, return_address), return_address, now.sp);
}

void CallTracker::jumped(Address target, const FlowPoint& now) {
  stand_at(now.cycles, now.instructions);
  const Frame& frame = top();
  if (frame.returns_to(target) && (frame.sp == now.sp || frame.sp == Frame::kAnySp)) {
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
  for (emulator::UsualPath& path : paths_) path.calls = path.cycles = path.instructions = 0;
  for (Place& place : places_) place.cycles_elsewhere = place.instructions_elsewhere = 0;
  charge_all_open(-1);
  ++top().path->calls;
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
    const emulator::UsualPath& path = paths_[i];
    tree.push_back({place.parent, place.function, place.call_site, place.is_handler, path.calls,
                    path.cycles - place.cycles_elsewhere, path.instructions - place.instructions_elsewhere,
                    place.entry_depth});
    if (place.parent == CallNode::kNone) continue;
    tree[place.parent].self_cycles -= path.cycles;
    tree[place.parent].self_instructions -= path.instructions;
  }
  return tree;
}

void CallTracker::end_activations(Cycles now) {
  tell_of_long_calls();
  cycles_ = now;
  for (auto& [frame, thread] : suspended_) {
    resume(thread);
    enter(std::move(thread));
  }
  suspended_.clear();
  while (!active_.empty()) end_context();
}

}  // namespace mcusim::profiler
