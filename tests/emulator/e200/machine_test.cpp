#include "emulator/machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "common/error.h"
#include "emulator/image/elf_image.h"
#include "powerpc_binutils.h"

// Programs for the whole SPC58EC80.
namespace mcusim::emulator::e200 {
namespace {

constexpr Address kFlash = 0x00fc0000, kHeaderBytes = 32;
const std::string kEnd = "\nend: se_b end\n";
const std::string kConsole =
    "e_lis r3,0xf7e8\n e_or2i r3,0xc000\n se_li r4,1\n e_stw r4,0(r3)\n e_stw r4,0x10(r3)\n e_li r4,0x13\n"
    "e_stw r4,0x10(r3)\n se_li r4,0\n e_stw r4,0(r3)\n";

class Spc58 : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_powerpc_binutils()) GTEST_SKIP() << "binutils-powerpc-linux-gnu is not installed";
  }

  /// Behind a boot header at the start of the flash.
  Stop run(const std::string& source, const std::string& timing = "table", Cycles limit = 1'000'000) {
    MachineOptions options;
    options.timing = timing;
    options.console = [this](std::string_view text) { console_ += text; };
    const mcu_models::McuModel mcu = mcu_models::load_mcu("spc58ec80");
    machine_ = std::make_unique<Machine>(mcu, mcu_models::load_board(mcu, ""), options);
    Image image;
    image.file = "test";
    std::vector<std::uint8_t> header = {0x00, 0xa5, 0x00, 0x01, 0x00, 0xfc, 0x00, kHeaderBytes};
    header.resize(kHeaderBytes);
    image.segments.push_back({kFlash, header});
    image.segments.push_back({kFlash + kHeaderBytes, assemble(source, kFlash + kHeaderBytes)});
    machine_->load(image);
    return machine_->run({limit});
  }

  std::string console_;
  std::unique_ptr<Machine> machine_;
};

/// Enters mode DRUN with the source `system` after the PLLs' factors have been written.
std::string set_clocks(unsigned system, std::uint32_t pll0, std::uint32_t pll1, std::uint32_t core_divider) {
  const auto write = [](std::uint32_t address, std::uint32_t value) {
    return fmt::format("e_lis r3,{}\n e_or2i r3,{}\n e_lis r4,{}\n e_or2i r4,{}\n e_stw r4,0(r3)\n",
                       address >> 16, address & 0xffff, value >> 16, value & 0xffff);
  };
  return write(0xf7fb0860, 0x01000000) + write(0xf7fb0880, 0x01000000) + write(0xf7fb07e8, core_divider) +
         write(0xf7fb0108, pll0) + write(0xf7fb0128, pll1) + write(0xf7fb802c, 0x001300f0 | system) +
         write(0xf7fb8004, 0x30005af0) + write(0xf7fb8004, 0x3000a50f);
}

TEST_F(Spc58, PrintsOverLinflexd) {
  const Stop stop =
      run(kConsole +
          "e_li r4,'A'\n e_stb r4,0x3b(r3)\n e_li r4,'B'\n e_stw r4,0x38(r3)\n e_lwz r5,0x14(r3)\n"
          "e_stw r5,0x14(r3)\n e_lwz r6,0x14(r3)" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(console_, "AB");
  const Registers registers = machine_->engine().registers();
  EXPECT_EQ(registers.r[5] & 2, 2u) << "DTFTFF";
  EXPECT_EQ(registers.r[6] & 2, 0u) << "cleared by writing 1";
}

TEST_F(Spc58, AWatchdogThatIsNotServedEndsTheRunAfterItsTicksOf16MHz) {
  const Stop stop =
      run(set_clocks(4, 0x50041010, 0x00020012, 0x80000000) +
          "e_lis r3,0xf405\n e_or2i r3,0x8000\n e_li r4,0xc520\n e_stw r4,16(r3)\n e_li r4,0xd928\n e_stw "
          "r4,16(r3)\n"
          "e_li r4,0x200\n e_stw r4,8(r3)\n e_lis r4,0xff00\n e_or2i r4,1\n e_stw r4,0(r3)\nspin: e_add16i "
          "r5,r5,1\n e_b spin");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("watchdog SWT_2 was not served"), std::string::npos) << stop.detail;
  const Cycles cycles = machine_->engine().counters().cycles;
  EXPECT_GE(cycles, 0x200u * 180 / 16);
  EXPECT_LT(cycles, 0x200u * 180 / 16 + 150);
}

TEST_F(Spc58, AnUnknownSpecialPurposeRegisterIsToldWithItsNumberAndPc) {
  const Stop stop = run("se_nop\n mfspr r3,999" + kEnd);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_EQ(stop.detail, "Program: special purpose register 999, which is not modelled");
  EXPECT_EQ(stop.pc, kFlash + kHeaderBytes + 2);
}

