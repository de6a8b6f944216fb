#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "profiler/call_tracker.h"

// Firmware that never was: calls, returns, tail calls, long jumps and interrupts at random. Of two trackers one
// hears of everything, the other of what a loop does not count itself. Both must have counted the same.
namespace mcusim::profiler {
namespace {

using emulator::FlowPoint;

constexpr Address kCode = 0x0800'0000;
constexpr Bytes kFunctionBytes = 64;

/// Functions of 64 bytes one behind the other: eight continuations of a path do not do for them.
emulator::Image functions(unsigned count) {
  emulator::Image image;
  for (unsigned i = 0; i < count; ++i)
    image.symbols.push_back(
        {fmt::format("f{}", i), kCode + static_cast<Address>(i * kFunctionBytes), kFunctionBytes, true});
  return image;
}

class Log : public ActivationListener {
 public:
  explicit Log(Cycles step) : step_(step) {}
  Cycles ended(const Activation& activation, Cycles end) override {
    lines.push_back(fmt::format("function {} stack {} depth {} handler {} {}..{}", activation.function,
                                activation.stack, activation.depth, activation.is_handler, activation.begin,
                                end));
    return shortest_ += step_;
  }
  Cycles passed(const Progress& progress) override {
    lines.push_back(fmt::format("{} {} stack {}", progress.cycles, progress.instructions, progress.stack));
    return progress.cycles + 3'000;
  }

  std::vector<std::string> lines;

 private:
  Cycles step_, shortest_ = 0;
};

class Firmware {
 public:
  Firmware(unsigned functions, unsigned deepest, Cycles log_step, unsigned seed)
      : random_(seed),
        count_(functions),
        deepest_(deepest),
        image_(mcusim::profiler::functions(functions)),
        some_log_(log_step),
        all_log_(log_step),
        some_functions_(image_),
        all_functions_(image_),
        some_(some_functions_, kCode, now_),
        all_(all_functions_, kCode, now_) {
    some_.set_activation_listener(&some_log_);
    all_.set_activation_listener(&all_log_);
    threads_.push_back({{kCode, 0, now_.sp}});
  }

