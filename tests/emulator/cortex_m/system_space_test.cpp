#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "emulator/cortex_m/system/cache_registers.h"
#include "emulator/cortex_m/system/dwt.h"
#include "emulator/cortex_m/system/itm.h"
#include "emulator/cortex_m/system/system_control.h"
#include "emulator/cortex_m/system/systick.h"
#include "test_cores.h"

// SysTick, DWT, ITM and the cache registers by themselves; DDI 0403E B3.3, B4.8, C1.7 and C1.8.
namespace mcusim::emulator::cortex_m {
namespace {

constexpr std::uint32_t kCsr = 0, kRvr = 4, kCvr = 8, kCalib = 12;
constexpr std::uint32_t kEnable = 1, kTickInt = 2, kCoreClock = 4, kCountFlag = 1u << 16;

struct SysTickTest : ::testing::Test {
  SysTick make(const clock_tree::DomainClock* reference, std::uint32_t calibration = 0) {
    return {scheduler, {reference, calibration}, [this] { pended.push_back(scheduler.now()); }};
  }
  // As the engine does it: events are served at their time.
  void run_to(Cycles time) {
    while (scheduler.next() <= time) {
      scheduler.set_now(scheduler.next());
      scheduler.serve();
    }
    scheduler.set_now(time);
  }

  Scheduler scheduler;
  std::vector<Cycles> pended;
};

TEST_F(SysTickTest, InterruptsEveryReloadPlusOneTicks) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 99);
  timer.write(kCvr, 1);
  timer.write(kCsr, kEnable | kTickInt | kCoreClock);
  run_to(350);
  EXPECT_EQ(pended, (std::vector<Cycles>{100, 200, 300})) << "the first tick loads 99";
  EXPECT_EQ(timer.read(kCvr), 50u);
}

TEST_F(SysTickTest, CountFlagIsClearedByReadingItAndByWritingTheValue) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 9);
  timer.write(kCsr, kEnable | kCoreClock);
  run_to(10);
  EXPECT_EQ(timer.read(kCsr), kCountFlag | kEnable | kCoreClock);
  EXPECT_EQ(timer.read(kCsr), kEnable | kCoreClock);
  run_to(20);
  timer.write(kCvr, 123);
  EXPECT_EQ(timer.read(kCsr), kEnable | kCoreClock);
  EXPECT_EQ(timer.read(kCvr), 0u) << "whatever is written, the value becomes 0";
  EXPECT_TRUE(pended.empty()) << "TICKINT is clear";
}

TEST_F(SysTickTest, ANewReloadValueCountsFromTheNextWrapOn) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 99);
  timer.write(kCsr, kEnable | kTickInt | kCoreClock);
  run_to(11);
  timer.write(kRvr, 9);
  EXPECT_EQ(timer.read(kCvr), 89u);
  run_to(121);
  EXPECT_EQ(pended, (std::vector<Cycles>{100, 110, 120}));
}

TEST_F(SysTickTest, AReloadValueOf0StopsItAtTheNextWrap) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 9);
  timer.write(kCsr, kEnable | kTickInt | kCoreClock);
  run_to(5);
  timer.write(kRvr, 0);
  run_to(1000);
  EXPECT_EQ(pended, (std::vector<Cycles>{10}));
  EXPECT_EQ(timer.read(kCvr), 0u);
}

TEST_F(SysTickTest, DisabledItKeepsItsValue) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 99);
  timer.write(kCsr, kEnable | kTickInt | kCoreClock);
  run_to(21);
  timer.write(kCsr, 0);
  run_to(5000);
  EXPECT_EQ(timer.read(kCvr), 79u);
  timer.write(kCsr, kEnable | kTickInt | kCoreClock);
  run_to(5000 + 79);
  EXPECT_EQ(pended, (std::vector<Cycles>{5079}));
}

TEST_F(SysTickTest, TheExternalClockIsTheOneOfThePart) {
  clock_tree::DomainClock reference;
  reference.change(0, 100'000'000, 1'000'000);
  SysTick timer = make(&reference);
  timer.write(kRvr, 4);
  timer.write(kCsr, kEnable | kTickInt);
  run_to(1000);
  EXPECT_EQ(pended, (std::vector<Cycles>{500, 1000})) << "a tick is 100 core cycles";
}

TEST_F(SysTickTest, WithoutAClockOfThePartTheExternalOneIsAnEighth) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 4);
  timer.write(kCsr, kEnable | kTickInt);
  run_to(80);
  EXPECT_EQ(pended, (std::vector<Cycles>{40, 80}));
}

