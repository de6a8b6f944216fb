#include "emulator/timing/classifier.h"

#include <gtest/gtest.h>

#include "common/error.h"
#include "emulator/timing/table_timing.h"

namespace mcusim::emulator {
namespace {

using enum InstructionClass;

struct Row {
  const char* text;
  std::uint32_t encoding;  ///< As the GNU assembler 2.40 gives it; of a wide one the first half-word is high.
  unsigned size;
  InstructionClass instruction_class;
  unsigned items;
  bool writes_pc;
  bool conditional;
};

// clang-format off
const Row kRows[] = {
    {"adds r0, r1, r2", 0x1888, 2, alu, 0, false, false},
    {"add.w r0, r1, r2, lsl #3", 0xeb0100c2, 4, alu_shifted, 0, false, false},
    {"mov r8, r1", 0x4688, 2, alu, 0, false, false},
    {"mvn r0, #5", 0xf06f0005, 4, alu, 0, false, false},
    {"cmp r0, #4", 0x2804, 2, alu, 0, false, false},
    {"adr r0, .+8", 0xa001, 2, alu, 0, false, false},
    {"lsls r0, r1, #4", 0x0108, 2, shift, 0, false, false},
    {"asr.w r0, r1, r2", 0xfa41f002, 4, shift, 0, false, false},
    {"ror r0, r1, #4", 0xea4f1031, 4, shift, 0, false, false},
    {"movw r0, #0x1234", 0xf2412034, 4, move_wide, 0, false, false},
    {"movt r0, #0x1234", 0xf2c12034, 4, move_wide, 0, false, false},
    {"ubfx r0, r1, #3, #5", 0xf3c100c4, 4, bit_field, 0, false, false},
    {"bfi r0, r1, #3, #5", 0xf36100c7, 4, bit_field, 0, false, false},
    {"uxtb r0, r1", 0xb2c8, 2, extend, 0, false, false},
    {"sxtb16 r0, r1, ror #8", 0xfa2ff091, 4, extend, 0, false, false},
    {"sxtab r0, r1, r2", 0xfa41f082, 4, extend_add, 0, false, false},
    {"rev r0, r1", 0xba08, 2, reverse, 0, false, false},
    {"rbit r0, r1", 0xfa91f0a1, 4, reverse, 0, false, false},
    {"clz r0, r1", 0xfab1f081, 4, count_zeros, 0, false, false},
    {"pkhbt r0, r1, r2, lsl #4", 0xeac11002, 4, pack, 0, false, false},
    {"ssat r0, #8, r1", 0xf3010007, 4, saturate, 0, false, false},
    {"usat16 r0, #8, r1", 0xf3a10008, 4, saturate, 0, false, false},
    {"qadd r0, r1, r2", 0xfa82f081, 4, saturate, 0, false, false},
    {"qadd8 r0, r1, r2", 0xfa81f012, 4, simd, 0, false, false},
    {"uadd8 r0, r1, r2", 0xfa81f042, 4, simd, 0, false, false},
    {"sel r0, r1, r2", 0xfaa1f082, 4, simd, 0, false, false},
    {"usada8 r0, r1, r2, r3", 0xfb713002, 4, simd, 0, false, false},
    {"muls r0, r1, r0", 0x4348, 2, multiply, 0, false, false},
    {"mul r0, r1, r2", 0xfb01f002, 4, multiply, 0, false, false},
    {"mla r0, r1, r2, r3", 0xfb013002, 4, multiply_accumulate, 0, false, false},
    {"mls r0, r1, r2, r3", 0xfb013012, 4, multiply_accumulate, 0, false, false},
    {"umull r0, r1, r2, r3", 0xfba20103, 4, multiply_long, 0, false, false},
    {"smlal r0, r1, r2, r3", 0xfbc20103, 4, multiply_accumulate_long, 0, false, false},
    {"umaal r0, r1, r2, r3", 0xfbe20163, 4, multiply_accumulate_long, 0, false, false},
    {"smulbb r0, r1, r2", 0xfb11f002, 4, dsp_multiply, 0, false, false},
    {"smuad r0, r1, r2", 0xfb21f002, 4, dsp_multiply, 0, false, false},
    {"smmul r0, r1, r2", 0xfb51f002, 4, dsp_multiply, 0, false, false},
    {"smlad r0, r1, r2, r3", 0xfb213002, 4, dsp_accumulate, 0, false, false},
    {"smlabt r0, r1, r2, r3", 0xfb113012, 4, dsp_accumulate, 0, false, false},
    {"smlald r0, r1, r2, r3", 0xfbc201c3, 4, dsp_accumulate, 0, false, false},
    {"sdiv r0, r1, r2", 0xfb91f0f2, 4, divide, 0, false, false},
    {"ldr r0, [r1, #4]", 0x6848, 2, load, 0, false, false},
    {"ldrb.w r0, [r1], #1", 0xf8110b01, 4, load, 0, false, false},
    {"ldr r0, [pc, #8]", 0x4802, 2, load, 0, false, false},
    {"ldrsh r0, [r1, r2]", 0x5e88, 2, load_register, 0, false, false},
    {"ldr.w r0, [r1, r2, lsl #2]", 0xf8510022, 4, load_register, 0, false, false},
    {"ldr.w pc, [r1, #4]", 0xf8d1f004, 4, load_pc, 0, true, false},
    {"ldr pc, [sp], #4", 0xf85dfb04, 4, load_pc, 0, true, false},
    {"ldrd r0, r1, [r2]", 0xe9d20100, 4, load_double, 0, false, false},
    {"ldm r0, {r1-r5}", 0xe890003e, 4, load_multiple, 5, false, false},
    {"ldm r0!, {r1, r2}", 0xc806, 2, load_multiple, 2, false, false},
    {"pop {r4, r5, lr}", 0xe8bd4030, 4, load_multiple, 3, false, false},
    {"pop {r4-r7, pc}", 0xbdf0, 2, load_multiple, 5, true, false},
    {"ldmdb r0!, {r1, r2, pc}", 0xe9308006, 4, load_multiple, 3, true, false},
    {"ldrex r0, [r1]", 0xe8510f00, 4, load_exclusive, 0, false, false},
    {"str r0, [r1, #4]", 0x6048, 2, store, 0, false, false},
    {"strh r0, [r1, r2]", 0x5288, 2, store_register, 0, false, false},
    {"strd r0, r1, [r2]", 0xe9c20100, 4, store_double, 0, false, false},
    {"stm r0!, {r1-r4}", 0xc01e, 2, store_multiple, 4, false, false},
    {"push {r4-r7, lr}", 0xb5f0, 2, store_multiple, 5, false, false},
    {"stmdb r8!, {r1, r2}", 0xe9280006, 4, store_multiple, 2, false, false},
    {"strex r0, r1, [r2]", 0xe8421000, 4, store_exclusive, 0, false, false},
    {"b .+100", 0xe030, 2, branch, 0, true, false},
    {"b.w .+4000", 0xf000bfce, 4, branch, 0, true, false},
    {"beq .+20", 0xd008, 2, branch_conditional, 0, true, true},
    {"bne.w .+4000", 0xf04087ce, 4, branch_conditional, 0, true, true},
    {"cbz r0, .+8", 0xb110, 2, branch_compare, 0, true, true},
    {"cbnz r0, .+8", 0xb910, 2, branch_compare, 0, true, true},
    {"bl .+100", 0xf000f830, 4, branch_link, 0, true, false},
    {"bx lr", 0x4770, 2, branch_register, 0, true, false},
    {"blx r3", 0x4798, 2, branch_register, 0, true, false},
    {"mov pc, r0", 0x4687, 2, branch_register, 0, true, false},
    {"add pc, r0", 0x4487, 2, branch_register, 0, true, false},
    {"tbb [pc, r0]", 0xe8dff000, 4, branch_table, 0, true, false},
    {"tbh [pc, r0, lsl #1]", 0xe8dff010, 4, branch_table, 0, true, false},
    {"it eq", 0xbf08, 2, if_then, 0, false, false},
    {"nop", 0xbf00, 2, nop, 0, false, false},
    {"nop.w", 0xf3af8000, 4, nop, 0, false, false},
    {"yield", 0xbf10, 2, nop, 0, false, false},
    {"sev", 0xbf40, 2, nop, 0, false, false},
    {"pld [r0]", 0xf890f000, 4, nop, 0, false, false},
    {"wfi", 0xbf30, 2, wait, 0, false, false},
    {"wfe", 0xbf20, 2, wait, 0, false, false},
    {"mrs r0, primask", 0xf3ef8010, 4, status, 0, false, false},
    {"msr basepri, r0", 0xf3808811, 4, status, 0, false, false},
    {"cpsid i", 0xb672, 2, system, 0, false, false},
    {"clrex", 0xf3bf8f2f, 4, system, 0, false, false},
    {"dmb", 0xf3bf8f5f, 4, barrier, 0, false, false},
    {"dsb", 0xf3bf8f4f, 4, barrier, 0, false, false},
    {"isb", 0xf3bf8f6f, 4, barrier, 0, false, false},
    {"svc #1", 0xdf01, 2, exception, 0, false, false},
    {"bkpt #1", 0xbe01, 2, exception, 0, false, false},
    {"udf #1", 0xde01, 2, exception, 0, false, false},
    {"vadd.f32 s0, s1, s2", 0xee300a81, 4, fp_add, 0, false, false},
    {"vmul.f32 s0, s1, s2", 0xee200a81, 4, fp_multiply, 0, false, false},
    {"vmla.f32 s0, s1, s2", 0xee000a81, 4, fp_chained_mac, 0, false, false},
    {"vfma.f32 s0, s1, s2", 0xeea00a81, 4, fp_fused_mac, 0, false, false},
    {"vfnms.f32 s0, s1, s2", 0xee900a81, 4, fp_fused_mac, 0, false, false},
    {"vdiv.f32 s0, s1, s2", 0xee800a81, 4, fp_divide, 0, false, false},
    {"vsqrt.f32 s0, s1", 0xeeb10ae0, 4, fp_square_root, 0, false, false},
    {"vcmp.f32 s0, #0", 0xeeb50a40, 4, fp_compare, 0, false, false},
    {"vmaxnm.f32 s0, s1, s2", 0xfe800a81, 4, fp_compare, 0, false, false},
    {"vcvt.s32.f32 s0, s1", 0xeebd0ae0, 4, fp_convert, 0, false, false},
    {"vcvta.s32.f32 s0, s1", 0xfebc0ae0, 4, fp_convert, 0, false, false},
    {"vrintz.f32 s0, s1", 0xeeb60ae0, 4, fp_convert, 0, false, false},
    {"vmov.f32 s0, s1", 0xeeb00a60, 4, fp_move, 0, false, false},
    {"vmov.f32 s0, #1.0", 0xeeb70a00, 4, fp_move, 0, false, false},
    {"vabs.f32 s0, s1", 0xeeb00ae0, 4, fp_move, 0, false, false},
    {"vselgt.f32 s0, s1, s2", 0xfe300a81, 4, fp_move, 0, false, false},
    {"vmov s0, r1", 0xee001a10, 4, fp_move_core, 0, false, false},
    {"vmov r1, s0", 0xee101a10, 4, fp_move_core, 0, false, false},
    {"vmrs apsr_nzcv, fpscr", 0xeef1fa10, 4, fp_move_core, 0, false, false},
    {"vmsr fpscr, r0", 0xeee10a10, 4, fp_move_core, 0, false, false},
    {"vmov r0, r1, d0", 0xec510b10, 4, fp_move_core_pair, 0, false, false},
    {"vmov s0, s1, r0, r1", 0xec410a10, 4, fp_move_core_pair, 0, false, false},
    {"vldr s0, [r0]", 0xed900a00, 4, fp_load, 0, false, false},
    {"vldr d0, [r0]", 0xed900b00, 4, fp_load_double, 0, false, false},
    {"vstr s0, [r0]", 0xed800a00, 4, fp_store, 0, false, false},
    {"vstr d0, [r0]", 0xed800b00, 4, fp_store_double, 0, false, false},
    {"vldm r0!, {s0-s6}", 0xecb00a07, 4, fp_load_multiple, 7, false, false},
    {"vpop {d8-d9}", 0xecbd8b04, 4, fp_load_multiple, 4, false, false},
    {"vstm r0, {d0-d2}", 0xec800b06, 4, fp_store_multiple, 6, false, false},
    {"vpush {s16-s18}", 0xed2d8a03, 4, fp_store_multiple, 3, false, false},
    {"vadd.f64 d0, d1, d2", 0xee310b02, 4, fp64_add, 0, false, false},
    {"vmul.f64 d0, d1, d2", 0xee210b02, 4, fp64_multiply, 0, false, false},
    {"vmla.f64 d0, d1, d2", 0xee010b02, 4, fp64_chained_mac, 0, false, false},
    {"vfma.f64 d0, d1, d2", 0xeea10b02, 4, fp64_fused_mac, 0, false, false},
    {"vdiv.f64 d0, d1, d2", 0xee810b02, 4, fp64_divide, 0, false, false},
    {"vsqrt.f64 d0, d1", 0xeeb10bc1, 4, fp64_square_root, 0, false, false},
    {"vcmp.f64 d0, d1", 0xeeb40b41, 4, fp64_compare, 0, false, false},
    {"vcvt.f64.f32 d0, s1", 0xeeb70ae0, 4, fp64_convert, 0, false, false},
    {"vcvt.s32.f64 s0, d1", 0xeebd0bc1, 4, fp64_convert, 0, false, false},
    {"vmov.f64 d0, d1", 0xeeb00b41, 4, fp64_move, 0, false, false},
    {"vneg.f64 d0, d1", 0xeeb10b41, 4, fp64_move, 0, false, false},
};
// clang-format on

TEST(Classifier, SortsEveryKindOfInstruction) {
  const Classifier classifier;
  for (const Row& row : kRows) {
    const std::uint32_t first = row.size == 4 ? row.encoding >> 16 : row.encoding;
    const std::uint32_t second = row.encoding & 0xffff;
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(first >> 8),
                                  static_cast<std::uint8_t>(second), static_cast<std::uint8_t>(second >> 8)};
    const Classification result = classifier.classify(bytes, row.size);
    EXPECT_EQ(name_of(result.instruction_class), name_of(row.instruction_class)) << row.text;
    EXPECT_EQ(result.items, row.items) << row.text;
    EXPECT_EQ(result.writes_pc, row.writes_pc) << row.text;
    EXPECT_EQ(result.conditional, row.conditional) << row.text;
  }
}

TEST(Classifier, EveryClassIsReached) {
  std::array<bool, kInstructionClassCount> reached{};
  for (const Row& row : kRows) reached[static_cast<std::size_t>(row.instruction_class)] = true;
  for (std::size_t i = 0; i < reached.size(); ++i) EXPECT_TRUE(reached[i]) << kInstructionClassNames[i];
}

TEST(TableTiming, AddsItemsAndTakenBranches) {
  mcu_models::CoreModel core;
  core.costs = {{"load_multiple", {1, 2, 3}}, {"branch_conditional", {1, 0, 2}}};
  const TableTiming timing(core);
  const TableTiming::Cost pop = timing.cost({load_multiple, 5, true, false});
  EXPECT_EQ(pop.cycles, 1u + 2u * 5u);
  EXPECT_EQ(pop.taken, 3u);
  EXPECT_EQ(timing.cost({load_multiple, 2, false, false}).taken, 0u);
  EXPECT_EQ(timing.cost({branch_conditional, 0, true, true}).taken, 2u);
  EXPECT_EQ(timing.cost({alu, 0, false, false}).cycles, 1u) << "what the table does not name costs one cycle";
}

TEST(TableTiming, ABranchThatTheTableGivesNoTimeTakesACycle) {
  mcu_models::CoreModel core;
  core.costs = {{"branch", {0, 0, 0}}, {"branch_conditional", {0, 0, 2}}};
  const TableTiming timing(core);
  EXPECT_EQ(timing.cost({branch, 0, true, false}).cycles, 1u);
  EXPECT_EQ(timing.cost({branch_conditional, 0, true, true}).cycles, 0u) << "taken, it has its time";
}

TEST(TableTiming, AClassThatDoesNotExistIsRefused) {
  mcu_models::CoreModel core;
  core.name = "cortex-m9";
  core.costs["aluu"] = {};
  try {
    const TableTiming timing(core);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("'aluu'"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace mcusim::emulator