  void step() {
    pass_time();
    const unsigned what = below(1'000);
    std::vector<Frame>& frames = threads_.back();
    if (what < 5 && threads_.size() < 3) {
      interrupt();
    } else if (what < 15 && threads_.size() > 1 && frames.size() == 1) {
      return_from_interrupt();
    } else if (what < 20 && frames.size() > 3) {
      long_jump();
    } else if (what < 40 && frames.size() > 1) {
      tail_call();
    } else if (frames.size() < deepest_ && (what < 520 || frames.size() == 1)) {
      call();
    } else {
      return_from(frames);
    }
  }
  void begin_window() {
    some_.begin_window(now_);
    all_.begin_window(now_);
  }
  void expect_the_same() {
    EXPECT_EQ(some_.nodes(now_), all_.nodes(now_));
    some_.end_activations(now_.cycles);
    all_.end_activations(now_.cycles);
    EXPECT_EQ(some_log_.lines, all_log_.lines);
    ASSERT_EQ(some_.stacks().size(), all_.stacks().size());
    for (std::size_t i = 0; i < some_.stacks().size(); ++i) {
      EXPECT_EQ(some_.stacks()[i].lowest, all_.stacks()[i].lowest);
      EXPECT_EQ(some_.stacks()[i].highest, all_.stacks()[i].highest);
    }
  }
  std::size_t node_count() const { return all_.tree().size(); }

  std::uint64_t usual = 0, unusual = 0;

 private:
  struct Frame {
    Address function = 0, return_address = 0;
    std::uint32_t sp = 0;  ///< At entry.
  };

  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  Address any_function() { return kCode + static_cast<Address>(below(count_) * kFunctionBytes); }
  Address inside(Address function) { return function + 2 + 2 * below(kFunctionBytes / 2 - 2); }
  /// Below what the innermost function has pushed.
  std::uint32_t sp() { return threads_.back().back().sp - stack_of(threads_.back().back().function); }
  static std::uint32_t stack_of(Address function) { return 8 * (function / kFunctionBytes % 5); }
  void pass_time() {
    const unsigned instructions = 1 + below(6);
    now_.instructions += instructions;
    now_.cycles += instructions + below(4);
  }

  void called(Address target, Address return_address) {
    count(some_.usual_calls.called(target, return_address, now_) ||
          (some_.called(target, return_address, now_), false));
    all_.called(target, return_address, now_);
  }
  void jumped(Address target) {
    count(some_.usual_calls.jumped(target, now_) || (some_.jumped(target, now_), false));
    all_.jumped(target, now_);
  }
  void count(bool was_usual) { ++(was_usual ? usual : unusual); }

  void call() {
    const Address caller = threads_.back().back().function;
    // Now and then an array of variable length lies on the stack.
    now_.sp = sp() - (below(50) == 0 ? 8 * below(20) : 0);
    const Frame frame{any_function(), inside(caller), now_.sp};
    called(frame.function, frame.return_address);
    threads_.back().push_back(frame);
  }
  void return_from(std::vector<Frame>& frames) {
    const Frame frame = frames.back();
    frames.pop_back();
    now_.sp = frame.sp;
    jumped(frame.return_address);
  }
  void tail_call() {
    Frame& frame = threads_.back().back();
    now_.sp = frame.sp;
    frame.function = any_function();
    jumped(frame.function);
  }
  void long_jump() {
    std::vector<Frame>& frames = threads_.back();
    frames.resize(1 + below(static_cast<unsigned>(frames.size()) - 1));
    now_.sp = sp();
    jumped(inside(frames.back().function));
  }
  void interrupt() {
    const Address interrupted = inside(threads_.back().back().function);
    const std::uint32_t frame = sp() - 32;
    const emulator::ExceptionEntry entry{16, any_function(), frame, interrupted, now_.cycles, false};
    now_.cycles += 12;
    now_.sp = frame;
    some_.exception_entered(entry, now_);
    all_.exception_entered(entry, now_);
    interrupted_.push_back({interrupted, frame});
    threads_.push_back({{entry.handler, 0, frame}});
  }
  void return_from_interrupt() {
    threads_.pop_back();
    const auto [pc, frame] = interrupted_.back();
    interrupted_.pop_back();
    now_.cycles += 10;
    now_.sp = frame + 32;
    const emulator::ExceptionReturn what{pc, frame, threads_.size() == 1};
    some_.exception_returned(what, now_);
    all_.exception_returned(what, now_);
  }

  std::mt19937 random_;
  unsigned count_, deepest_;
  FlowPoint now_{0, 0, 0x2002'0000};
  emulator::Image image_;
  Log some_log_, all_log_;
  FunctionTable some_functions_, all_functions_;
  CallTracker some_, all_;
  std::vector<std::vector<Frame>> threads_;  ///< Open calls of the thread and of the handlers on it.
  std::vector<std::pair<Address, std::uint32_t>> interrupted_;
};

TEST(RandomCalls, CountTheSameWhetherOrNotTheLoopCountsTheUsualOnes) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Firmware firmware(/*functions=*/2 + seed, /*deepest=*/3 + seed / 4, /*log_step=*/seed % 3, seed);
    for (unsigned i = 0; i < 20'000; ++i) firmware.step();
    firmware.begin_window();
    for (unsigned i = 0; i < 20'000; ++i) firmware.step();
    firmware.expect_the_same();
    EXPECT_GT(firmware.usual, 1'000u) << "the test would test little";
    EXPECT_GT(firmware.unusual, 1'000u);
  }
}

TEST(RandomCalls, CountTheSameWhereMorePathsAreTakenThanAreKept) {
  Firmware firmware(24, 40, 50, 1);
  for (unsigned i = 0; i < 3'000'000; ++i) firmware.step();
  EXPECT_GT(firmware.node_count(), std::size_t{1} << 18) << "no path was cut";
  firmware.expect_the_same();
}

}  // namespace
}  // namespace mcusim::profiler
