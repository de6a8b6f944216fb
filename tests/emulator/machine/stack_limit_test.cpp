#include <gtest/gtest.h>

#include "emulator/image/stack_areas.h"
#include "emulator/machine.h"
#include "tests/emulator/test_mcu.h"

// Programs of a few half-words, with the symbols that linker scripts set at the ends of a stack.
namespace mcusim::emulator {
namespace {

constexpr Address kCode = 0x08000100, kTop = 0x20001000;

void append(std::vector<std::uint8_t>& bytes, std::uint32_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

/// Vectors that all lead to `code`, which begins at kCode; then `words`, as literals.
Image program(const std::vector<std::uint16_t>& code, const std::vector<Symbol>& symbols) {
  Image image;
  image.file = "program";
  Segment segment{0x08000000, {}};
  append(segment.bytes, kTop, 4);
  for (int vector = 1; vector < 64; ++vector) append(segment.bytes, kCode | 1, 4);
  for (const std::uint16_t half : code) append(segment.bytes, half, 2);
  image.segments = {segment};
  image.symbols = symbols;
  return image;
}

struct Ended {
  explicit Ended(const Image& image) : machine(test_mcu(), test_board(), {}) {
    machine.load(image);
    stop = machine.run({.cycles = 10'000});
  }
  std::uint32_t sp() { return machine.engine().registers().r[13]; }

  Machine machine;
  Stop stop;
};

constexpr std::uint16_t kPushFour = 0xb40f, kBackToPush = 0xe7fd, kSelf = 0xe7fe;

TEST(StackLimit, APushBelowTheSymbolIsAFaultAndWritesNothing) {
  Ended run(
      program({kPushFour, kBackToPush}, {{"__stack_limit", kTop - 0x100, 0}, {"__stack_top", kTop, 0}}));
  ASSERT_TRUE(run.stop.fault.has_value()) << run.stop.detail;
  EXPECT_EQ(run.stop.reason, StopReason::fault);
  EXPECT_EQ(run.stop.fault->exception, FaultRecord::kStackOverflow);
  EXPECT_EQ(run.stop.fault->cause, "the main stack pointer falls below 0x20000f00 (__stack_limit)");
  EXPECT_EQ(run.stop.fault->pc, kCode);
  EXPECT_EQ(run.sp(), kTop - 0x100) << "sixteen pushes fit exactly";
}

TEST(StackLimit, SoIsAFrameThatIsMadeBySubtraction) {
  const Ended run(program({0xb0c0, kSelf}, {{"__StackLimit", kTop - 0x80, 0}, {"__StackTop", kTop, 0}}));
  ASSERT_TRUE(run.stop.fault.has_value()) << "sub sp, #256";
  EXPECT_EQ(run.stop.fault->exception, FaultRecord::kStackOverflow);
}

TEST(StackLimit, SoIsTheEntryOfAnException) {
  Ended run(program({0xdf00, kSelf}, {{"__stack_limit", kTop - 0x10, 0}, {"__stack_top", kTop, 0}}));
  ASSERT_TRUE(run.stop.fault.has_value()) << "svc";
  EXPECT_NE(run.stop.fault->cause.find(" in the entry of SVCall"), std::string::npos)
      << run.stop.fault->cause;
  EXPECT_EQ(run.sp(), kTop) << "as before the entry";
}

TEST(StackLimit, AnotherStackThatIsTakenByAMoveHasNoLimit) {
  // ldr r0, =0x20000800; mov sp, r0; push {r0-r3}; b .
  const Ended run(program({0x4802, 0x4685, kPushFour, kSelf, 0x0000, 0x0000, 0x0800, 0x2000},
                          {{"__stack_limit", kTop - 0x100, 0}, {"__stack_top", kTop, 0}}));
  EXPECT_EQ(run.stop.reason, StopReason::self_branch) << run.stop.detail;
}

TEST(StackLimit, AProcessStackIsTheObjectThatItLiesIn) {
  // ldr r0, =0x20000440; msr psp, r0; movs r1, #2; msr control, r1; then pushes without end.
  const Ended run(
      program({0x4803, 0xf380, 0x8809, 0x2102, 0xf381, 0x8814, kPushFour, kBackToPush, 0x0440, 0x2000},
              {{"task_stack", 0x20000400, 0x40}}));
  ASSERT_TRUE(run.stop.fault.has_value()) << run.stop.detail;
  EXPECT_EQ(run.stop.fault->cause, "the process stack pointer falls below 0x20000400 (task_stack)");
}

TEST(StackLimit, WithoutSymbolsTheMemoryIsTheLimit) {
  const Ended run(program({kPushFour, kBackToPush}, {}));
  ASSERT_TRUE(run.stop.fault.has_value());
  EXPECT_NE(run.stop.fault->exception, FaultRecord::kStackOverflow);
}

TEST(StackAreas, AStackAboveTheStaticDataEndsWhereTheyEnd) {
  Image image;
  image.symbols = {{"table", 0x20000000, 0x100}, {"_end", 0x20000100, 0}, {"_estack", 0x20001000, 0}};
  const StackAreas areas(image);
  ASSERT_TRUE(areas.of(0x20001000).has_value());
  EXPECT_EQ(areas.of(0x20001000)->limit, 0x20000100u);
  EXPECT_EQ(areas.of(0x20001000)->name, "_end");
  EXPECT_FALSE(areas.of(0x20001004).has_value());
  EXPECT_EQ(areas.of(0x20000100)->name, "table") << "a full stack begins behind its highest byte";
  EXPECT_FALSE(areas.of(0x20000000).has_value());
}

}  // namespace
}  // namespace mcusim::emulator
