#include "emulator/cortex_m/exception_timing.h"

#include "micro_bench.h"

// firmware/exceptions.S. KB: Arm knowledge article 103489845 on Cortex-M3 and M4: 12 cycles to the first
// instruction of the handler, of which writing the frame takes 9 and, at the same time, vector and first
// instruction 6; 10 cycles back. M0+: 15, Arm DDI 0484C 3.3; M0: 16, DDI 0432C 3.3. M7: typically 12, Arm,
// Cortex-M for Beginners. What no manual gives is marked.
namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kIcsr = 0xe000ed04, kPendSv = 1u << 28;

struct Passage {
  Cycles entry = 0, tail_chain = 0, exit = 0;
};

class ExceptionBench : public MicroBench {
 public:
  /// Code where the core reads it without waiting: in ITCM on a Cortex-M7.
  explicit ExceptionBench(const std::string& part, Address stack = kSram1 + 0x1000)
      : MicroBench(mcu_models::load_mcu(part),
                   part == "stm32h743" ? MCUSIM_EXCEPTION_PROGRAM_M7 : MCUSIM_EXCEPTION_PROGRAM),
        vectors_(part == "stm32h743" ? 0 : 0x08000000),
        stack_(stack) {
    if (bus.find_memory(stack_) == nullptr) bus.add_memory("far", stack_ - 0x1000, 0x2000, true);
    if (vectors_ != 0) return;
    bus.add_memory("itcm", 0, 0x1000, true);
    for (const Segment& segment : image.segments)
      bus.load(segment.address, segment.bytes.data(), segment.bytes.size());
  }

  /// With or without PendSV made pending in the handler of SVC.
  Passage pass(bool chains) {
    engine.reset(vectors_);
    Registers registers = engine.registers();
    registers.r[4] = kIcsr;
    registers.r[5] = chains ? kPendSv : 0;
    registers.r[13] = registers.msp = stack_;
    registers.r[15] = symbol("start");
    engine.set_registers(registers);
    Passage passage;
    reach("call");
    passage.entry = reach("svc_handler");
    reach("svc_return");
    if (chains) {
      passage.tail_chain = reach("pendsv_handler");
      reach("pendsv_return");
    }
    passage.exit = reach("back");
    return passage;
  }
  Cycles exception_cycles() const { return (*engine.stalls())[StallCause::exception]; }

 private:
  Cycles reach(const char* name) {
    const Cycles before = engine.counters().cycles;
    engine.add_probe(symbol(name));
    EXPECT_EQ(engine.run({before + 10'000}).pc, symbol(name)) << name;
    engine.remove_probe(symbol(name));
    return engine.counters().cycles - before;
  }

  Address vectors_, stack_;
};

struct Row {
  const char* part;
  Cycles entry, tail_chain, exit;  ///< Without the instruction before.
  Cycles call, back;               ///< SVC; BX, which the M7 issues beside a NOP.
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.part; }

class ExceptionTiming : public ::testing::TestWithParam<Row> {};

TEST_P(ExceptionTiming, TakesTheDocumentedCyclesAtZeroWaitStates) {
  const Row& row = GetParam();
  ExceptionBench bench(row.part);
  const Passage alone = bench.pass(false);
  EXPECT_EQ(alone.entry, row.call + row.entry);
  EXPECT_EQ(alone.exit, row.back + row.exit);
  const Passage chained = bench.pass(true);
  EXPECT_EQ(chained.tail_chain, row.back + row.tail_chain);
  EXPECT_EQ(chained.exit, row.back + row.exit);
  EXPECT_EQ(bench.engine.stalls()->sum(), bench.engine.counters().cycles);
}

INSTANTIATE_TEST_SUITE_P(Cores, ExceptionTiming,
                         ::testing::Values(Row{"stm32l4r5", 12, 6, 10, 1, 1},   // KB; 6: assumed
                                           Row{"stm32f103", 12, 6, 10, 1, 1},   // KB; 6: assumed
                                           Row{"stm32u575", 12, 6, 10, 1, 1},   // assumed to be as M4
                                           Row{"stm32h743", 12, 6, 10, 3, 0},   // 6, 10 assumed; LLVM: SVC 3
                                           Row{"stm32g0b1", 15, 8, 13, 1, 2}),  // 8 and 13 assumed
                         [](const auto& row) { return std::string(row.param.part); });

TEST(ExceptionTiming, AStackBehindABusMakesEntryAndReturnLonger) {
  ExceptionBench near("stm32h743"), far("stm32h743", 0x24001000);
  const Passage tightly = near.pass(false), over_axi = far.pass(false);
  EXPECT_GT(over_axi.exit, tightly.exit) << "eight words are read over AXI without a cache";
  EXPECT_EQ(far.engine.stalls()->sum(), far.engine.counters().cycles);
  EXPECT_EQ(far.exception_cycles() - near.exception_cycles(),
            over_axi.entry + over_axi.exit - tightly.entry - tightly.exit);
}

TEST(ExceptionTiming, StackingHidesAShortVectorRead) {
  const mcu_models::ExceptionParameters m4;
  EXPECT_EQ(cortex_m::entry_cycles(m4, 0, 3, false), 12u) << "KB: 6 + 3 cycles beside the 9 of the frame";
  EXPECT_EQ(cortex_m::entry_cycles(m4, 0, 5, false), 14u) << "KB: 6 + 5 cycles, 2 longer than the frame";
  EXPECT_EQ(cortex_m::entry_cycles(m4, 4, 5, false), 16u) << "KB: the longer of 9 + 4 and 6 + 5";
}

TEST(ExceptionTiming, OnOneBusTheVectorIsReadBehindTheFrame) {
  mcu_models::ExceptionParameters core;
  EXPECT_EQ(cortex_m::entry_cycles(core, 0, 0, true), 18u) << "KB: 9 and 6 one after the other";
  core.parallel = 0;
  EXPECT_EQ(cortex_m::entry_cycles(core, 0, 2, false), 14u) << "a core with one bus waits for all of it";
}

}  // namespace
}  // namespace mcusim::emulator
