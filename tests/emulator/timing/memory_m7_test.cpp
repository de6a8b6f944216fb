#include "emulator/timing/m7/memory_m7.h"

#include <gtest/gtest.h>

#include "tests/emulator/timing/micro_m7.h"

// Memories of Cortex-M7 parts. A flash word takes wait states + 1 cycles of the AXI bus (reference manuals,
// ch. 4); it is 256 bits on STM32H743 and 128 bits on STM32H7A3, so that a line of 32 bytes is one word or
// two. The bus brings 64 bits a cycle, the critical ones first. 4 core cycles around it and 2 between two
// lines come from published times of whole networks on an STM32H7A3.
namespace mcusim::emulator {
namespace {

constexpr Address kFlashData = MicroM7::kFlash + 0x8000, kList = MicroM7::kDtcm + 0x2000;

struct Setup {
  const char* part;
  unsigned wait_states, bus_ratio;
};
constexpr Setup kH743 = {"stm32h743", 2, 2};  // 400 MHz, bus 200 MHz
constexpr Setup kH7a3 = {"stm32h7a3", 6, 1};  // 280 MHz
constexpr Setup kSlow = {"stm32h743", 0, 1};  // 64 MHz after reset

/// The part, configured, with the caches on or off.
class Memories : public MicroM7 {
 public:
  explicit Memories(const Setup& setup, bool caches_on = true) : MicroM7(setup.part) {
    set_flash(setup.wait_states, setup.bus_ratio);
    start(caches_on);
  }

  /// Cycles that each of `pointers` costs the loop `name` beyond a pointer to DTCM.
  std::vector<Cycles> extra(const std::string& name, const std::vector<Address>& pointers) {
    constexpr unsigned kWarm = 16;
    std::vector<std::uint32_t> list(kWarm, kDtcm + 0x100);
    list.insert(list.end(), pointers.begin(), pointers.end());
    fill(kList, list);
    Registers registers = engine().registers();
    registers.r[1] = kList;
    registers.r[12] = 1'000'000;
    registers.r[15] = symbol(name);
    run(registers, name);
    std::vector<Cycles> rounds;
    for (std::size_t i = 0; i < list.size(); ++i) rounds.push_back(round(name));
    std::vector<Cycles> extra;
    for (std::size_t i = kWarm; i < list.size(); ++i) extra.push_back(rounds[i] - rounds[kWarm - 1]);
    EXPECT_EQ(engine().stalls()->sum(), engine().counters().cycles);
    return extra;
  }

  /// Cycles of `rounds` rounds of a loop that reads from `address` on, once its branch is known.
  Cycles stream(const std::string& name, Address address, unsigned rounds) {
    Registers registers = engine().registers();
    registers.r[0] = kDtcm;
    registers.r[12] = 1'000'000;
    registers.r[15] = symbol(name);
    run(registers, name);
    for (int i = 0; i < 16; ++i) round(name);
    registers = engine().registers();
    registers.r[0] = address;
    engine().set_registers(registers);
    const Cycles start = engine().counters().cycles;
    for (unsigned i = 0; i < rounds; ++i) round(name);
    return engine().counters().cycles - start;
  }

  /// Cycles that two calls of a function in flash cost beyond those of its copy in ITCM.
  std::vector<Cycles> calls() {
    Registers registers = engine().registers();
    registers.r[9] = symbol("near_function") | 1;
    registers.r[12] = 1'000'000;
    registers.r[15] = symbol("call");
    run(registers, "call");
    Cycles near = 0;
    for (int i = 0; i < 16; ++i) near = round("call");
    registers = engine().registers();
    registers.r[9] = symbol("far_function") | 1;
    engine().set_registers(registers);
    const Cycles first = round("call"), second = round("call");
    return {first - near, second - near};
  }

