#include "emulator/timing/pipeline_m4.h"

#include <gtest/gtest.h>

#include <random>

#include "common/error.h"
#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "emulator/image/image.h"

// firmware/micro.S on an STM32L4R5 at 0 wait states. Every number is worked out from the rule beside it, plus
// 1 for the nop that ends each sequence; none comes from the model's own tables. TRM: Arm 100166 table 3-1
// and FPU table. JNK: jnk0le/random, pipeline notes for M3 and M4. BOARD: cycle counts of an STM32L4R5 at 0
// wait states.
namespace mcusim::emulator {
namespace {

using cortex_m::NativeEngine;
using cortex_m::NativeOptions;

constexpr Address kSram1 = 0x20000000, kSram3 = 0x20040000;

struct Row {
  const char* name;
  Cycles cycles;
  const char* rule;
};

const Row kRows[] = {
    {"nops", 3 + 1, "TRM: NOP 1"},
    {"adds", 4 + 1, "TRM: data processing 1"},
    {"wide_alu", 3 + 1, "TRM: shifted operand, extension and bit field 1"},
    {"mul", 1 + 1, "TRM: MUL 1"},
    {"mla", 1 + 1, "TRM: MLA 1"},
    {"smull", 1 + 1, "TRM: SMULL 1"},
    {"smlald", 1 + 1, "TRM: SMLALD 1"},
    {"divide_small", 2 + 1, "TRM: UDIV 2 to 12; quotient 0 is the least"},
    {"divide_large", 12 + 1, "TRM: UDIV 2 to 12; a quotient of 32 bits is the most"},
    {"load", 2 + 1, "TRM: LDR 2"},
    {"loads", 3 + 1 + 1, "TRM 3.3: n loads in a row take n + 1"},
    {"load_of_address", 2 + 2 + 1, "TRM 3.3: no overlap when the address was just loaded"},
    {"load_store", 1 + 1 + 1, "JNK: a store with an immediate offset behind a load removes its stall"},
    {"load_store_data", 1 + 1 + 1, "JNK: also when it stores what was loaded"},
    {"load_store_offset", 3 + 1, "DDI 0337E 18.2: LDR and STR with a register offset take 3"},
    {"load_store_elsewhere", 2 + 1 + 1, "JNK: only inside one memory"},
    {"load_store_address", 2 + 1 + 1, "TRM 3.3: no overlap when the address was just loaded"},
    {"load_store_load", 1 + 1 + 1 + 2 + 1, "JNK: nothing overlaps with the store"},
    {"loads_offset", 4 + 1, "DDI 0337E 18.2: its example of three loads takes 4"},
    {"half_word_load", 1 + 1 + 2 + 1, "BOARD: a 32-bit load at a half-word 1 more"},
    {"half_word_load_behind_load", 3 + 1, "BOARD: none where it overlaps with a load"},
    {"word_load", 2 + 1, "BOARD: nor on a word"},
    {"pre_index", 2 + 1, "TRM: LDR 2, whichever way its base moves"},
    {"indexed_two_bases", 2 + 1 + 1, "JNK: loads with write-back overlap on different bases"},
    {"store_post_index", 1 + 1, "JNK: post-indexed stores 1"},
    {"stores", 4 + 1, "JNK, compendium: stores 1 each"},
    {"load_alu", 2 + 1 + 1, "TRM: LDR 2, ADD 1"},
    {"store", 1 + 1, "TRM 3.3: STR with an immediate offset 1"},
    {"store_offset", 2 + 1, "JNK: STR with a register offset 2"},
    {"store_load", 1 + 1 + 2 + 1, "JNK, BOARD: a load behind a store 1 more"},
    {"store_store", 1 + 1 + 1, "JNK, compendium: a store behind a store 1"},
    {"store_ldm", 1 + 1 + 3 + 1, "JNK: LDM does not overlap with a store"},
    {"store_stm", 1 + 3 + 1, "JNK: STM overlaps with a store"},
    {"loads_of_two_memories", 2 + 2 + 1, "JNK: loads overlap inside one memory only"},
    {"address_result", 1 + 1 + 2 + 1, "JNK: address from the instruction before 1 more"},
    {"address_result_later", 1 + 1 + 2 + 1, "JNK: only from the one directly before"},
    {"address_result_store", 1 + 1 + 1 + 1, "JNK: stores too"},
    {"load_double", 3 + 1, "TRM: LDRD 1 + 2"},
    {"store_double", 3 + 1, "TRM: STRD 1 + 2"},
    {"load_multiple", 5 + 1, "TRM: LDM 1 + N"},
    {"store_multiple", 4 + 1, "TRM: STM 1 + N"},
    {"push_pop", 3 + 3 + 1, "TRM: PUSH and POP 1 + N"},
    {"post_index", 2 + 1 + 1, "BOARD: post-indexed loads overlap"},
    {"offset_loads", 2 + 1 + 1, "TRM 3.3: loads with a register offset overlap too"},
    {"unaligned_load", 2 + 1 + 1, "TRM 3.3: an unaligned access becomes two"},
    {"unaligned_inside", 2 + 1, "TRM 3.3: one access where the word holds it"},
    {"literal", 2 + 1, "TRM: LDR 2"},
    {"example", 1 + 1 + 2 + 2 + 1 + 1, "the worked example of docs/cycle-models.md"},
    {"branch", 3 + 1, "TRM: B 1 + P; BOARD: P = 2"},
    {"branch_half", 3 + 1 + 1, "BOARD: a 16-bit target needs one fetch wherever it lies"},
    {"branch_wide_half", 3 + 1 + 1 + 1, "BOARD: a 32-bit target at a half-word 1 more"},
    {"branch_wide_word", 3 + 1 + 1, "BOARD: a 32-bit target on a word does not"},
    {"conditional_taken", 1 + 3 + 1, "TRM: B<cond> taken 1 + P"},
    {"branch_register", 2 + 1 + 3 + 1, "TRM: BX 1 + P"},
    {"load_pc", 4 + 1, "TRM: LDR to PC 2 + P"},
    {"return_pop", 3 + 3 + 3 + 2 + 1, "TRM: BL 1 + P, PUSH 1 + N, POP with PC 1 + N + P"},
    {"table_half", 4 + 1, "TRM: TBH 2 + P"},
    {"loop", 1 + 5 * 1 + 4 * 3 + 1 + 1, "TRM: four taken branches of 1 + P and one that is not"},
    {"not_taken", 1 + 1 + 1, "TRM: B<cond> not taken 1"},
    {"call", 3 + 3 + 1, "TRM: BL and BX 1 + P"},
    {"zero_taken", 3 + 1, "TRM: CBZ taken 1 + P"},
    {"zero_not_taken", 1 + 1, "TRM: CBNZ not taken 1"},
    {"table", 4 + 1, "TRM: TBB 2 + P"},
    {"folded_it", 1 + 0 + 1 + 1, "TRM: IT folds onto a 16-bit instruction"},
    {"it_after_wide", 1 + 1 + 1 + 1, "TRM: IT 1 otherwise"},
    {"suppressed_load", 1 + 0 + 1 + 1, "TRM: a suppressed instruction takes its issue cycle"},
    {"two_wide_at_half", 1 + 2 + 1, "BOARD: the queue holds two words more than the one in use"},
    {"three_wide_at_half", 1 + 3 + 1 + 1, "BOARD, compendium: three wide ones at half-words 1 more"},
    {"five_wide_at_word", 5 + 1, "BOARD: on words one fetch a cycle suffices"},
    {"six_wide_at_half", 1 + 6 + 1 + 1,
     "compendium: a group of wide ones at half-words 1 more, however long"},
    {"two_wide_behind_load", 2 + 2 + 1, "compendium: two of them none"},
    {"nop_wide_mixed", 5 + 1, "compendium: single wide ones none"},
    {"parallel", 5 + 1, "TRM: parallel and packing instructions 1"},
    {"bits", 6 + 1, "TRM: bit field, count, saturate and wide moves 1"},
    {"umull", 1 + 1, "TRM: UMULL 1"},
    {"smlal", 1 + 1, "TRM: SMLAL 1"},
    {"mls", 1 + 1, "TRM: MLS 1"},
    {"smlad", 3 + 1, "TRM: SMLAD 1, whatever it adds to"},
    {"umaal", 1 + 1, "TRM: UMAAL 1"},
    {"exclusive", 2 + 1 + 1, "TRM: LDREX 2, CLREX 1"},
    {"set_status", 2 + 1, "TRM: MSR 2"},
    {"push_one", 2 + 1, "TRM: PUSH 1 + N"},
    {"two_suppressed", 1 + 0 + 2 + 1, "TRM: suppressed instructions 1 each"},
    {"fp_multiply", 4 + 1, "TRM: VMUL, VNEG, VABS, VCVT 1"},
    {"fp_chained", 3 + 1 + 3 + 1, "TRM: VMLA 3, and 1 more for the result of the one before"},
    {"fp_root", 14 + 1 + 1, "TRM: VSQRT 14"},
    {"fp_store_double", 3 + 1, "TRM: VSTR.64 3"},
    {"fp_store_multiple", 5 + 1, "TRM: VSTM 1 + N"},
    {"fp_compare", 3 + 1, "TRM: VCMP and VMRS 1"},
    {"status", 2 + 1, "TRM: MRS 2"},
    {"fp_add", 2 + 1, "TRM: VADD 1"},
    {"fp_dependent", 2 + 1 + 1, "TRM: 1 more when the next instruction uses the result"},
    {"fp_dependent_later", 3 + 1, "TRM: only the next one"},
    {"fp_move_dependent", 2 + 1, "TRM: of arithmetic only"},
    {"fp_mac", 3 + 1, "TRM: VFMA 3"},
    {"fp_divide_hidden", 1 + 3 + 1, "TRM: VDIV runs in the background"},
    {"fp_divide", 14 + 1 + 1, "TRM: VDIV 14 until the next FP instruction"},
    {"fp_load", 2 + 1, "TRM: VLDR.32 2"},
    {"fp_load_double", 3 + 1, "TRM: VLDR.64 3"},
    {"fp_store", 2 + 1, "TRM: VSTR.32 2"},
    {"fp_load_multiple", 5 + 1, "TRM: VLDM 1 + N"},
    {"fp_move_core", 1 + 1, "TRM: VMOV to a core register 1"},
    {"fp_move_pair", 2 + 1, "TRM: VMOV to two core registers 2"},
};

// STM32F103. MAN: Arm DDI 0337H table 18.1. JNK as above; F207: board runs at 0 wait states on an STM32F207.
const Row kM3Rows[] = {
    {"nops", 3 + 1, "MAN: NOP 1"},
    {"adds", 4 + 1, "MAN: data processing 1"},
    {"mul", 1 + 1, "MAN: MUL 1"},
    {"mla", 2 + 1, "MAN: MLA 2"},
    {"mls", 2 + 1, "MAN: MLS 2"},
    {"smull", 4 + 1, "F207: SMULL 4 of the manual's 3 to 5"},
    {"umull", 4 + 1, "F207: UMULL 4 of the manual's 3 to 5"},
    {"smlal", 6 + 1, "F207: SMLAL 6 of the manual's 4 to 7"},
    {"divide_small", 2 + 1, "MAN: UDIV 2 to 12"},
    {"divide_large", 12 + 1, "MAN: UDIV 2 to 12"},
    {"load", 2 + 1, "MAN: LDR 2"},
    {"loads", 3 + 1 + 1, "MAN: n loads in a row take n + 1"},
    {"loads_offset", 4 + 1, "DDI 0337E 18.2: its example of three loads takes 4"},
    {"load_store_offset", 3 + 1, "DDI 0337E 18.2: LDR and STR with a register offset take 3"},
    {"load_store", 1 + 1 + 1, "JNK: a store behind a load removes its stall"},
    {"post_index", 2 + 2 + 1, "JNK: loads with write-back do not overlap with the load before"},
    {"indexed_two_bases", 2 + 2 + 1, "JNK: not on different bases either"},
    {"store_load", 1 + 1 + 2 + 1, "JNK: a load behind a store 1 more"},
    {"store_offset", 2 + 1, "JNK: STR with a register offset 2"},
    {"address_result", 1 + 1 + 2 + 1, "DDI 0337E 18.2: address from the instruction before 1 more"},
    {"branch", 3 + 1, "MAN: B 1 + P"},
    {"branch_wide_half", 3 + 1 + 1 + 1, "BOARD: a 32-bit target at a half-word 1 more"},
    {"push_pop", 3 + 3 + 1, "MAN: PUSH and POP 1 + N"},
    {"table", 4 + 1, "MAN: TBB 2 + P"},
    {"folded_it", 1 + 0 + 1 + 1, "MAN: IT folds onto a 16-bit instruction"},
};

/// The engine with memories and, as its only peripheral, the flash interface's control register.
struct Bench {
  explicit Bench(const char* part = "stm32l4r5", std::uint32_t flash_control = 0)
      : mcu(mcu_models::load_mcu(part)),
        image(load_image(MCUSIM_MICRO_PROGRAMS)),
        engine(mcu, bus, scheduler, {NativeOptions::Timing::full}) {
    bus.add_memory("flash", 0x08000000, 0x10000, false);
    bus.add_memory("sram1", kSram1, 0x10000, true);
    bus.add_memory("sram3", kSram3, 0x10000, true);
    bus.add_memory("flash registers", mcu.flash_timing->latency.address & ~0xfffu, 0x1000, true);
    bus.load(mcu.flash_timing->latency.address, &flash_control, 4);
    for (const Segment& segment : image.segments)
      bus.load(segment.address, segment.bytes.data(), segment.bytes.size());
  }

