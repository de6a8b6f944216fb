#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "test_cores.h"

// Corner cases worked by hand from the pseudocode of DDI 0403E A7.7. Encodings are what arm-none-eabi-as
// gives.
namespace mcusim::emulator::cortex_m::testing {
namespace {

constexpr Address kCode = 0x10000000, kRam = 0x20000000;

struct Case {
  const char* text;
  std::vector<std::uint16_t> code;
  std::vector<std::uint32_t> before;  ///< r0, r1..
  const char* flags_before;           ///< Of "NZCVQ" those that are set.
  std::vector<std::uint32_t> after;
  const char* flags_after;
  std::optional<std::uint32_t> ge_before{}, ge_after{};
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.text; }

std::uint32_t flags_of(const std::string& letters) {
  std::uint32_t flags = 0;
  for (const char letter : letters) flags |= 1u << (31 - std::string("NZCVQ").find(letter));
  return flags;
}

class Bench {
 public:
  explicit Bench(const std::string& core) : mcu_(make_core(core)), engine(mcu_, bus, scheduler) {
    bus.add_memory("code", kCode, 0x1000, true);
    bus.add_memory("ram", kRam, 0x1000, true);
    state().r[13] = kRam + 0x800;
    state().pc = kCode;
  }
  CpuState& state() { return engine.core().state; }
  /// Executes `count` instructions of one cycle each.
  Stop execute(const std::vector<std::uint16_t>& code, unsigned count) {
    bus.load(kCode, code.data(), code.size() * 2);
    return engine.run({engine.counters().cycles + count});
  }

 private:
  mcu_models::McuModel mcu_;