TEST_F(SysTickTest, AStoppedExternalClockStopsIt) {
  clock_tree::DomainClock reference;
  reference.change(0, 4'000'000, 0);
  SysTick timer = make(&reference);
  timer.write(kRvr, 4);
  timer.write(kCsr, kEnable | kTickInt);
  run_to(100'000);
  EXPECT_TRUE(pended.empty());
  EXPECT_EQ(timer.read(kCvr), 0u);
}

TEST_F(SysTickTest, AfterAChangeOfClocksItKeepsItsCount) {
  clock_tree::DomainClock reference;
  reference.change(0, 8, 1);
  SysTick timer = make(&reference);
  timer.write(kRvr, 9);
  timer.write(kCsr, kEnable | kTickInt);
  run_to(40);
  reference.change(40, 16, 1);  // five ticks are left, of 16 cycles each now
  run_to(1000);
  ASSERT_FALSE(pended.empty());
  EXPECT_EQ(pended.front(), 40u + 5 * 16);
}

TEST_F(SysTickTest, TheSourceCanBeChangedWhileItRuns) {
  SysTick timer = make(nullptr);
  timer.write(kRvr, 99);
  timer.write(kCsr, kEnable | kTickInt | kCoreClock);
  run_to(51);
  timer.write(kCsr, kEnable | kTickInt);
  EXPECT_EQ(timer.read(kCvr), 49u);
  run_to(51 + 8);
  EXPECT_EQ(timer.read(kCvr), 48u);
}

TEST_F(SysTickTest, CalibShowsWhatTheModelSaysAndIgnoresWrites) {
  SysTick timer = make(nullptr, 0x3e8);
  timer.write(kCalib, 7);
  EXPECT_EQ(timer.read(kCalib), 0x3e8u);
}

struct DwtTest : ::testing::Test {
  static constexpr std::uint32_t kCtrl = 0, kCpi = 0x08, kExc = 0x0c, kSleep = 0x10, kLsu = 0x14,
                                 kFold = 0x18;
  Dwt make(Dwt::Options options) {
    Dwt dwt(scheduler, options);
    dwt.set_event_source([this] {
      ++asked;
      return totals;
    });
    return dwt;
  }

  Scheduler scheduler;
  EventTotals totals{{100, 200, 300, 400, 500}};
  unsigned asked = 0;
};

TEST_F(DwtTest, EachEventCounterCountsItsEventWhileItsBitIsSet) {
  Dwt dwt = make({});
  dwt.set_trace_enabled(true);
  dwt.write(kCtrl, 0x1fu << 17);
  totals = {{101, 202, 303, 404, 505}};
  EXPECT_EQ(dwt.read(kCpi), 1u);
  EXPECT_EQ(dwt.read(kExc), 2u);
  EXPECT_EQ(dwt.read(kSleep), 3u);
  EXPECT_EQ(dwt.read(kLsu), 4u);
  EXPECT_EQ(dwt.read(kFold), 5u);
  dwt.write(kCtrl, 1u << 20);  // LSUEVTENA alone
  totals = {{150, 250, 350, 410, 550}};
  EXPECT_EQ(dwt.read(kCpi), 1u) << "it stands but keeps its value";
  EXPECT_EQ(dwt.read(kLsu), 10u);
}

TEST_F(DwtTest, EventCountersWrapAt256AndCanBeWritten) {
  Dwt dwt = make({});
  dwt.set_trace_enabled(true);
  dwt.write(kCtrl, 1u << 17);
  totals.by_event[EventTotals::cpi] += 258;
  EXPECT_EQ(dwt.read(kCpi), 2u);
  dwt.write(kCpi, 0x1f0);
  totals.by_event[EventTotals::cpi] += 3;
  EXPECT_EQ(dwt.read(kCpi), 0xf3u);
}

TEST_F(DwtTest, AnEventCounterBeginsAt0WhenItIsEnabled) {
  Dwt dwt = make({});
  dwt.set_trace_enabled(true);
  dwt.write(kFold, 77);
  EXPECT_EQ(dwt.read(kFold), 77u);
  dwt.write(kCtrl, 1u << 21);
  EXPECT_EQ(dwt.read(kFold), 0u);
}

TEST_F(DwtTest, WithoutTrcenaNothingCounts) {
  Dwt dwt = make({});
  dwt.write(kCtrl, 1u << 18 | 1);
  totals.by_event[EventTotals::exception] += 9;
  scheduler.set_now(50);
  EXPECT_EQ(dwt.read(kExc), 0u);
  EXPECT_EQ(dwt.read(4), 0u);
  dwt.set_trace_enabled(true);
  totals.by_event[EventTotals::exception] += 5;
  EXPECT_EQ(dwt.read(kExc), 5u) << "only what came after";
}

TEST_F(DwtTest, NobodyIsAskedForEventsThatAreNotCounted) {
  Dwt dwt = make({});
  dwt.set_trace_enabled(true);
  dwt.write(kCtrl, 1);
  scheduler.set_now(50);
  EXPECT_EQ(dwt.read(4), 50u);
  dwt.write(4, 0);
  EXPECT_EQ(asked, 0u);
}

TEST_F(DwtTest, ACoreWithComparatorsOnlySaysSoAndReadsZero) {
  Dwt dwt = make({.cycle_counter = false});
  dwt.set_trace_enabled(true);
  dwt.write(kCtrl, ~0u);
  for (const std::uint32_t counter : {4u, kCpi, kExc, kSleep, kLsu, kFold}) {
    dwt.write(counter, 0x55);
    EXPECT_EQ(dwt.read(counter), 0u) << counter;
  }
  EXPECT_EQ(dwt.read(kCtrl), 0x2f000000u) << "NOTRCPKT, NOEXTTRIG, NOCYCCNT, NOPRFCNT";
}

constexpr std::uint32_t kLar = 0xfb0, kLsr = 0xfb4, kKey = 0xc5acce55;

TEST_F(DwtTest, AnOpenLockLetsWritesThroughAndWarnsOfThem) {
  Dwt dwt = make({.has_lock = true, .lock_enforced = false});
  EXPECT_EQ(dwt.read(kLsr), 1u) << "a lock exists and is open";
  dwt.set_trace_enabled(true);
  EXPECT_FALSE(dwt.lock_warning()) << "nothing was written";
  dwt.write(kCtrl, 1);
  scheduler.set_now(10);
  EXPECT_EQ(dwt.read(4), 10u);
  ASSERT_TRUE(dwt.lock_warning());
  EXPECT_NE(dwt.lock_warning()->find("would stand still"), std::string::npos);
}

TEST_F(DwtTest, FirmwareThatWritesTheKeyIsNotWarned) {
  for (const bool enforced : {false, true}) {
    Dwt dwt = make({.has_lock = true, .lock_enforced = enforced});
    dwt.write(4, 0);
    dwt.write(kLar, kKey);
    dwt.write(kCtrl, 1);
    EXPECT_FALSE(dwt.lock_warning()) << enforced;
  }
}

TEST_F(DwtTest, AnEnforcedLockIgnoresWritesAndWarnsOfThem) {
  Dwt dwt = make({.has_lock = true, .lock_enforced = true});
  EXPECT_EQ(dwt.read(kLsr), 3u);
  dwt.write(kCtrl, 1);
  EXPECT_EQ(dwt.read(kCtrl) & 1, 0u);
  ASSERT_TRUE(dwt.lock_warning());
  EXPECT_NE(dwt.lock_warning()->find("stood still"), std::string::npos);
}

TEST_F(DwtTest, ACoreWithoutLockHasNoStatusAndNoWarning) {
  Dwt dwt = make({});
  EXPECT_EQ(dwt.read(kLsr), 0u);
  dwt.write(kCtrl, 1);
  EXPECT_FALSE(dwt.lock_warning());
}

struct ItmTest : ::testing::Test {
  static constexpr std::uint32_t kTer = 0xe00, kTpr = 0xe40, kTcr = 0xe80;
  ItmTest() {
    itm.set_listener([this](unsigned port, unsigned width, std::uint32_t value) {
      heard.push_back({port, width, value});
    });
  }
  void open_all() {
    itm.set_trace_enabled(true);
    itm.write(kTcr, 4, 1, true);
    itm.write(kTer, 4, ~0u, true);
  }

  Itm itm{false};
  std::vector<std::vector<std::uint32_t>> heard;
};

TEST_F(ItmTest, APortIsOpenOnlyWithAllThreeEnables) {
  for (unsigned set = 0; set < 8; ++set) {
    heard.clear();
    itm.set_trace_enabled((set & 1) != 0);
    itm.write(kTcr, 4, set >> 1 & 1, true);
    itm.write(kTer, 4, set >> 2 & 1, true);
    itm.write(0, 1, 'a', true);
    EXPECT_EQ(heard.size(), set == 7 ? 1u : 0u) << set;
    EXPECT_EQ(itm.read(0), set == 7 ? 1u : 0u) << "FIFOREADY, " << set;
  }
}

TEST_F(ItmTest, EachPortHasItsEnableAndTheWidthOfTheWriteIsKept) {
  open_all();
  itm.write(kTer, 4, 1u << 31 | 1u << 1, true);
  itm.write(4, 2, 0x4241, true);
  itm.write(8, 4, 1, true);
  itm.write(31 * 4, 4, 0x12345678, true);
  EXPECT_EQ(heard, (std::vector<std::vector<std::uint32_t>>{{1, 2, 0x4241}, {31, 4, 0x12345678}}));
}

TEST_F(ItmTest, UnprivilegedCodeMayUseThePortsThatTprLeavesIt) {
  open_all();
  itm.write(kTpr, 4, 1, true);  // ports 0 to 7 are for privileged code
  itm.write(kTer, 4, 0, false);
  itm.write(0, 1, 'a', false);
  itm.write(8 * 4, 1, 'b', false);
  EXPECT_EQ(heard, (std::vector<std::vector<std::uint32_t>>{{8, 1, 'b'}}));
}

TEST_F(ItmTest, Armv8MTellsThatAPortIsClosed) {
  Itm v8m(true);
  EXPECT_EQ(v8m.read(0), 2u) << "DISABLED, so that nobody waits for room";
}

mcu_models::McuModel with_caches(Bytes instruction, Bytes data) {
  mcu_models::McuModel mcu;
  mcu.core.architecture = mcu_models::Architecture::v7em;
  if (instruction)
    mcu.caches["L1I"] = {.size = instruction, .line = 32, .ways = 2, .replacement = {}, .enable = {}};
  if (data) mcu.caches["L1D"] = {.size = data, .line = 32, .ways = 4, .replacement = {}, .enable = {}};
  return mcu;
}

// The values are those of the tables in DDI 0489 4.3 for each size.
TEST(CacheRegistersTest, TellTheSizesOfThePart) {
  struct Row {
    Bytes size;
    std::uint32_t instruction, data;
  };
  for (const Row& row : {Row{4096, 0xf007e009, 0xf003e019}, Row{8192, 0xf00fe009, 0xf007e019},
                         Row{16384, 0xf01fe009, 0xf00fe019}, Row{32768, 0xf03fe009, 0xf01fe019}}) {
    CacheRegisters registers(with_caches(row.size, row.size));
    EXPECT_EQ(registers.size_id(), row.data) << row.size;
    registers.select(1);
    EXPECT_EQ(registers.size_id(), row.instruction) << row.size;
    registers.select(2);
    EXPECT_EQ(registers.size_id(), 0u) << "there is no second level";
    EXPECT_EQ(registers.level_id(), 0x09000003u);
    EXPECT_EQ(registers.type(), 0x8303c003u);
  }
}

TEST(CacheRegistersTest, WithoutCachesThereIsNothingToSelect) {
  CacheRegisters registers(with_caches(0, 0));
  registers.select(1);
  EXPECT_EQ(registers.selection(), 0u);
  EXPECT_EQ(registers.size_id(), 0u);
  EXPECT_EQ(registers.level_id(), 0u);
  EXPECT_EQ(registers.type(), 0u);
  mcu_models::McuModel m33 = with_caches(0, 0);
  m33.core.architecture = mcu_models::Architecture::v8m_main;
  EXPECT_EQ(CacheRegisters(m33).type(), 0x8000c000u);
}

TEST(CacheRegistersTest, OneCacheAloneShowsInTheLevel) {
  EXPECT_EQ(CacheRegisters(with_caches(4096, 0)).level_id(), 0x09000001u);
  EXPECT_EQ(CacheRegisters(with_caches(0, 4096)).level_id(), 0x09000002u);
}

TEST(CacheRegistersTest, TheBuiltInPartsHaveTheSizesOfTheirDataSheets) {
  EXPECT_EQ(CacheRegisters(mcu_models::load_mcu("stm32f746")).size_id(), 0xf003e019u);
  EXPECT_EQ(CacheRegisters(mcu_models::load_mcu("stm32h743")).size_id(), 0xf00fe019u);
  EXPECT_EQ(CacheRegisters(mcu_models::load_mcu("stm32f407")).level_id(), 0u);
}

TEST(ConfigurationControl, HasTheConstantBitsOfEachCore) {
  struct Row {
    const char* core;
    std::uint32_t reset, zeros, ones;  ///< Read after reset, and after writing zeros and ones.
  };
  for (const Row& row : {Row{"cortex-m0", 0x208, 0x208, 0x208}, Row{"cortex-m3", 0x200, 0, 0x31b},
                         Row{"cortex-m4", 0x200, 0, 0x31b}, Row{"cortex-m7", 0x40200, 0x40200, 0x7031b},
                         Row{"cortex-m33", 0x201, 0x201, 0x71b}}) {
    Scheduler scheduler;
    const mcu_models::McuModel mcu = testing::make_core(row.core);
    SystemControl system(mcu, features_of(mcu.core, mcu.fpu), scheduler, {});
    EXPECT_EQ(system.read(0xe000ed14, 4), row.reset) << row.core;
    system.write(0xe000ed14, 4, 0);
    EXPECT_EQ(system.read(0xe000ed14, 4), row.zeros) << row.core;
    system.write(0xe000ed14, 4, ~0u);
    EXPECT_EQ(system.read(0xe000ed14, 4), row.ones) << row.core;
  }
}

}  // namespace
}  // namespace mcusim::emulator::cortex_m
