#include <gtest/gtest.h>

#include "emulator/peripherals/bit_band.h"
#include "emulator/peripherals/bus_master.h"
#include "emulator/peripherals/external_interrupts.h"
#include "emulator/peripherals/pin_levels.h"
#include "emulator/peripherals/random_generator.h"
#include "emulator/peripherals/timer.h"
#include "interrupt_recorder.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {
namespace {

mcu_models::PeripheralModel model_of(const std::string& mcu, const std::string& peripheral) {
  return *mcu_models::load_mcu(mcu).find_peripheral(peripheral);
}

struct Layout {
  const char* mcu;
  std::uint32_t mask, trigger, pending;
  unsigned line5_interrupt;
};

TEST(ExternalInterrupts, ASoftwareTriggerIsPendingUntilItIsCleared) {
  const Layout layouts[] = {{"stm32f407", 0x00, 0x10, 0x14, 23},
                            {"stm32l476", 0x00, 0x10, 0x14, 23},
                            {"stm32h743", 0x80, 0x08, 0x88, 23},
                            {"stm32g0b1", 0x80, 0x08, 0x0c, 7},
                            {"stm32u575", 0x80, 0x08, 0x0c, 16}};
  for (const Layout& layout : layouts) {
    InterruptRecorder lines;
    ExternalInterrupts exti(model_of(layout.mcu, "EXTI"), {.interrupts = &lines});
    exti.write(layout.trigger, 4, 1u << 5);
    EXPECT_EQ(exti.read(layout.pending, 4), 0u) << layout.mcu << ": masked";
    exti.write(layout.trigger, 4, 0);
    exti.write(layout.mask, 4, 1u << 5 | 1u << 6);
    exti.write(layout.trigger, 4, 1u << 5);
    EXPECT_EQ(exti.read(layout.pending, 4), 1u << 5) << layout.mcu;
    EXPECT_TRUE(lines.levels[layout.line5_interrupt]) << layout.mcu;
    exti.write(layout.pending, 4, 1u << 6);
    EXPECT_TRUE(lines.levels[layout.line5_interrupt]) << layout.mcu << ": another line's bit";
    exti.write(layout.pending, 4, 1u << 5);
    EXPECT_EQ(exti.read(layout.pending, 4), 0u) << layout.mcu;
    EXPECT_EQ(exti.read(layout.trigger, 4), 0u) << layout.mcu << ": cleared with it";
    EXPECT_FALSE(lines.levels[layout.line5_interrupt]) << layout.mcu;
  }
}

TEST(ExternalInterrupts, LinesFrom32OnHaveTheirOwnRegisters) {
  const Layout layouts[] = {{"stm32l476", 0x20, 0x30, 0x34, 0},
                            {"stm32h743", 0x90, 0x28, 0x98, 0},
                            {"stm32g0b1", 0x90, 0x30, 0x34, 0},
                            {"stm32h7a3", 0xa0, 0x48, 0xa8, 0}};
  for (const Layout& layout : layouts) {
    InterruptRecorder lines;
    mcu_models::PeripheralModel model = model_of(layout.mcu, "EXTI");
    const std::size_t line = (std::string(layout.mcu) == "stm32h7a3" ? 64 : 32) + 3;
    model.interrupts.resize(line + 1, -1);
    model.interrupts[line] = 99;
    ExternalInterrupts exti(model, {.interrupts = &lines});
    exti.write(layout.mask, 4, 1u << 3);
    exti.write(layout.trigger, 4, 1u << 3);
    EXPECT_EQ(exti.read(layout.pending, 4), 1u << 3) << layout.mcu;
    EXPECT_TRUE(lines.levels[99]) << layout.mcu;
    exti.write(layout.pending, 4, 1u << 3);
    EXPECT_FALSE(lines.levels[99]) << layout.mcu;
  }
}

struct PinLayout {
  const char* mcu;
  std::uint32_t mask, rising, falling, pending, pending_falling;
  unsigned interrupt;  ///< Of line 9.
};

TEST(ExternalInterrupts, AnEdgeOfTheSelectedPortsPinIsPending) {
  const PinLayout layouts[] = {
      {"stm32f103", 0x00, 0x08, 0x0c, 0x14, 0x14, 23}, {"stm32f446", 0x00, 0x08, 0x0c, 0x14, 0x14, 23},
      {"stm32f746", 0x00, 0x08, 0x0c, 0x14, 0x14, 23}, {"stm32l4r5", 0x00, 0x08, 0x0c, 0x14, 0x14, 23},
      {"stm32g474", 0x00, 0x08, 0x0c, 0x14, 0x14, 23}, {"stm32h743", 0x80, 0x00, 0x04, 0x88, 0x88, 23},
      {"stm32h7a3", 0x80, 0x00, 0x04, 0x88, 0x88, 23}, {"stm32g0b1", 0x80, 0x00, 0x04, 0x0c, 0x10, 7},
      {"stm32u575", 0x80, 0x00, 0x04, 0x0c, 0x10, 20}};
  for (const PinLayout& layout : layouts) {
    InterruptRecorder lines;
    PinLevels pins;
    Bus bus;
    BusMaster master(bus, [](Address, Bytes) {});
    mcu_models::PeripheralModel model = model_of(layout.mcu, "EXTI");
    ASSERT_TRUE(model.pins) << layout.mcu;
    ExternalInterrupts exti(model, {.interrupts = &lines, .memory = &master, .pins = &pins});
    // The selection may be in EXTI itself; elsewhere its registers are plain ones.
    mcu_models::PeripheralModel holder;
    RegisterFile selection(holder);
    bus.add_device("EXTI", model.base, model.size, &exti);
    bus.add_device("selection", model.pins->address, 0x10, &selection);
    bus.write(model.pins->address + 8, 4, 2u << model.pins->width);  // Line 9: port C.
    exti.write(layout.mask, 4, 1u << 9);
    exti.write(layout.rising, 4, 1u << 9);
    pins.set('B', 1u << 9);
    EXPECT_EQ(exti.read(layout.pending, 4), 0u) << layout.mcu << ": another port";
    pins.set('C', 1u << 8);
    EXPECT_EQ(exti.read(layout.pending, 4), 0u) << layout.mcu << ": another pin";
    pins.set('C', 1u << 9);
    EXPECT_EQ(exti.read(layout.pending, 4), 1u << 9) << layout.mcu;
    EXPECT_TRUE(lines.levels[layout.interrupt]) << layout.mcu;
    exti.write(layout.pending, 4, 1u << 9);
    EXPECT_FALSE(lines.levels[layout.interrupt]) << layout.mcu;
    pins.set('C', 0);
    EXPECT_EQ(exti.read(layout.pending_falling, 4), 0u) << layout.mcu << ": falling is not selected";
    exti.write(layout.falling, 4, 1u << 9);
    pins.set('C', 1u << 9);
    exti.write(layout.pending, 4, 1u << 9);
    pins.set('C', 0);
    EXPECT_EQ(exti.read(layout.pending_falling, 4), 1u << 9) << layout.mcu;
    EXPECT_TRUE(lines.levels[layout.interrupt]) << layout.mcu;
  }
}

TEST(RandomGenerator, GivesARepeatableSequenceWhileItIsOn) {
  constexpr std::uint32_t kCr = 0x00, kSr = 0x04, kDr = 0x08;
  InterruptRecorder lines;
  RandomGenerator rng(model_of("stm32h743", "RNG"), {.interrupts = &lines});
  RandomGenerator other(model_of("stm32h743", "RNG"), {});
  EXPECT_EQ(rng.read(kSr, 4), 0u);
  EXPECT_EQ(rng.read(kDr, 4), 0u) << "off";
  rng.write(kCr, 4, 1u << 2);
  other.write(kCr, 4, 1u << 2);
  EXPECT_EQ(rng.read(kSr, 4), 1u);
  EXPECT_FALSE(lines.levels[80]);
  std::uint32_t ones = 0, zeros = 0;
  for (int i = 0; i < 64; ++i) {
    const std::uint32_t value = rng.read(kDr, 4);
    EXPECT_EQ(value, other.read(kDr, 4));
    ones |= value;
    zeros |= ~value;
  }
  EXPECT_EQ(ones & zeros, 0xffffffffu) << "every bit is now 0, now 1";
  rng.write(kCr, 4, 1u << 2 | 1u << 3);
  EXPECT_TRUE(lines.levels[80]);
}

TEST(TimerInterrupt, ComesWithEachOverflowAndStaysUntilItIsCleared) {
  constexpr std::uint32_t kCr1 = 0x00, kDier = 0x0c, kSr = 0x10, kArr = 0x2c;
  Scheduler scheduler;
  InterruptRecorder lines;
  mcu_models::PeripheralModel model;
  model.interrupt = 28;
  model.registers = {{"ARR", kArr, 0xffff}};
  Timer timer(model, scheduler, {.interrupts = &lines});
  timer.write(kArr, 4, 99);
  timer.write(kCr1, 4, 1);
  EXPECT_EQ(scheduler.next(), Scheduler::kNever) << "nobody waits for it";
  timer.write(kDier, 4, 1);
  for (const Cycles overflow : {100u, 200u, 300u}) {
    EXPECT_EQ(scheduler.next(), overflow);
    scheduler.set_now(overflow - 1);
    scheduler.serve();
    EXPECT_FALSE(lines.levels[28]);
    scheduler.set_now(overflow);
    scheduler.serve();
    EXPECT_TRUE(lines.levels[28]) << overflow;
    EXPECT_EQ(timer.read(kSr, 4), 1u);
    timer.write(kSr, 4, 0);
    EXPECT_FALSE(lines.levels[28]);
  }
  timer.write(kDier, 4, 0);
  scheduler.set_now(400);
  scheduler.serve();
  EXPECT_FALSE(lines.levels[28]);
}

TEST(TimerInterrupt, OfAChannelComesWhenTheCounterReachesItsValue) {
  constexpr std::uint32_t kCr1 = 0x00, kDier = 0x0c, kSr = 0x10, kCnt = 0x24, kArr = 0x2c, kCcr2 = 0x38;
  Scheduler scheduler;
  InterruptRecorder lines;
  Timer timer(model_of("stm32f407", "TIM1"), scheduler, {.interrupts = &lines});
  timer.write(kArr, 4, 99);
  timer.write(kCcr2, 4, 30);
  timer.write(kDier, 4, 1u << 2);
  timer.write(kCr1, 4, 1);
  for (const Cycles match : {30u, 130u, 230u}) {
    while (scheduler.next() <= match) {
      EXPECT_FALSE(lines.levels[27]);
      scheduler.set_now(scheduler.next());
      scheduler.serve();
    }
    EXPECT_EQ(scheduler.now(), match);
    EXPECT_EQ(timer.read(kCnt, 4), 30u);
    EXPECT_TRUE(lines.levels[27]) << match;
    EXPECT_FALSE(lines.levels[25]) << "the update has its own interrupt";
    EXPECT_NE(timer.read(kSr, 4) & 1u << 2, 0u);
    timer.write(kSr, 4, 0);
    EXPECT_FALSE(lines.levels[27]);
  }
}

TEST(TimerInterrupt, IsOnTimeAfterTheTimersClockHasSpedUp) {
  constexpr std::uint32_t kCr1 = 0x00, kDier = 0x0c, kArr = 0x2c;
  Scheduler scheduler;
  InterruptRecorder lines;
  clock_tree::DomainClock clock;
  clock.change(0, 160, 10);
  mcu_models::PeripheralModel model;
  model.interrupt = 28;
  Timer timer(model, scheduler, {.interrupts = &lines, .clock = &clock});
  timer.write(kArr, 4, 99);
  timer.write(kDier, 4, 1);
  timer.write(kCr1, 4, 1);
  EXPECT_EQ(scheduler.next(), 1600u);
  scheduler.set_now(160);  // Ten counts.
  clock.change(160, 160, 80);
  timer.clocks_changed();
  while (scheduler.next() <= 340) {
    scheduler.set_now(scheduler.next());
    scheduler.serve();
  }
  EXPECT_TRUE(lines.levels[28]) << "ninety counts more of two cycles each";
  EXPECT_EQ(scheduler.now(), 340u);
}

TEST(BitBand, AWordIsABit) {
  Bus bus;
  bus.add_memory("SRAM1", 0x20000000, 4096, true);
  std::vector<Address> changed;
  BusMaster master(bus, [&](Address address, Bytes) { changed.push_back(address); });
  BitBand alias(master, 0x20000000);
  bus.write(0x20000104, 4, 0x80000001);
  const std::uint32_t bit0 = 0x104 * 32;
  EXPECT_EQ(alias.read(bit0, 4), 1u);
  EXPECT_EQ(alias.read(bit0 + 4, 4), 0u);
  EXPECT_EQ(alias.read(bit0 + 31 * 4, 4), 1u);
  alias.write(bit0 + 4, 4, 0xffffffff);
  alias.write(bit0, 4, 0xfffffffe);
  EXPECT_EQ(bus.read(0x20000104, 4).value, 0x80000002u) << "only bit 0 of the value counts";
  EXPECT_EQ(changed, (std::vector<Address>{0x20000104, 0x20000104})) << "the word may be code";
}

}  // namespace
}  // namespace mcusim::emulator