 private:
  Cycles round(const std::string& name) {
    const Cycles start = engine().counters().cycles;
    arrive(symbol(name));
    return engine().counters().cycles - start;
  }
};

using Extra = std::vector<Cycles>;

TEST(LoadM7, FromDtcmNeverWaits) {
  const Address dtcm = MicroM7::kDtcm + 0x4000;
  EXPECT_EQ(Memories(kH743).extra("follow", {dtcm, dtcm + 0x1000, dtcm + 0x2000}), (Extra{0, 0, 0}));
  EXPECT_EQ(Memories(kH743, false).extra("follow", {dtcm, dtcm + 0x1000}), (Extra{0, 0}));
}

TEST(LoadM7, OfAColdLineWaitsForItsFlashWord) {
  EXPECT_EQ(Memories(kH743).extra("follow", {kFlashData}), (Extra{4 + (2 + 1) * 2}));
  EXPECT_EQ(Memories({"stm32h743", 4, 2}).extra("follow", {kFlashData}), (Extra{4 + (4 + 1) * 2}));
  EXPECT_EQ(Memories(kSlow).extra("follow", {kFlashData}), (Extra{4 + 0 + 1}));
  EXPECT_EQ(Memories(kH7a3).extra("follow", {kFlashData}), (Extra{4 + 6 + 1}));
}

TEST(LoadM7, TheCriticalWordComesFirst) {
  for (const Address offset : {8u, 16u, 24u}) {
    EXPECT_EQ(Memories(kH743).extra("follow", {kFlashData + offset}), (Extra{10})) << offset;
    EXPECT_EQ(Memories(kH7a3).extra("follow", {kFlashData + offset}), (Extra{11})) << offset;
  }
}

TEST(LoadM7, OfTheSameLineHits) {
  const std::vector<Address> line = {kFlashData, kFlashData + 8, kFlashData + 28, kFlashData};
  EXPECT_EQ(Memories(kH743).extra("follow", line), (Extra{10, 0, 0, 0}));
}

// A round is 6 cycles, the second half of the line comes 6 + 1 behind the first.
TEST(LoadM7, WaitsForTheSecondFlashWordOfALine) {
  EXPECT_EQ(Memories(kH7a3).extra("follow", {kFlashData, kFlashData + 16}), (Extra{11, 1}));
  EXPECT_EQ(Memories(kH7a3).extra("follow", {kFlashData + 16, kFlashData}), (Extra{11, 1}));
  EXPECT_EQ(Memories(kH7a3).extra("follow", {kFlashData, kFlashData + 8}), (Extra{11, 0}));
}

TEST(LoadM7, OfEachColdLinePaysAgain) {
  EXPECT_EQ(Memories(kH743).extra("follow", {kFlashData, kFlashData + 32, kFlashData + 64}),
            (Extra{10, 10, 10}));
}

// The second line is asked for 1 cycle behind the data of the first. H743: the first line's word is there,
// the next may begin 2 later, which the 4 cycles of the request hide. H7A3: the first line's second word
// comes 7 behind its first, the next line's 2 + 7 later: 7 + 2 + 7 - 1.
TEST(LoadM7, OfTheNextLineWaitsForTheFlash) {
  EXPECT_EQ(Memories(kH743).extra("follow_two_lines", {kFlashData}), (Extra{10 + 10}));
  EXPECT_EQ(Memories(kH7a3).extra("follow_two_lines", {kFlashData}), (Extra{11 + 15}));
}

TEST(LoadM7, WithoutCachePaysForEachAccessAndKeepsOneFlashWord) {
  const std::vector<Address> accesses = {kFlashData, kFlashData + 8, kFlashData + 64, kFlashData};
  EXPECT_EQ(Memories(kH743, false).extra("follow", accesses), (Extra{10, 4 + 2, 10, 10}));
}

// 32 lines: 8 words at 2 cycles each and one wait a line.
TEST(StreamM7, OneKilobyteWordByWord) {
  EXPECT_EQ(Memories(kH743).stream("stream", kFlashData, 256), 32 * (16 + 10));
  EXPECT_EQ(Memories(kH7a3).stream("stream", kFlashData, 256), 32 * (16 + 11));
  EXPECT_EQ(Memories(kH743).stream("stream", MicroM7::kDtcm + 0x1000, 256), 32 * 16);
}

// A line in 9 cycles. H7A3: words 0 to 3 at 11, 12, 13, 14, but word 4 comes with the second flash word at 18
// instead of 15.
TEST(StreamM7, OneKilobyteAWordACycle) {
  EXPECT_EQ(Memories(kH743).stream("stream_lines", kFlashData, 32), 32 * (9 + 10));
  EXPECT_EQ(Memories(kH7a3).stream("stream_lines", kFlashData, 32), 32 * (9 + 11 + 3));
}

TEST(StreamM7, AgainOverWhatTheCacheHoldsIsFree) {
  Memories memories(kH743);
  memories.stream("stream_lines", kFlashData, 256);
  EXPECT_EQ(memories.stream("stream_lines", kFlashData, 256), 256 * 9);
}

// 64 KiB through 16 KiB of 4 ways: a line survives 15 random victims of its set with (3/4)^15 = 1.3 %.
TEST(StreamM7, AgainOverFourTimesTheCacheMissesNearlyAlways) {
  Memories memories(kH743);
  constexpr unsigned kLines = 2048;
  EXPECT_EQ(memories.stream("stream_lines", kFlashData, kLines), kLines * (9 + 10));
  const double misses =
      static_cast<double>(memories.stream("stream_lines", kFlashData, kLines) - kLines * 9) / 10 / kLines;
  EXPECT_GT(misses, 0.96);
  EXPECT_LT(misses, 1.0);
}

TEST(StoreM7, ThatMissesDoesNotStopTheCore) {
  const std::vector<Address> lines = {MicroM7::kAxiSram, MicroM7::kAxiSram + 32};
  EXPECT_EQ(Memories(kH743).extra("follow_store", lines), (Extra{0, 0}));
  EXPECT_EQ(Memories(kH743, false).extra("follow_store", lines), (Extra{0, 0}));
}

TEST(StoreM7, ToCacheableRamBringsTheLine) {
  Memories memories(kH743);
  const Address stored = MicroM7::kAxiSram + 64, other = MicroM7::kAxiSram + 128;
  memories.extra("follow_store", {stored});
  const Extra loads = memories.extra("follow", {stored, other});
  EXPECT_EQ(loads[0], 0);
  EXPECT_GT(loads[1], 0);
}

// Four chunks of 64 bits, one a cycle from ITCM. A cold line brings them at 10, 12, 14 and 16 on H743 (bus of
// half the clock) and at 11, 12, 18 and 19 on H7A3, instead of 0 to 3; then they are in the cache.
TEST(CodeM7, OfAColdLineInFlash) {
  EXPECT_EQ(Memories(kH743).calls(), (Extra{16 - 3, 0}));
  EXPECT_EQ(Memories(kH7a3).calls(), (Extra{19 - 3, 0}));
}

// Without a cache the first chunk takes 10 and each of the other three, in the flash word that is read
// already, 4 + 2 more: 10, 17, 24 and 31.
TEST(CodeM7, InFlashWithoutCachePaysEachTime) {
  const Extra extra = Memories(kH743, false).calls();
  EXPECT_EQ(extra[0], 31 - 3);
  EXPECT_GT(extra[1], 3 * 6);
}

// A fill takes 5 cycles and 1 for each 64 bits; the dirty line is written behind it, in 4.
TEST(WriteBackM7, ADirtyLineThatLeavesHoldsUpTheNextFill) {
  MemoryM7 memory(mcu_models::load_mcu("stm32h743"),
                  {[](Address address) { return address == 0xe000ed14 ? 3u << 16 : 0; },
                   [](Address) { return Cacheability::write_back; }});
  memory.reset();
  constexpr Address kSameSet = 0x1000;
  for (Address way = 0; way < 4; ++way) memory.store(MicroM7::kAxiSram + way * kSameSet, 4, 100 + 100 * way);
  EXPECT_EQ(memory.load(MicroM7::kAxiSram + 4 * kSameSet, 1000), 5 + 1u);
  EXPECT_EQ(memory.write_back_wait(), 0u) << "the new line comes first";
  // The fill ends in 1009, the write-back in 1013; without it the next line would be asked for until 1011.
  EXPECT_EQ(memory.load(MicroM7::kAxiSram + 32, 1006), 5 + 2 + 1u);
  EXPECT_EQ(memory.write_back_wait(), 2u);
  EXPECT_EQ(memory.load(MicroM7::kAxiSram + 64, 1100), 5 + 1u);
  EXPECT_EQ(memory.write_back_wait(), 0u);
  EXPECT_EQ(memory.caches()[1].counters.writebacks, 1u);
}

/// Flash of an STM32F746 over ITCM; RM0385 ch. 3: reads of 256 bits, ACR with wait states in bits 3:0,
/// prefetch in bit 8, ART in bit 9.
class FlashOverItcm : public ::testing::Test {
 protected:
  static constexpr Address kAlias = 0x00200000;