 public:
  Bus bus;
  Scheduler scheduler;
  NativeEngine engine;
};

class Thumb : public ::testing::TestWithParam<Case> {};

TEST_P(Thumb, Executes) {
  const Case& c = GetParam();
  Bench bench("cortex-m33");
  for (std::size_t i = 0; i < c.before.size(); ++i) bench.state().r[i] = c.before[i];
  bench.state().set_nzcv(flags_of(c.flags_before));
  bench.state().q = flags_of(c.flags_before) >> 27 & 1;
  if (c.ge_before) bench.state().ge = *c.ge_before;
  const Stop stop = bench.execute(c.code, 1);
  EXPECT_EQ(stop.reason, StopReason::cycle_limit) << stop.detail;
  for (std::size_t i = 0; i < c.after.size(); ++i) EXPECT_EQ(bench.state().r[i], c.after[i]) << "r" << i;
  EXPECT_EQ(bench.state().apsr() & 0xf8000000u, flags_of(c.flags_after)) << "flags";
  EXPECT_EQ(bench.state().ge, c.ge_after.value_or(bench.state().ge)) << "GE";
}

const Case kCases[] = {
    {"thumb: lsls r0, r1, #2", {0x0088}, {0, 0x40000001}, "", {4}, "C"},
    {"thumb: lsls r0, r1, #2 keeps V", {0x0088}, {0, 0x20000000}, "CV", {0x80000000}, "NV"},
    {"thumb: lsrs r0, r1, #32 takes the carry from bit 31", {0x0808}, {0, 0x80000000}, "", {0}, "ZC"},
    {"thumb: asrs r0, r1, #32 fills with the sign", {0x1008}, {0, 0x80000000}, "", {0xffffffff}, "NC"},
    {"thumb: lsls r0, r1 by 0 keeps the carry", {0x4088}, {5, 0x100}, "C", {5}, "C"},
    {"thumb: lsls r0, r1 by 32", {0x4088}, {1, 32}, "", {0}, "ZC"},
    {"thumb: lsls r0, r1 by 33", {0x4088}, {1, 33}, "C", {0}, "Z"},
    {"thumb: rors r0, r1 by 32 keeps the value, carry is bit 31",
     {0x41c8},
     {0x80000001, 32},
     "",
     {0x80000001},
     "NC"},
    {"thumb: adcs r0, r1 carries out of the carry in", {0x4148}, {0xffffffff, 0}, "C", {0}, "ZC"},
    {"thumb: adcs r0, r1 overflows", {0x4148}, {0x7fffffff, 0}, "C", {0x80000000}, "NV"},
    {"thumb: sbcs r0, r1 with borrow", {0x4188}, {5, 5}, "", {0xffffffff}, "N"},
    {"thumb: rsbs r0, r1, #0 of the smallest number overflows",
     {0x4248},
     {0, 0x80000000},
     "",
     {0x80000000},
     "NV"},
    {"thumb: rsbs r0, r1, #0 of zero borrows nothing", {0x4248}, {1, 0}, "", {0}, "ZC"},
    {"thumb: ands.w r0, r1, #0xff000000 takes the carry from the constant",
     {0xf011, 0x407f},
     {0, 0x12345678},
     "",
     {0x12000000},
     "C"},
    {"thumb: adds.w r0, r1, r2, lsl #31", {0xeb11, 0x70c2}, {0, 0x80000000, 1}, "", {0}, "ZCV"},
    {"thumb: subs.w r0, r1, r2, rrx shifts the carry in", {0xebb1, 0x0032}, {0, 0, 2}, "C", {0x7fffffff}, ""},
    {"thumb: bfi r0, r1, #4, #8", {0xf361, 0x100b}, {0xffffffff, 0xab00}, "", {0xfffff00f}, ""},
    {"thumb: sbfx r0, r1, #31, #1", {0xf341, 0x70c0}, {0, 0x80000000}, "", {0xffffffff}, ""},
    {"thumb: ubfx r0, r1, #0, #32", {0xf3c1, 0x001f}, {0, 0xdeadbeef}, "", {0xdeadbeef}, ""},
    {"thumb: ssat r0, #8, r1, asr #4 saturates", {0xf321, 0x1007}, {0, 0x7ff0}, "", {127}, "Q"},
    {"thumb: ssat r0, #8, r1, asr #4 within the range",
     {0xf321, 0x1007},
     {0, 0xfffff800},
     "",
     {0xffffff80},
     ""},
    {"thumb: usat r0, #0, r1 leaves only zero", {0xf381, 0x0000}, {9, 1}, "", {0}, "Q"},
    {"thumb: qadd r0, r1, r2", {0xfa82, 0xf081}, {0, 0x7fffffff, 1}, "", {0x7fffffff}, "Q"},
    {"thumb: qdsub r0, r1, r2 saturates the doubling first",
     {0xfa82, 0xf0b1},
     {0, 0x7fffffff, 0x60000000},
     "",
     {0},
     "Q"},
    {"thumb: Q is sticky", {0xfa82, 0xf081}, {0, 1, 1}, "Q", {2}, "Q"},
    {"thumb: sadd8 r0, r1, r2 sets GE where a sum is not negative",
     {0xfa81, 0xf002},
     {0, 0x7f80ff01, 0x01010101},
     "",
     {0x80810002},
     "",
     0,
     11},
    {"thumb: usub16 r0, r1, r2 sets GE where nothing is borrowed",
     {0xfad1, 0xf042},
     {0, 0x00010005, 0x00020004},
     "",
     {0xffff0001},
     "",
     15,
     3},
    {"thumb: sel r0, r1, r2", {0xfaa1, 0xf082}, {0, 0x11223344, 0xaabbccdd}, "", {0x11bb33dd}, "", 10, 10},
    {"thumb: smlad r0, r1, r2, r3 overflows into Q",
     {0xfb21, 0x3002},
     {0, 0x80008000, 0x80008000, 0},
     "",
     {0x80000000},
     "Q"},
    {"thumb: smladx r0, r1, r2, r3", {0xfb21, 0x3012}, {0, 0x00020003, 0x00050007, 100}, "", {129}, ""},
    {"thumb: smmulr r0, r1, r2 rounds", {0xfb51, 0xf012}, {0, 0x00010000, 0x00008000}, "", {1}, ""},
    {"thumb: smlald r0, r1, r2, r3 carries into the high word",
     {0xfbc2, 0x01c3},
     {0xffffffff, 0, 1, 1},
     "",
     {0, 1},
     ""},
    {"thumb: umaal r0, r1, r2, r3 cannot overflow",
     {0xfbe2, 0x0163},
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     "",
     {0xffffffff, 0xffffffff},
     ""},
    {"thumb: sdiv r0, r1, r2 of the smallest number by -1",
     {0xfb91, 0xf0f2},
     {0, 0x80000000, 0xffffffff},
     "",
     {0x80000000},
     ""},
    {"thumb: sdiv r0, r1, r2 rounds towards zero",
     {0xfb91, 0xf0f2},
     {0, 0xfffffff9, 2},
     "",
     {0xfffffffd},
     ""},
    {"thumb: udiv r0, r1, r2 by zero gives zero", {0xfbb1, 0xf0f2}, {7, 5, 0}, "", {0}, ""},
    {"thumb: pkhbt r0, r1, r2, lsl #16", {0xeac1, 0x4002}, {0, 0x1111aaaa, 0x2222bbbb}, "", {0xbbbbaaaa}, ""},
    {"thumb: rev16 r0, r1", {0xba48}, {0, 0x11223344}, "", {0x22114433}, ""},
    {"thumb: rbit r0, r1", {0xfa91, 0xf0a1}, {0, 0x80000002}, "", {0x40000001}, ""},
    {"thumb: clz r0, r1 of zero", {0xfab1, 0xf081}, {0, 0}, "", {32}, ""},
    {"thumb: cmp r0, r1 of equals", {0x4288}, {3, 3}, "NV", {3}, "ZC"},
    {"thumb: cmn r0, r1 overflows", {0x42c8}, {0x80000000, 0x80000000}, "", {0x80000000}, "ZCV"},
    {"thumb: tst r0, r1 keeps C and V", {0x4208}, {0x80000000, 0xffffffff}, "CV", {0x80000000}, "NCV"},
    {"thumb: movt r0, #0x1234", {0xf2c1, 0x2034}, {0xffffabcd}, "", {0x1234abcd}, ""},
    {"thumb: muls r0, r1, r0 keeps C and V", {0x4348}, {0x10000, 0x10000}, "CV", {0}, "ZCV"},
    {"thumb: uxtab r0, r1, r2, ror #8", {0xfa51, 0xf092}, {0, 1, 0x0000ff00}, "", {0x100}, ""},
    {"thumb: sxtb16 r0, r1, ror #24", {0xfa2f, 0xf0b1}, {0, 0x80007f00}, "", {0x007fff80}, ""},
    {"thumb: add sp, r1 keeps SP aligned", {0x448d}, {0, 7}, "", {0, 7}, ""},
};
INSTANTIATE_TEST_SUITE_P(Cases, Thumb, ::testing::ValuesIn(kCases));

TEST(ThumbMemory, LdrsbWithPostIndexExtendsAndMovesTheBase) {
  Bench bench("cortex-m4");
  const std::uint8_t byte = 0x80;
  bench.bus.load(kRam + 5, &byte, 1);
  bench.state().r[1] = kRam + 5;
  bench.execute({0xf911, 0x0901}, 1);  // ldrsb.w r0, [r1], #-1
  EXPECT_EQ(bench.state().r[0], 0xffffff80u);
  EXPECT_EQ(bench.state().r[1], kRam + 4);
}

TEST(ThumbMemory, StrStoresTheStackPointer) {
  Bench bench("cortex-m7");
  bench.state().r[5] = kRam;
  const Stop stop = bench.execute({0xf8c5, 0xd008}, 2);  // str.w sp, [r5, #8]
  EXPECT_EQ(stop.reason, StopReason::cycle_limit) << stop.detail;
  EXPECT_EQ(bench.bus.read(kRam + 8, 4).value, kRam + 0x800);
}

TEST(ThumbMemory, StrexSucceedsOnceAfterLdrexOfItsAddress) {
  Bench bench("cortex-m4");
  bench.state().r[1] = 77;
  bench.state().r[2] = kRam + 16;
  // ldrex r3, [r2]; strex r0, r1, [r2]; strex r0, r1, [r2]
  const std::vector<std::uint16_t> code = {0xe852, 0x3f00, 0xe842, 0x1000, 0xe842, 0x1000};
  bench.execute(code, 2);
  EXPECT_EQ(bench.state().r[0], 0u) << "stored";
  EXPECT_EQ(bench.bus.read(kRam + 16, 4).value, 77u);
  bench.execute(code, 1);
  EXPECT_EQ(bench.state().r[0], 1u) << "the monitor is open again";
}

TEST(ThumbMemory, StrexToAnotherAddressFails) {
  Bench bench("cortex-m4");
  bench.state().r[1] = 77;
  bench.state().r[2] = kRam + 16;
  bench.execute({0xe852, 0x3f00, 0xe842, 0x1001}, 2);  // ldrex r3, [r2]; strex r0, r1, [r2, #4]
  EXPECT_EQ(bench.state().r[0], 1u);
  EXPECT_EQ(bench.bus.read(kRam + 20, 4).value, 0u);
}

TEST(ThumbMemory, ALoadAcrossTwoPagesJoinsTheirBytes) {
  Bench bench("cortex-m4");
  Bus& bus = bench.bus;
  bus.add_memory("more", kRam + 0x1000, 0x1000, true);
  bench.state().r[1] = kRam + 0xffe;
  // A memory that ends there is a hole to an access that leaves it.
  const Stop stop = bench.execute({0x6808}, 1);  // ldr r0, [r1]
  EXPECT_EQ(stop.reason, StopReason::fault) << "two memories are two bus targets";
}

TEST(ThumbStackLimit, PushBelowMsplimFaultsOnArmv8MAndStoresNothing) {
  Bench bench("cortex-m33");
  bench.state().sp_limits[0] = kRam + 0x7fc;
  bench.state().select(0, 0);
  bench.state().r[0] = 0x55;
  const Stop stop = bench.execute({0xb403}, 1);  // push {r0, r1}
  EXPECT_EQ(stop.reason, StopReason::fault) << "no vector table: the fault locks up";
  EXPECT_NE(stop.detail.find("stack pointer below its limit"), std::string::npos) << stop.detail;
  EXPECT_EQ(bench.bus.read(kRam + 0x7f8, 4).value, 0u);
}

TEST(MpuOfArmv8M, ReadOnlyRegionTakesReadsAndRefusesWrites) {
  Bench bench("cortex-m33");
  Core& core = bench.engine.core();
  const auto region = [&](std::uint32_t number, Address base, Address last, std::uint32_t permissions) {
    core.store(0xe000ed98, 4, number);
    core.store(0xe000ed9c, 4, base | permissions);
    core.store(0xe000eda0, 4, last | 1);
  };
  region(0, kCode, kCode + 0xfe0, 6);  // read-only, any privilege
  region(1, kRam, kRam + 0x7e0, 2);    // read and write
  region(2, kRam + 0x800, kRam + 0xfe0, 6);
  core.store(0xe000ed94, 4, 1);  // on, no background region
  bench.state().r[1] = kRam + 0x7fc;
  // ldr r0, [r1]; str r0, [r1]; ldr r0, [r1, #4]
  EXPECT_EQ(bench.execute({0x6808, 0x6008, 0x6848, 0x6048}, 3).reason, StopReason::cycle_limit);
  const Stop stop = bench.engine.run({bench.engine.counters().cycles + 1});  // str r0, [r1, #4]
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("MPU forbids"), std::string::npos) << stop.detail;
  EXPECT_NE(stop.detail.find("0x20000800"), std::string::npos) << stop.detail;
}

TEST(MpuOfArmv8M, ExecuteNeverIsAMemManageFaultOfTheFetch) {
  Bench bench("cortex-m33");
  Core& core = bench.engine.core();
  core.store(0xe000ed98, 4, 0);
  core.store(0xe000ed9c, 4, kCode | 6 | 1);
  core.store(0xe000eda0, 4, (kCode + 0xfe0) | 1);
  core.store(0xe000ed94, 4, 5);
  const Stop stop = bench.execute({0xbf00}, 1);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("execute-never"), std::string::npos) << stop.detail;
}

