#include "emulator/host_io/serial_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/emulator/host_io/text_end.h"

namespace mcusim::emulator::host_io {
namespace {

class TestReceiver : public SerialReceiver {
 public:
  explicit TestReceiver(Scheduler& scheduler) : scheduler_(scheduler) {}
  bool receiving() const override { return on; }
  bool empty() const override { return !held; }
  void receive(std::uint8_t byte) override {
    EXPECT_FALSE(held) << "a byte came before the one before was read";
    held = !reads_at_once;
    bytes += static_cast<char>(byte);
    times.push_back(scheduler_.now());
  }
  void line_idle() override { idle_times.push_back(scheduler_.now()); }
  Cycles frame_cycles() const override { return frame; }

  bool on = true;
  bool held = false;
  bool reads_at_once = true;
  Cycles frame = 0;
  std::string bytes;
  std::vector<Cycles> times, idle_times;

 private:
  Scheduler& scheduler_;
};

struct Bench {
  explicit Bench(std::string text) : end(std::move(text)) { line.start(); }
  /// Serves every event up to `time`, as an engine does.
  void run_to(Cycles time) {
    while (scheduler.next() <= time) {
      scheduler.set_now(scheduler.next());
      scheduler.serve();
    }
    scheduler.set_now(time);
  }

  Scheduler scheduler;
  TextEnd end;
  TestReceiver receiver{scheduler};
  SerialLine line{scheduler, end, receiver};
};

TEST(SerialLine, BytesComeAtTheBaudRateInEmulatedTime) {
  Bench bench("abc");
  bench.receiver.frame = 34'722;  // 10 bits at 115200 baud and 400 MHz
  bench.run_to(1'000'000);
  EXPECT_EQ(bench.receiver.bytes, "abc");
  ASSERT_EQ(bench.receiver.times.size(), 3u);
  EXPECT_EQ(bench.receiver.times[1] - bench.receiver.times[0], 34'722u);
  EXPECT_EQ(bench.receiver.idle_times, std::vector<Cycles>{bench.receiver.times[2] + 34'722})
      << "one frame after the last byte, once";
  EXPECT_EQ(bench.receiver.times[2] - bench.receiver.times[1], 34'722u);
}

TEST(SerialLine, BytesAreAtLeast1500CyclesApartWhateverTheBaudRate) {
  Bench bench(std::string(100, 'x'));
  bench.receiver.frame = 1;
  bench.run_to(1'000'000);
  ASSERT_EQ(bench.receiver.times.size(), 100u);
  for (std::size_t i = 1; i < 100; ++i)
    EXPECT_EQ(bench.receiver.times[i] - bench.receiver.times[i - 1], 1500u);
}

TEST(SerialLine, NoByteComesBeforeTheOneBeforeWasRead) {
  Bench bench("ab");
  bench.receiver.reads_at_once = false;
  bench.run_to(10'000'000);
  EXPECT_EQ(bench.receiver.bytes, "a");
  EXPECT_FALSE(bench.line.input_ended()) << "b is on its way";
  bench.receiver.held = false;
  bench.run_to(20'000'000);
  EXPECT_EQ(bench.receiver.bytes, "ab");
  EXPECT_FALSE(bench.line.input_ended()) << "b is not read yet";
  bench.receiver.held = false;
  EXPECT_TRUE(bench.line.input_ended());
}

TEST(SerialLine, NothingIsTakenFromTheHostWhileTheReceiverIsOff) {
  Bench bench("a");
  bench.receiver.on = false;
  bench.run_to(10'000'000);
  EXPECT_FALSE(bench.end.at_end());
  bench.receiver.on = true;
  bench.run_to(20'000'000);
  EXPECT_EQ(bench.receiver.bytes, "a");
}

TEST(SerialLine, AfterTheEndOfInputNothingIsExpectedAnyMore) {
  Bench bench("a");
  bench.run_to(1'000'000);
  EXPECT_EQ(bench.receiver.bytes, "a");
  EXPECT_EQ(bench.scheduler.next(), Scheduler::kNever) << "a core that sleeps would be woken for nothing";
}

TEST(SerialLine, ASilentHostIsAskedSeldom) {
  Bench bench("a");
  bench.receiver.on = false;
  unsigned events = 0;
  for (Cycles now = 0; bench.scheduler.next() < 10'000'000; ++events) {
    now = bench.scheduler.next();
    bench.scheduler.set_now(now);
    bench.scheduler.serve();
  }
  EXPECT_LE(events, 101u);
}

TEST(IdleDetector, AsksForSilenceAfterTheEndOfInputAndTheLastOutput) {
  IdleDetector detector;
  EXPECT_FALSE(detector.idle(5.0, false)) << "input may come";
  EXPECT_FALSE(detector.idle(5.01, true)) << "the firmware has not had time to answer";
  EXPECT_FALSE(detector.idle(5.1, true));
  detector.output(5.1);
  EXPECT_FALSE(detector.idle(5.19, true));
  EXPECT_TRUE(detector.idle(5.201, true));
  EXPECT_FALSE(detector.idle(5.3, false)) << "another client has come";
  EXPECT_FALSE(detector.idle(5.31, true));
  EXPECT_TRUE(detector.idle(5.42, true));
}

}  // namespace
}  // namespace mcusim::emulator::host_io
