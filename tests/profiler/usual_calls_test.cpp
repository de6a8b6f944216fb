#include "emulator/usual_calls.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "emulator/machine.h"
#include "profiled_run.h"
#include "profiler/call_tracker.h"

// What the loops count themselves must be what a listener counts that hears of every call.
namespace mcusim::profiler {
namespace {

using emulator::FlowPoint;

/// Hears of everything, because nothing is usual to it.
class HearsAll : public emulator::CallListener {
 public:
  explicit HearsAll(CallTracker& tracker) : tracker_(tracker) {}
  void called(Address target, Address return_address, const FlowPoint& now) override {
    ++calls;
    tracker_.called(target, return_address, now);
  }
  void jumped(Address target, const FlowPoint& now) override { tracker_.jumped(target, now); }
  void stack_changed(const FlowPoint& now) override { tracker_.stack_changed(now); }
  void exception_entered(const emulator::ExceptionEntry& entry, const FlowPoint& now) override {
    tracker_.exception_entered(entry, now);
  }
  void exception_returned(const emulator::ExceptionReturn& what, const FlowPoint& now) override {
    tracker_.exception_returned(what, now);
  }
  void restarted(Address pc, const FlowPoint& now) override { tracker_.restarted(pc, now); }

  unsigned calls = 0;

 private:
  CallTracker& tracker_;
};

/// Keeps what it hears, and asks for less as time goes on.
class Log : public ActivationListener {
 public:
  Cycles ended(const Activation& activation, Cycles end) override {
    lines.push_back(fmt::format("function {} stack {} depth {} {}..{}", activation.function, activation.stack,
                                activation.depth, activation.begin, end));
    return shortest_ += 2;
  }
  Cycles passed(const Progress& progress) override {
    lines.push_back(fmt::format("{} {} stack {}", progress.cycles, progress.instructions, progress.stack));
    return progress.cycles + 500;
  }

  std::vector<std::string> lines;

 private:
  Cycles shortest_ = 0;
};

struct Heard {
  std::vector<CallNode> run, window;
  std::vector<std::string> activations;
  std::vector<std::uint32_t> stacks;
  unsigned calls = 0;
};

Heard listen(const emulator::Image& image, const std::string& timing, std::uint8_t scenario, bool hears_all) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32f446");
  emulator::MachineOptions options;
  options.timing = timing;
  emulator::Machine machine(mcu, mcu_models::load_board(mcu, ""), options);
  machine.load(image);
  if (const emulator::Symbol* symbol = image.find_symbol("scenario"))
    machine.bus().load(symbol->address, &scenario, 1);
  emulator::Engine& engine = machine.engine();
  const auto now = [&] {
    return FlowPoint{engine.counters().cycles, engine.counters().instructions, engine.registers().r[13]};
  };
  FunctionTable functions(image);
  CallTracker tracker(functions, engine.registers().r[15], now());
  HearsAll all(tracker);
  Log log;
  tracker.set_activation_listener(&log);
  engine.follow_calls(hears_all ? static_cast<emulator::CallListener*>(&all) : &tracker,
                      functions.beginnings());
  machine.run({300'000});
  Heard heard;
  heard.run = tracker.nodes(now());
  tracker.begin_window(now());
  machine.run({600'000});
  heard.window = tracker.nodes(now());
  tracker.end_activations(now().cycles);
  for (const CallTracker::Extent& extent : tracker.stacks())
    heard.stacks.insert(heard.stacks.end(), {extent.highest, extent.lowest});
  heard.activations = std::move(log.lines);
  heard.calls = all.calls;
  engine.follow_calls(nullptr, {});
  return heard;
}

class UsualCalls : public testing::TestWithParam<std::string> {
 protected:
  static void expect_the_same(const std::string& program, std::uint8_t scenario) {
    const emulator::Image image = emulator::load_image(MCUSIM_TEST_PROGRAMS "/" + program + ".elf");
    const Heard some = listen(image, GetParam(), scenario, false);
    const Heard all = listen(image, GetParam(), scenario, true);
    EXPECT_GT(all.calls, 0u) << "the test would test nothing";
    EXPECT_EQ(some.run, all.run);
    EXPECT_EQ(some.window, all.window);
    EXPECT_EQ(some.activations, all.activations);
    EXPECT_EQ(some.stacks, all.stacks);
  }
};

TEST_P(UsualCalls, CountAsIfEachWereHeardOf) {
  for (std::uint8_t scenario = recursion; scenario <= supervisor; ++scenario) {
    SCOPED_TRACE(fmt::format("scenario {}", scenario));
    expect_the_same("calls", scenario);
  }
  expect_the_same("heap_and_regions", 0);
}

TEST_P(UsualCalls, OfTasksCountAsIfEachWereHeardOf) { expect_the_same("two_tasks", 0); }

INSTANTIATE_TEST_SUITE_P(Timing, UsualCalls, testing::Values("table", "full"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace mcusim::profiler