TEST(Semihosting, AListenerThatHandlesBkptLetsExecutionGoOn) {
  Bench bench("cortex-m4");
  std::uint32_t seen = 0;
  bench.engine.set_breakpoint_listener([&](std::uint32_t number) {
    seen = number;
    bench.engine.request_exit(3);
    return true;
  });
  const Stop stop = bench.execute({0xbeab, 0x2001}, 100);  // bkpt #0xab; movs r0, #1
  EXPECT_EQ(seen, 0xabu);
  EXPECT_EQ(stop.reason, StopReason::exit_request);
  EXPECT_EQ(stop.exit_code, 3);
  EXPECT_EQ(bench.state().r[0], 0u);
}

TEST(Itm, AStimulusPortReportsWhatIsWrittenWhileItIsEnabled) {
  Bench bench("cortex-m4");
  Core& core = bench.engine.core();
  std::string text;
  bench.engine.set_trace_listener(
      [&](unsigned, unsigned, std::uint32_t value) { text += static_cast<char>(value); });
  core.store(0xe0000000, 1, 'x');
  core.store(0xe000edfc, 4, 1u << 24);  // DEMCR.TRCENA
  core.store(0xe0000e80, 4, 1);         // ITM enabled
  core.store(0xe0000e00, 4, 1);         // port 0
  EXPECT_EQ(core.load(0xe0000000, 4), 1u) << "ready";
  core.store(0xe0000000, 1, 'a');
  core.store(0xe0000004, 1, 'b');
  EXPECT_EQ(text, "a");
}