  Address symbol(const std::string& name) const { return image.find_symbol(name)->address & ~1u; }

  /// Cycles between NAME_from and NAME_to.
  Cycles measure(const std::string& name) {
    engine.reset(0x08000000);
    const std::uint32_t pointer = kSram1 + 0x300;
    bus.load(kSram1 + 0x100, &pointer, 4);
    Registers registers = engine.registers();
    registers.r = {
        kSram1 + 0x100, kSram1 + 0x200, kSram3, 4, 1, 9, 7, 0, 0, 0, 0, 0xffffffff, 1, kSram1 + 0x1000, 0, 0};
    const Address from = symbol(name + "_from"), to = symbol(name + "_to");
    registers.r[15] = from - 16;
    engine.set_registers(registers);
    engine.core().state.fp_ready = true;
    engine.add_probe(from);
    engine.add_probe(to);
    EXPECT_EQ(engine.run({10'000}).pc, from);
    const Cycles start = engine.counters().cycles;
    EXPECT_EQ(engine.run({10'000}).pc, to);
    return engine.counters().cycles - start;
  }

  mcu_models::McuModel mcu;
  Image image;
  Bus bus;
  Scheduler scheduler;
  NativeEngine engine;
};

class MicroProgram : public ::testing::TestWithParam<Row> {};

TEST_P(MicroProgram, TakesTheCyclesOfItsRule) {
  Bench bench;
  EXPECT_EQ(bench.measure(GetParam().name), GetParam().cycles) << GetParam().rule;
}

TEST_P(MicroProgram, SpendsEveryCycleOnOneCause) {
  Bench bench;
  bench.measure(GetParam().name);
  const Counters& counters = bench.engine.counters();
  const StallCycles stalls = *bench.engine.stalls();
  EXPECT_EQ(stalls.sum(), counters.cycles);
  const std::string name = GetParam().name;
  const unsigned folded =
      name == "folded_it" || name == "suppressed_load" || name == "two_suppressed" ? 1 : 0;
  EXPECT_EQ(stalls[StallCause::issue], counters.instructions + counters.skipped - folded);
}

INSTANTIATE_TEST_SUITE_P(All, MicroProgram, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

class MicroProgramOnM3 : public ::testing::TestWithParam<Row> {};

TEST_P(MicroProgramOnM3, TakesTheCyclesOfItsRule) {
  Bench bench("stm32f103");
  EXPECT_EQ(bench.measure(GetParam().name), GetParam().cycles) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(All, MicroProgramOnM3, ::testing::ValuesIn(kM3Rows),
                         [](const auto& row) { return std::string(row.param.name); });

// Five wait states: the array gives 16 bytes in 6 cycles.
constexpr std::uint32_t kPrefetch = 0x705, kCachesOnly = 0x605, kNothing = 0x005;

Cycles measured(std::uint32_t control, const char* name) {
  Bench bench("stm32l4r5", control);
  return bench.measure(name);
}

TEST(CodeInFlash, ReadsAheadWhileALineOf8InstructionsExecutes) {
  EXPECT_EQ(measured(kPrefetch, "narrow_12") - measured(kPrefetch, "narrow_8"), 4 * 8u);
}

TEST(CodeInFlash, ALineOf4InstructionsWaitsForTheArray) {
  EXPECT_EQ(measured(kPrefetch, "wide_12") - measured(kPrefetch, "wide_8"), 4 * 6u);
}

TEST(CodeInFlash, RunsFromTheCacheTheSecondTime) {
  EXPECT_EQ(measured(kPrefetch, "fits_thrice") - measured(kPrefetch, "fits_twice"), 160 + 2u)
      << "160 instructions and the refill behind the branch";
}

TEST(CodeInFlash, ALoopLargerThanTheCacheIsReadInEveryRound) {
  const Cycles round = measured(kPrefetch, "exceeds_thrice") - measured(kPrefetch, "exceeds_twice");
  EXPECT_GE(round, 80 * 6u);
  EXPECT_LE(round, (80 + 2) * 6u) << "the line behind the loop and the one read ahead of it are not wanted";
}

TEST(CodeInFlash, WithoutCacheOrPrefetchEveryLineWaits) {
  // A line's last word is asked for before its first instruction executes: at most 2 of the 5 are hidden.
  const Cycles cycles = measured(kNothing, "wide_12") - measured(kNothing, "wide_8");
  EXPECT_GT(cycles, 4 * 6u);
  EXPECT_LE(cycles, 4 * (4 + 5u));
}

TEST(ConstantsInFlash, WaitOnceForTheirLine) {
  const Cycles once = measured(kCachesOnly, "literal_cold");
  EXPECT_EQ(measured(kCachesOnly, "literal_twice"), once + 1) << "its other cycle only";
  EXPECT_EQ(measured(kCachesOnly, "literal_line"), once + 1) << "the line has both";
}

TEST(ConstantsInFlash, WaitEachTimeWithoutTheirCache) {
  // The array is not free for the code in these cycles either.
  const Cycles more = measured(0x205, "literal_twice") - measured(0x205, "literal_cold");
  EXPECT_GE(more, 5 + 1u);
  EXPECT_LE(more, 2 * (5 + 1u));
}

TEST(FullTiming, IsRefusedForCoresWithoutAPipelineModel) {
  Bus bus;
  Scheduler scheduler;
  try {
    mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
    mcu.core.pipeline_m7.reset();
    NativeEngine engine(mcu, bus, scheduler, {NativeOptions::Timing::full});
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("not modelled yet for cortex-m7, use --timing table"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace mcusim::emulator