  void program(std::uint32_t acr) {
    acr_ = acr;
    memory_.reset();
  }
  Cycles fetch(Address offset, Cycles at) { return memory_.fetch(kAlias + offset, at); }
  Cycles load(Address offset, Cycles at) { return memory_.load(kAlias + offset, at); }

 private:
  std::uint32_t acr_ = 0;
  MemoryM7 memory_{mcu_models::load_mcu("stm32f746"),
                   {[this](Address address) { return address == 0x40023c00 ? acr_ : 0; },
                    [](Address) { return Cacheability::write_through; }}};
};

TEST_F(FlashOverItcm, WaitsForEveryLineWithoutTheAccelerator) {
  program(7);
  EXPECT_EQ(fetch(0, 100), 7u);
  EXPECT_EQ(fetch(24, 110), 0u) << "the same 256 bits";
  EXPECT_EQ(fetch(32, 120), 7u);
  EXPECT_EQ(fetch(0, 200), 7u) << "nothing is kept";
}

TEST_F(FlashOverItcm, TheAcceleratorKeepsLinesOfCodeAndData) {
  program(7 | 1 << 9);
  EXPECT_EQ(fetch(0, 100), 7u);
  EXPECT_EQ(fetch(32, 120), 7u);
  EXPECT_EQ(fetch(0, 200), 0u);
  EXPECT_EQ(load(0x40, 300), 7u);
  EXPECT_EQ(load(0x44, 320), 0u);
  EXPECT_EQ(load(0x20, 340), 0u) << "read as code before";
}

TEST_F(FlashOverItcm, PrefetchReadsTheNextLine) {
  program(7 | 1 << 9 | 1 << 8);
  EXPECT_EQ(fetch(0, 100), 7u);
  EXPECT_EQ(fetch(32, 120), 0u);
}

}  // namespace
}  // namespace mcusim::emulator