TEST(Interrupts, ALineThatStaysHighEntersItsHandlerAgain) {
  Bench bench("cortex-m4");
  // Vectors at the start of the RAM; the handler of interrupt 0 counts in r4 and returns.
  const std::uint32_t handler = (kCode + 0x100) | 1;
  bench.bus.load(kRam + 16 * 4, &handler, 4);
  const std::vector<std::uint16_t> counter = {0x3401, 0x4770};  // adds r4, #1; bx lr
  bench.bus.load(kCode + 0x100, counter.data(), 4);
  Core& core = bench.engine.core();
  core.store(0xe000ed08, 4, kRam);
  core.store(0xe000e100, 4, 1);
  bench.engine.interrupt_lines().set(0, true);
  bench.scheduler.at(200, [&] { bench.engine.interrupt_lines().set(0, false); });
  const Stop stop = bench.execute({0xbf00, 0xe7fd}, 1000);  // nop; b to it
  EXPECT_EQ(stop.reason, StopReason::cycle_limit);
  // Entry takes 12 cycles, then each round two instructions and a tail-chain of 6: 1 + (200 - 12) / 8.
  EXPECT_NEAR(bench.state().r[4], 24.5, 1);
}

TEST(ThumbCounting, SuppressedInstructionsAreSkippedAndCostOneCycle) {
  Bench bench("cortex-m4");
  bench.state().set_nzcv(flags_of("Z"));
  // itte ne; movne r0, #1; movne r1, #2; moveq r2, #3
  bench.execute({0xbf1a, 0x2001, 0x2102, 0x2203}, 4);
  EXPECT_EQ(bench.engine.counters().instructions, 2u) << "IT and the one whose condition passed";
  EXPECT_EQ(bench.engine.counters().skipped, 2u);
  EXPECT_EQ(bench.engine.counters().cycles, 4u);
  EXPECT_EQ(bench.state().r[2], 3u);
}

TEST(ThumbProbes, AProbeStopsBeforeItsInstructionOnce) {
  Bench bench("cortex-m4");
  bench.engine.add_probe(kCode + 2);
  const Stop stop = bench.execute({0x2001, 0x2102, 0xe7fe}, 100);
  EXPECT_EQ(stop.reason, StopReason::probe);
  EXPECT_EQ(stop.pc, kCode + 2);
  EXPECT_EQ(bench.state().r[1], 0u);
  EXPECT_EQ(bench.engine.run({}).reason, StopReason::self_branch);
  EXPECT_EQ(bench.state().r[1], 2u);
}

}  // namespace
}  // namespace mcusim::emulator::cortex_m::testing
