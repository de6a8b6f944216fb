#include "emulator/timing/pipeline_m0.h"

#include "micro_bench.h"

// firmware/micro_m0.S at 0 wait states on a Cortex-M0+ and on a Cortex-M0. TRM: Arm DDI 0484C table 3.1 for
// M0+, DDI 0432C table 3-1 for M0. JNK: jnk0le/random, notes on Cortex-M0. Where only the M0+ manual is
// quoted, both agree.
namespace mcusim::emulator {
namespace {

struct Row {
  const char* name;
  Cycles plus, zero;  ///< Cycles on M0+ and on M0.
  const char* rule;
};

const Row kRows[] = {
    {"nop_", 1, 1, "TRM: NOP 1"},
    {"sums", 4, 4, "TRM: ADD, SUB, ADC 1"},
    {"logic", 4, 4, "TRM: AND, ORR, MVN, TST 1"},
    {"shifts", 3, 3, "TRM: shifts 1"},
    {"extends", 4, 4, "TRM: SXTB, UXTH, REV 1"},
    {"multiply", 1, 1, "TRM: MULS 1 with the fast multiplier"},
    {"load", 2, 2, "TRM: LDR 2"},
    {"load_byte", 2, 2, "TRM: LDRB 2"},
    {"load_offset", 2, 2, "TRM: register offsets 2 as well"},
    {"load_use", 2 + 1, 2 + 1, "JNK: a loaded word can be used at once"},
    {"load_address", 2 + 2, 2 + 2, "JNK: as an address too"},
    {"loads", 3 * 2, 3 * 2, "TRM: loads do not overlap"},
    {"load_literal", 2, 2, "TRM: LDR 2"},
    {"store", 2, 2, "TRM: STR 2"},
    {"store_offset", 2, 2, "TRM: STRH 2"},
    {"store_load", 2 + 2, 2 + 2, "TRM: no buffer behind which anything waits"},
    {"load_multiple", 1 + 3, 1 + 3, "TRM: LDM 1 + N"},
    {"store_multiple", 1 + 4, 1 + 4, "TRM: STM 1 + N"},
    {"push", 1 + 3, 1 + 3, "TRM: PUSH 1 + N, LR counts"},
    {"pop", 1 + 2, 1 + 2, "TRM: POP 1 + N"},
    {"return_", (1 + 2) + (3 + 2), (1 + 2) + (4 + 2), "TRM: POP with PC 3 + N, on M0 4 + N; N counts PC"},
    {"not_taken", 1 + 1, 1 + 1, "TRM: B<cond> not taken 1"},
    {"status", 3, 4, "TRM: MRS 3; on M0 4"},
    {"status_write", 3, 4, "TRM: MSR 3; on M0 4"},
    {"masks", 1, 1, "TRM: CPS 1"},
    {"barrier", 3, 4, "TRM: DSB 3; on M0 4"},
    {"rotate_by_16", 2, 2, "JNK: REV16 and REV rotate by 16 in 2"},
    {"middle_bytes", 3, 3, "JNK: the two middle bytes in 3"},
    {"example", 2 + 2 + 1 + 1 + 1 + 1 + 2, 2 + 2 + 1 + 1 + 1 + 1 + 3,
     "the worked example of docs/cycle-models.md"},
    {"copy_words", 4 * (4 + 4 + 1) + 3 * 2 + 1, 4 * (4 + 4 + 1) + 3 * 3 + 1,
     "TRM: three words each way, taken 2 (M0: 3), once not"},
    {"branch", 2, 3, "TRM: B 2; on M0 3"},
    {"taken", 1 + 2, 1 + 3, "TRM: B<cond> taken 2; on M0 3"},
    {"call", 3 + 2, 4 + 3, "TRM: BL 3, BX 2; on M0 4 and 3"},
    {"call_register", 1 + 1 + 2 + 2, 1 + 1 + 3 + 3, "TRM: BLX 2, BX 2; on M0 3 and 3"},
    {"computed", 1 + 1 + 2 + 1, 1 + 1 + 3 + 1, "TRM: ADD to PC 2; on M0 3; the NOP it goes to 1"},
    {"count_down", 4 + 3 * 2 + 1, 4 + 3 * 3 + 1, "TRM: three taken, one not"},
    {"dot_product", 4 * (2 + 2 + 5) + 3 * 2 + 1, 4 * (2 + 2 + 5) + 3 * 3 + 1,
     "TRM: two loads and five others"},
};

class MicroM0 : public ::testing::TestWithParam<std::tuple<Row, bool>> {
 protected:
  Row row() const { return std::get<0>(GetParam()); }
  bool plus() const { return std::get<1>(GetParam()); }
  MicroBench bench_{mcu_models::load_mcu(plus() ? "stm32g0b1" : MCUSIM_M0_PART), MCUSIM_MICRO_M0};
};

TEST_P(MicroM0, TakesTheCyclesOfItsRule) {
  EXPECT_EQ(bench_.measure(row().name), plus() ? row().plus : row().zero) << row().rule;
}

TEST_P(MicroM0, SpendsEveryCycleOnOneCause) {
  bench_.measure(row().name);
  const Counters& counters = bench_.engine.counters();
  const StallCycles stalls = *bench_.engine.stalls();
  EXPECT_EQ(stalls.sum(), counters.cycles);
  EXPECT_EQ(stalls[StallCause::issue], counters.instructions);
  EXPECT_EQ(stalls[StallCause::exception], 0u);
}

INSTANTIATE_TEST_SUITE_P(All, MicroM0, ::testing::Combine(::testing::ValuesIn(kRows), ::testing::Bool()),
                         [](const auto& row) {
                           return std::string(std::get<0>(row.param).name) +
                                  (std::get<1>(row.param) ? "_m0plus" : "_m0");
                         });

}  // namespace
}  // namespace mcusim::emulator
