#include "emulator/timing/pipeline_m33.h"

#include "micro_bench.h"

// firmware/micro_m33.S on an STM32U575 at 0 wait states. Every number is worked out from the rule beside it,
// plus 1 for the move that ends each sequence; none comes from the model's own tables. JNK: jnk0le/random,
// pipeline notes for Cortex-M33, counted with DWT on an RP2350; where it prints a sequence, that is the one.
// ARM: Arm KA001260. BOARD: whole programs on an STM32U575.
namespace mcusim::emulator {
namespace {

const MicroProgram kRows[] = {
    {"moves", 4 + 1, "JNK: 16-bit moves do not pair; its empty loop of 20 takes 20"},
    {"nops", 2 + 1, "JNK: NOP issues with the 16-bit instruction before"},
    {"sum_nop", 1 + 1, "JNK: NOP issues with arithmetic"},
    {"nop_sum", 2 + 1, "JNK: arithmetic is never the second of two"},
    {"load_nop", 1 + 1, "JNK: NOP issues with a load"},
    {"wide_nop", 2 + 1, "JNK: the first must be a 16-bit instruction"},
    {"sum_wide_nop", 2 + 1, "JNK: so must the second"},
    {"sums", 3 + 1, "JNK: a sum can be used in the next cycle"},
    {"shifted_use", 1 + 2 + 1, "JNK: result of a shifted operand after 2"},
    {"shifted_no_use", 2 + 1, "JNK: a latency costs only those that wait for it"},
    {"shifted_later", 3 + 1, "JNK: nothing when something else stands between"},
    {"rotated_use", 1 + 2 + 1, "JNK: result of a rotated constant after 2"},
    {"simple_constant", 2 + 1, "JNK: 8-bit constants are not rotated"},
    {"wide_constant", 2 + 1, "JNK: nor is ADDW"},
    {"pattern_constant", 2 + 1, "JNK: nor are byte patterns"},
    {"rotated_flags", 2 + 1, "JNK: flags from a rotated constant take 2"},
    {"shifted_flags", 1 + 1, "JNK: flags from a shifted register take 1"},
    {"move_rotated_flags", 1 + 1, "JNK: MOVS.W of any kind takes 1"},
    {"shifted_carry", 1 + 2 + 1, "JNK: but are there a cycle later"},
    {"muls", 2 + 1, "JNK, ARM: MULS takes 2"},
    {"mul_use", 1 + 2 + 1, "JNK: product after 2"},
    {"mla_chain", 3 + 1, "JNK: to the next accumulation after 1"},
    {"mla_factor", 1 + 2 + 1, "JNK: to a factor after 2"},
    {"smlal_chain", 3 + 1, "JNK: long ones chain as well"},
    {"smlad_chain", 2 + 1, "JNK: dual ones too"},
    {"shifted_to_mla", 2 + 1, "JNK: a shifted operand's result chains to an accumulator"},
    {"extend_to_mla", 2 + 1, "JNK: so does that of UXTAB"},
    {"mla_to_extend", 2 + 1, "JNK: UXTAB accumulates like a multiplication"},
    {"extend_use", 1 + 2 + 1, "JNK: UXTAB's result after 2"},
    {"mla_to_shifted", 1 + 2 + 1, "JNK: shifted operands do not take part in chains"},
    {"simd_use", 1 + 2 + 1, "JNK: parallel arithmetic after 2"},
    {"simd_to_mla", 1 + 2 + 1, "JNK: to an accumulator too"},
    {"saturate_use", 1 + 2 + 1, "JNK: QSUB after 2"},
    {"pack_use", 1 + 2 + 1, "JNK: PKHBT after 2"},
    {"insert_use", 2 + 1, "JNK: BFI after 1"},
    {"load_use", 1 + 2 + 1, "JNK: loaded word after 2"},
    {"load_later", 3 + 1, "JNK: one instruction between hides it"},
    {"load_to_mla", 2 + 1, "JNK: to an accumulator after 1"},
    {"load_to_factor", 1 + 2 + 1, "JNK: to a factor after 2"},
    {"load_to_extend", 1 + 2 + 1, "JNK: to what UXTAB adds to after 2"},
    {"load_to_store", 2 + 1, "JNK: to a store after 1"},
    {"mla_to_store", 2 + 1, "JNK: accumulation to a store after 1"},
    {"load_address", 1 + 2 + 1, "JNK: an address is an operand like others"},
    {"sum_address", 2 + 1, "JNK: a sum as an address after 1"},
    {"loads", 3 + 1, "JNK: loads follow each other every cycle"},
    {"store_load", 3 + 1, "JNK: stores and loads too, the load to its store after 1"},
    {"load_double", 2 + 1, "JNK: LDRD 2"},
    {"store_double", 2 + 1, "JNK: STRD 2"},
    {"load_multiple", 4 + 1, "JNK: LDM of N takes N"},
    {"multiple_first_use", 4 + 1 + 1, "the first word came three cycles before the last"},
    {"multiple_last_use", 4 + 2 + 1, "the last word comes like that of a load"},
    {"store_multiple", 3 + 1, "JNK: STM of N takes N"},
    {"push_pop", 2 + 2 + 1, "JNK: so do PUSH and POP"},
    {"unaligned_load", 1 + 1 + 1, "two accesses on a bus of 32 bits"},
    {"unaligned_inside", 1 + 1, "one where the word holds it"},
    {"literal", 2 + 1 + 1, "two moves need one word: fetching is ahead by one, which the shared bus loses"},
    {"literal_at_once", 1 + 1,
     "paired NOPs need a word a cycle, but the next instruction is in the same word"},
    {"wide_literal_at_once", 1 + 1 + 1, "in the next word: fetching, not ahead, waits for the shared bus"},
    {"two_buses", 2 + 1 + 2 + 1, "BOARD: loads in a row from different buses 1 more"},
    {"two_buses_apart", 2 + 3 + 1, "only in a row"},
    {"divide_small", 2 + 1, "recalled: 2 to 11; quotient 0 is the least"},
    {"divide_large", 11 + 1, "recalled: 2 to 11; a quotient of 32 bits is the most"},
    {"not_taken", 1 + 0 + 1, "JNK: a branch not taken issues with the comparison before"},
    {"not_taken_wide", 1 + 1 + 1, "JNK: unless it is a 32-bit instruction"},
    {"not_taken_multiple", 4 + 0 + 1, "JNK: branches issue with LDM too"},
    {"folded_it", 1 + 0 + 1 + 1, "JNK: IT issues with the instruction before"},
    {"it_after_wide", 1 + 1 + 1 + 1, "JNK: which must be a 16-bit one"},
    {"passed_rotated", 1 + 0 + 2 + 1, "JNK: 2 when the condition holds"},
    {"suppressed_rotated", 1 + 0 + 1 + 1, "JNK: 1 when it does not"},
    {"passed_shifted", 1 + 0 + 1 + 2 + 1, "JNK: the next one waits when the condition holds"},
    {"suppressed_shifted", 1 + 0 + 1 + 1 + 1, "JNK: not when it does not"},
    {"example", 1 + 1 + 2 + 1 + 2 + 0 + 1, "the worked example of docs/cycle-models.md"},
    {"branch", 1 + 2 + 1, "JNK: taken 2"},
    {"branch_paired", 1 + 1 + 1, "JNK: taken 1 behind a 16-bit instruction"},
    {"taken_after_flags", 1 + 2 + 1, "JNK: subs, bne: 1 and 2"},
    {"taken_after_move", 1 + 1 + 1 + 1, "JNK: subs, add, bne: 1, 1 and 1"},
    {"taken_after_multiple", 1 + 4 + 1 + 1, "JNK: subs, ldmia, bne: 1, 4 and 1"},
    {"loop", 1 + 3 * (1 + 1) + 2 * 2 + 0 + 1, "JNK: twice taken behind its flags, then not"},
    {"loop_apart", 1 + 3 * (1 + 1 + 1) + 2 * 1 + 0 + 1, "JNK: its template's loop end, 1 taken and 0 not"},
    {"branch_half", 1 + 2 + 1, "a 16-bit target needs one fetch wherever it lies"},
    {"branch_wide_half", 1 + 2 + 1 + 1 + 1, "BOARD: a 32-bit target at a half-word 1 more"},
    {"branch_wide_word", 1 + 2 + 1 + 1, "BOARD: on a word it is not"},
    {"no_pair_at_half", 1 + 2 + 1 + 1 + 1, "JNK: the second of a pair must have been fetched"},
    {"call", 2 + 2 + 1, "JNK: BL and BX taken 2; nothing before BX to pair with"},
    {"zero_taken", 1 + 2 + 1, "JNK: taken 2"},
    {"fp_load_use", 2 + 1, "JNK: VLDR's word after 1"},
    {"fp_early", 2 + 1, "JNK: arithmetic may issue a cycle before its operand is there"},
    {"fp_early_blocks", 1 + 1 + 2 + 1, "JNK: and then the next FP instruction waits"},
    {"fp_independent", 3 + 1, "JNK: sums and products issue every cycle"},
    {"fp_early_store", 5 + 1, "JNK, as printed: the store is in time behind two others"},
    {"fp_mac_blocks", 1 + 2 + 1 + 1, "JNK: no FP instruction in the 2 cycles behind VFMA"},
    {"fp_mac_load", 1 + 2 + 1 + 1, "JNK: not even a load"},
    {"fp_mac_chain", 4 + 1, "JNK, as printed: accumulator after 3"},
    {"fp_mac_use", 5 + 3 + 1, "JNK, as printed, others after 4; then 2 cycles are blocked"},
    {"fp_mac_early", 6 + 1, "JNK, as printed: factor early, accumulator in time behind three others"},
    {"fp_two_sums", 4 + 1, "JNK, as printed: two accumulators"},
    {"fp_one_sum", 9 + 1, "JNK, as printed: one accumulator"},
    {"fp_to_core", 1 + 2 + 1, "JNK: one register to the core after 2"},
    {"fp_from_core", 2 + 1, "JNK: from the core after 1"},
    {"fp_pair_to_core", 2 + 1 + 1, "JNK: two to the core take 2 and are there after 1"},
    {"fp_pair_from_core", 1 + 2 + 1, "JNK: two from the core take 1 and are there after 2"},
    {"fp_double_load", 2 + 1, "JNK: load double 2"},
    {"fp_multiple_load", 4 + 1, "JNK: load of N words N"},
    {"fp_divide_hidden", 3 + 1, "recalled: division runs in the background"},
};

class MicroM33 : public ::testing::TestWithParam<MicroProgram> {};

TEST_P(MicroM33, TakesTheCyclesOfItsRule) {
  MicroBench bench(mcu_models::load_mcu("stm32u575"), MCUSIM_MICRO_M33);
  EXPECT_EQ(bench.measure(GetParam().name), GetParam().cycles) << GetParam().rule;
}

TEST_P(MicroM33, SpendsEveryCycleOnOneCause) {
  MicroBench bench(mcu_models::load_mcu("stm32u575"), MCUSIM_MICRO_M33);
  bench.measure(GetParam().name);
  const StallCycles stalls = *bench.engine.stalls();
  EXPECT_EQ(stalls.sum(), bench.engine.counters().cycles);
  EXPECT_EQ(stalls[StallCause::exception], 0u);
}

INSTANTIATE_TEST_SUITE_P(All, MicroM33, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace mcusim::emulator