TEST_F(Spc58, APeripheralWithoutAModelIsToldWithTheFirstPcThatTouchedIt) {
  const Stop stop = run("e_lis r3,0xf40a\n e_or2i r3,0x4000\n e_lwz r4,0(r3)\n e_stw r4,4(r3)" + kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch);
  EXPECT_EQ(machine_->not_modelled(), std::vector<std::string>{"0xf40a4000 (first from 0x00fc0028)"});
}

TEST_F(Spc58, TheCoreClockFollowsModePllsAndDivider) {
  const auto clock = [&](const std::string& source) {
    run(source + kEnd);
    return machine_->clock();
  };
  EXPECT_EQ(clock("se_nop"), 16'000'000u) << "internal oscillator after reset";
  EXPECT_EQ(clock(set_clocks(4, 0x50041010, 0x00020012, 0x80000000)), 180'000'000u);
  EXPECT_EQ(clock(set_clocks(2, 0x50041010, 0x00020012, 0x80000000)), 160'000'000u);
  EXPECT_EQ(clock(set_clocks(4, 0x50041010, 0x00020012, 0x80010000)), 90'000'000u);
  EXPECT_EQ(clock(set_clocks(1, 0, 0, 0x80000000)), 40'000'000u) << "crystal";
  EXPECT_EQ(clock(set_clocks(4, 0, 0, 0x80000000)), 16'000'000u) << "a PLL that stands still is refused";
}

TEST_F(Spc58, TimePassesAtTheClockOfItsMoment) {
  const std::string wait = "e_li r5,10000\n mtctr r5\nspin{0}: e_bdnz spin{0}\n";
  run(fmt::format(fmt::runtime(wait), 0) + set_clocks(4, 0x50041010, 0x00020012, 0x80000000) +
      fmt::format(fmt::runtime(wait), 1) + kEnd);
  // Two cycles per round of either loop.
  EXPECT_NEAR(machine_->seconds(), 20000 / 16e6 + 20000 / 180e6, 1e-5);
}

TEST_F(Spc58, ASystemTimerCountsWithTheSystemClockByItsDivider) {
  const std::string loop = "e_lwz r5,4(r10)\n e_li r6,3000\n mtctr r6\nspin: e_bdnz spin\n e_lwz r6,4(r10)\n";
  const auto counted = [&](const std::string& divider) {
    run(set_clocks(4, 0x50041010, 0x00020012, 0x80000000) +
        "e_lis r10,0xf7fb\n e_or2i r10,0x07ec\n e_lis r4," + divider + "\n e_stw r4,0(r10)\n" +
        "e_lis r10,0xf407\n se_li r4,1\n e_stw r4,0(r10)\n" + loop + kEnd);
    const Registers registers = machine_->engine().registers();
    return registers.r[6] - registers.r[5];
  };
  // Two cycles per round of the loop.
  EXPECT_NEAR(counted("0x8000"), 6000, 10);
  EXPECT_NEAR(counted("0x8001"), 3000, 5);
  EXPECT_NEAR(counted("0x8005"), 1000, 2);
}

TEST_F(Spc58, AModeIsEnteredByBothKeys) {
  const std::string enters = set_clocks(4, 0x50041010, 0x00020012, 0x80000000);
  run(enters.substr(0, enters.rfind("e_lis r3")) + kEnd);
  EXPECT_EQ(machine_->clock(), 16'000'000u);
}

TEST_F(Spc58, AWatchdogIsServedByItsSequenceAndLockedWithoutTheOther) {
  const Stop stop =
      run("e_lis r3,0xf405\n e_or2i r3,0x8000\n e_li r4,0x200\n e_stw r4,8(r3)\n e_lwz r5,8(r3)\n e_li "
          "r4,0xc520\n e_stw r4,16(r3)\n"
          "e_li r4,0xd928\n e_stw r4,16(r3)\n e_li r4,0x200\n e_stw r4,8(r3)\n e_lis r4,0xff00\n e_or2i "
          "r4,1\n e_stw r4,0(r3)\n"
          "e_li r6,2000\nserve: e_li r4,0xa602\n e_stw r4,16(r3)\n e_li r4,0xb480\n e_stw r4,16(r3)\n "
          "se_subi. r6,1\n e_bne serve" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(machine_->engine().registers().r[5], 0x3fde0u) << "locked at reset";
}

TEST_F(Spc58, APeriodicTimerInterruptsThroughTheController) {
  // IVPR is 0x00fd0000; the handler of external input at 0x40 reads IACKR, clears the flag and ends the
  // interrupt.
  const Stop stop =
      run("e_lis r3,0xf7fb\n e_or2i r3,0x07f0\n e_lis r4,0x8003\n e_stw r4,0(r3)\n"
          "e_lis r3,0x00fd\n mtspr 63,r3\n e_lis r3,0xf404\n e_or2i r3,0x4000\n e_lis r4,0x0000\n e_or2i "
          "r4,0x8005\n"
          "e_sth r4,0x224(r3)\n se_li r4,0\n e_stw r4,0x10(r3)\n e_lis r10,0xf7f8\n e_or2i r10,0x4000\n "
          "e_stw r4,0(r10)\n"
          "e_li r4,100\n e_stw r4,0x100(r10)\n se_li r4,3\n e_stw r4,0x108(r10)\n wrteei 1\n"
          "wait_loop: e_cmp16i r5,3\n e_bne wait_loop\n wrteei 0\n e_b end\n"
          ".org 0x10000 - 32 + 0x40\n e_lwz r6,0x20(r3)\n se_addi r5,1\n se_li r7,1\n e_stw r7,0x10c(r10)\n "
          "e_stw r7,0x30(r3)\n se_rfi" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  const Registers registers = machine_->engine().registers();
  EXPECT_EQ(registers.r[5], 3u);
  EXPECT_EQ(registers.r[6], 226u << 2) << "vector in IACKR";
  EXPECT_GE(machine_->engine().counters().cycles, 3u * 101 * 4) << "a quarter of the system clock by SC_DC2";
}

TEST_F(Spc58, AWatchdogMayInterruptBeforeItResets) {
  // SWT_2 with ITR is source 34. Its handler serves it once, and not again.
  const Stop stop = run(
      "e_lis r3,0x00fd\n mtspr 63,r3\n e_lis r3,0xf404\n e_or2i r3,0x4000\n e_lis r4,0\n e_or2i r4,0x8005\n"
      "e_sth r4,0xa4(r3)\n se_li r4,0\n e_stw r4,0x10(r3)\n e_lis r10,0xf405\n e_or2i r10,0x8000\n"
      "e_li r4,0xc520\n e_stw r4,16(r10)\n e_li r4,0xd928\n e_stw r4,16(r10)\n e_li r4,0x200\n"
      "e_stw r4,8(r10)\n e_lis r4,0xff00\n e_or2i r4,0x41\n e_stw r4,0(r10)\n wrteei 1\nspin: e_b spin\n"
      ".org 0x10000 - 32 + 0x40\n e_lwz r6,0x20(r3)\n e_lwz r8,4(r10)\n se_addi r5,1\n e_cmp16i r5,1\n"
      "e_bne again\n se_li r7,1\n e_stw r7,4(r10)\nagain: e_stw r7,0x30(r3)\n se_rfi" +
      kEnd);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_NE(stop.detail.find("watchdog SWT_2 was not served"), std::string::npos) << stop.detail;
  const Registers registers = machine_->engine().registers();
  EXPECT_GE(registers.power->r[5], 2u) << "it interrupts again after it has been served";
  EXPECT_EQ(registers.r[6], 34u << 2) << "vector in IACKR";
  EXPECT_EQ(registers.r[8], 1u) << "TIF in IR";
  EXPECT_GE(machine_->engine().counters().cycles, 3u * 0x200);
}

TEST_F(Spc58, SourcesThatAreNeverEndedLoseTheOldestPriority) {
  // Source 0 stays set. It is taken once at priority 1 and a thousand times at 3; then all are ended.
  const Stop stop =
      run("e_lis r3,0xf404\n e_or2i r3,0x4000\n e_li r4,0x8005\n e_sth r4,0x60(r3)\n se_li r4,2\n e_stb "
          "r4,0x40(r3)\n"
          "se_li r4,1\n e_stw r4,0x10(r3)\n e_lwz r6,0x20(r3)\n e_li r5,1000\n mtctr r5\n se_li r4,3\n"
          "take: e_stw r4,0x10(r3)\n e_lwz r6,0x20(r3)\n e_bdnz take\n e_li r5,1001\n mtctr r5\n"
          "end_all: e_stw r4,0x30(r3)\n e_bdnz end_all\n e_lwz r7,0x10(r3)" +
          kEnd);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << stop.detail;
  EXPECT_EQ(machine_->engine().registers().r[7], 3u);
}

/// A loop whose code and data lie in flash: r5 times 8 words.
std::string table_sum(bool caches) {
  const std::string on = "se_li r4,1\n mtspr 1011,r4\n mtspr 1010,r4\n";
  return (caches ? on : std::string()) +
         "e_li r5,50\nouter: e_lis r3,table@ha\n e_add16i r3,r3,table@l\n e_li r4,64\n mtctr r4\n"
         "inner: e_lwz r6,0(r3)\n add r7,r7,r6\n e_add16i r3,r3,32\n e_bdnz inner\n se_subi. r5,1\n e_bne "
         "outer" +
         kEnd + ".balign 32\ntable: .fill 512,4,1\n";
}

TEST_F(Spc58, CachesHelpOnceTheFirmwareHasSwitchedThemOn) {
  run(table_sum(false), "full");
  const Cycles off = machine_->engine().counters().cycles;
  EXPECT_EQ(machine_->engine().caches().at(1).counters.accesses, 0u);
  run(table_sum(true), "full");
  const Cycles on = machine_->engine().counters().cycles;
  EXPECT_LT(on * 2, off);
  const CacheUse data = machine_->engine().caches().at(1);
  EXPECT_EQ(data.counters.accesses, 50u * 64);
  EXPECT_EQ(data.counters.misses, 64u) << "2 KiB stay in 4 KiB";
}

TEST_F(Spc58, EveryCycleHasOneCause) {
  run(table_sum(true), "full");
  const auto stalls = machine_->engine().stalls();
  ASSERT_TRUE(stalls);
  EXPECT_EQ(stalls->sum(), machine_->engine().counters().cycles);
}

TEST_F(Spc58, TwoIndependentInstructionsShareACycleAndDependentOnesDoNot) {
  const auto cycles = [&](const std::string& pair) {
    std::string body;
    for (int i = 0; i < 8; ++i) body += pair;
    const std::string prologue =
        "e_lis r4,0x0200\n mtmsr r4\n se_li r4,1\n mtspr 1011,r4\n e_li r10,1000\n mtctr r10\n e_li "
        "r11,0x201\n mtspr 1013,r11\nloop:\n";
    run(prologue + body + "e_bdnz loop" + kEnd, "full");
    return machine_->engine().counters().cycles;
  };
  const Cycles independent = cycles("add r3,r4,r4\n add r5,r6,r6\n");
  const Cycles dependent = cycles("add r3,r3,r4\n add r3,r3,r4\n");
  // Nine cycles per round, and sixteen, where the branch joins the last addition.
  EXPECT_NEAR(static_cast<double>(independent), 9000, 150);
  EXPECT_NEAR(static_cast<double>(dependent), 16000, 150);
  // A division of 13 cycles blocks although it shares its first cycle.
  const Cycles divisions = cycles("add r3,r4,r4\n efsdiv r5,r6,r7\n");
  EXPECT_NEAR(static_cast<double>(divisions), 8 * 13'000 + 1000, 150);
}

TEST_F(Spc58, RefusesEnginesThatDoNotKnowVle) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu("spc58ec80");
  MachineOptions options;
  options.engine = "unicorn";
  EXPECT_THROW(Machine(mcu, mcu_models::load_board(mcu, ""), options), InputError);
  options.engine = "native";
  options.lockstep = true;
  EXPECT_THROW(Machine(mcu, mcu_models::load_board(mcu, ""), options), InputError);
}

std::string refusal(std::vector<std::uint8_t> elf, mcu_models::Architecture architecture) {
  try {
    parse_elf("a.elf", std::move(elf), architecture);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST_F(Spc58, ElfFilesForOtherCoresAreRefusedInOneLine) {
  using mcu_models::Architecture;
  const std::vector<std::uint8_t> vle = link_elf("se_nop\n", kFlash, "-mvle");
  EXPECT_EQ(refusal(vle, Architecture::vle), "");
  EXPECT_EQ(refusal(vle, Architecture::v7em),
            "a.elf: ELF for PowerPC, not for Arm; choose an SPC58 as --mcu");
  EXPECT_EQ(refusal(link_elf("nop\n", kFlash, "-me500"), Architecture::vle),
            "a.elf: its code is Book E, not VLE, which is all that the core executes; compile it with -mvle");
  std::vector<std::uint8_t> arm = vle;
  arm[5] = 1;
  arm[18] = 40;
  arm[19] = 0;
  EXPECT_EQ(refusal(arm, Architecture::vle),
            "a.elf: ELF for Arm, not for PowerPC; choose a Cortex-M part as --mcu");
  std::vector<std::uint8_t> little = arm;
  little[18] = 20;
  EXPECT_EQ(refusal(little, Architecture::vle),
            "a.elf: little-endian ELF; SPC58 parts are big-endian; compile it without -mlittle-endian");
}

}  // namespace
}  // namespace mcusim::emulator::e200
