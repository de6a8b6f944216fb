#include "emulator/e200/mpu.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "emulator/e200/core.h"
#include "emulator/e200/native_engine.h"
#include "mcu_models/vle_model.h"
#include "powerpc_binutils.h"

namespace mcusim::emulator::e200 {
namespace {

using Kind = Mpu::Kind;

constexpr std::uint32_t kValid = 0x80000000, kProtected = 0x40000000, kSelect = 0x20000000,
                        kReadOnly = 0x04000000, kDebug = 0x02000000, kInstruction = 0x01000000,
                        kShared = 0x00800000, kUserWrite = 0x800, kUserRead = 0x200, kWrite = 0x400,
                        kRead = 0x100;
constexpr std::uint32_t kData = kValid | kSelect, kCode = kData | kInstruction;
constexpr std::uint32_t number(std::uint32_t entry) { return entry << 16; }

// --- The unit alone ---

/// The first byte of those from `first` to `last` that may not be accessed.
std::optional<Address> refused(const Mpu& mpu, Address first, Address last, Mpu::Access access) {
  const auto range = mpu.permitted(first, access);
  if (!range) return first;
  EXPECT_LE(range->first, first);
  return range->last < last ? std::optional(range->last + 1) : std::nullopt;
}

TEST(Mpu, RefusesTheFirstByteThatNoEntryPermits) {
  // Every entry is asked for every byte; ranges are where the two could differ.
  std::mt19937 engine(7);
  const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
  for (unsigned round = 0; round < 2000; ++round) {
    Mpu mpu;
    mpu.set_control(1);
    mpu.set_process(random() % 3);
    std::vector<Mpu::AssistRegisters> entries;
    for (unsigned i = 0; i < 6; ++i) {
      const Address lower = random() % 96;
      Mpu::AssistRegisters entry = {kData | number(i) | (random() % 16) << 8 | (random() % 3) << 12,
                                    (random() % 3) << 16 | random() % 3, lower + random() % 48, lower};
      if (random() % 8 == 0) entry[0] &= ~kValid;
      if (random() % 8 == 0) entry[0] |= kDebug;
      mpu.write_entry(entry);
      entries.push_back(entry);
    }
    const Mpu::Access access{random() % 2 == 0 ? Kind::read : Kind::write, random() % 2 == 0};
    const std::uint32_t right = access.kind == Kind::write ? (access.problem_state ? kUserWrite : kWrite)
                                                           : (access.problem_state ? kUserRead : kRead);
    // Two upper bits that some entries do not look at.
    const Address first = (random() % 4) << 30 | random() % 128, last = first + random() % 64;
    std::optional<Address> expected;
    for (Address byte = first; byte <= last && !expected; ++byte) {
      bool permitted = false;
      for (const auto& [mas0, mas1, upper, lower] : entries) {
        const unsigned masked = mas0 >> 12 & 7;
        const Address compared = masked == 0 ? byte : byte & ((1u << (32 - masked)) - 1);
        const bool process_matches = ((mas1 >> 16 ^ mpu.process()) & 0xff & ~mas1) == 0;
        permitted |= (mas0 & kValid) != 0 && (mas0 & kDebug) == 0 && (mas0 & right) != 0 && process_matches &&
                     compared >= lower && compared <= upper;
      }
      if (!permitted) expected = byte;
    }
    ASSERT_EQ(refused(mpu, first, last, access), expected) << "round " << round;
  }
}

TEST(Mpu, PermitsTheLastByteOfTheAddressSpace) {
  Mpu mpu;
  mpu.set_control(1);
  mpu.write_entry({kData | kRead, 0, 0xffffffff, 0});
  EXPECT_FALSE(refused(mpu, 0xfffffffc, 0xffffffff, {Kind::read, false}));
  EXPECT_FALSE(refused(mpu, 0, 0xffffffff, {Kind::read, false}));
}

TEST(Mpu, BypassesEachKindOfAccessOfEachStateByItsOwnBit) {
  // BYPSR, BYPSW, BYPSX, BYPUR, BYPUW, BYPUX (cmpu_lld.h).
  const struct {
    unsigned bit;
    Mpu::Access access;
  } kBits[] = {{15, {Kind::read, false}}, {14, {Kind::write, false}}, {13, {Kind::execute, false}},
               {12, {Kind::read, true}},  {11, {Kind::write, true}},  {10, {Kind::execute, true}}};
  for (const auto& set : kBits) {
    Mpu mpu;
    mpu.set_control(1u << set.bit | 1);
    for (const auto& row : kBits)
      EXPECT_EQ(refused(mpu, 0, 3, row.access).has_value(), row.bit != set.bit) << set.bit << ", " << row.bit;
  }
}

TEST(Mpu, RestrictsNothingWhileItIsOffOrEverythingIsBypassed) {
  Mpu mpu;
  EXPECT_FALSE(mpu.restricts(false));
  EXPECT_FALSE(refused(mpu, 0, 3, {Kind::write, true}));
  mpu.set_control(0x1c01);
  EXPECT_TRUE(mpu.restricts(false));
  EXPECT_FALSE(mpu.restricts(true));
  mpu.set_control(0xfc01);
  EXPECT_FALSE(mpu.restricts(false));
}

TEST(Mpu, HasTwelveEntriesForDataSixForInstructionsAndSixThatAreShared) {
  const struct {
    std::uint32_t table;
    unsigned count;
  } kTables[] = {{0, 12}, {kInstruction, 6}, {kShared, 6}};
  Mpu mpu;
  for (const auto& table : kTables) {
    for (unsigned i = 0; i < 16; ++i)
      mpu.write_entry({kData | table.table | number(i), table.table >> 16 | i, i, i});
  }
  for (const auto& table : kTables) {
    for (unsigned i = 0; i < 16; ++i) {
      Mpu::AssistRegisters read = {kSelect | table.table | number(i), 1, 2, 3};
      mpu.read_entry(read);
      EXPECT_EQ(read[0], (i < table.count ? kValid : 0) | kSelect | table.table | number(i));
      EXPECT_EQ(read[1], i < table.count ? table.table >> 16 | i : 0);
    }
  }
}

TEST(Mpu, KeepsAnEntryThatIsReadOnlyUntilReset) {
  Mpu mpu;
  mpu.write_entry({kData | kReadOnly | kRead, 0, 0xff, 0});
  mpu.write_entry({kData | kWrite, 0, 0xffff, 0});
  Mpu::AssistRegisters read = {kSelect, 0, 0, 0};
  mpu.read_entry(read);
  EXPECT_EQ(read, (Mpu::AssistRegisters{kData | kReadOnly | kRead, 0, 0xff, 0}));
  mpu.reset();
  mpu.read_entry(read = {kSelect, 0, 0, 0});
  EXPECT_EQ(read[0], kSelect);
}

TEST(Mpu, IsNotTouchedUnlessMas0SelectsIt) {
  Mpu mpu;
  mpu.write_entry({kValid | kRead, 0, 0xff, 0});
  Mpu::AssistRegisters read = {kSelect, 0, 0, 0};
  mpu.read_entry(read);
  EXPECT_EQ(read[0], kSelect) << "never written";
  mpu.read_entry(read = {0, 1, 2, 3});
  EXPECT_EQ(read, (Mpu::AssistRegisters{0, 1, 2, 3}));
}

TEST(Mpu, InvalidatesWhatIsNotProtectedFromIt) {
  Mpu mpu;
  mpu.write_entry({kData | number(0) | kRead, 0, 0xff, 0});
  mpu.write_entry({kData | number(1) | kProtected | kRead, 0, 0x1ff, 0x100});
  mpu.set_control(3);
  EXPECT_EQ(mpu.control(), 1u) << "MPUFI is done at once";
  EXPECT_TRUE(refused(mpu, 0, 0, {Kind::read, false}));
  EXPECT_FALSE(refused(mpu, 0x100, 0x100, {Kind::read, false}));
}

// --- The core with it ---

constexpr Address kFlash = 0x00fc0000, kRam = 0x400a8000;
constexpr std::uint32_t kBypassCode = 0x2400, kOn = 1;

std::string set(const std::string& reg, std::uint32_t value) {
  return fmt::format("e_lis {0},{1}\n e_or2i {0},{2}\n", reg, value >> 16, value & 0xffff);
}
std::string set_spr(unsigned spr, std::uint32_t value) {
  return set("r3", value) + fmt::format("mtspr {},r3\n", spr);
}
/// mpuwe with these in MAS0 to MAS3.
std::string entry(std::uint32_t mas0, Address lower, Address upper, std::uint32_t mas1 = 0) {
  return set_spr(624, mas0) + set_spr(625, mas1) + set_spr(626, upper) + set_spr(627, lower) +
         ".long 0x7c0007a4\n";
}
std::string control(std::uint32_t value) { return set_spr(1014, value) + ".long 0x7c00046c\n"; }
const std::string kEnd = "\nend: se_b end\n";
/// Data storage and instruction storage interrupts end the run, which tells their registers.
const std::string kHang =
    ".org 0x1020\nmfspr r20,26\n mfspr r21,61\n mfspr r22,62\nhang: se_b hang\n"
    ".org 0x1030\nmfspr r20,26\n mfspr r22,62\nhang2: se_b hang2\n";
const std::string kToUserMode =
    "e_lis r3,user@ha\n e_add16i r3,r3,user@l\n mtspr 26,r3\n e_li r3,0x4000\n mtspr 27,r3\n se_rfi\nuser:\n";

struct Loop {
  const char* name;
  NativeOptions::Timing timing;
  friend void PrintTo(const Loop& loop, std::ostream* out) { *out << loop.name; }
};
class Protected : public testing::TestWithParam<Loop> {
 protected:
  void SetUp() override {
    if (!has_powerpc_binutils()) GTEST_SKIP() << "binutils-powerpc-linux-gnu is not installed";
    bus_.add_memory("flash", kFlash, 0x4000, false);
    bus_.add_memory("ram", kRam, 0x4000, true);
    bus_.add_memory("flash controller", 0xf4034000, 0x1000, true);
    bus_.add_memory("ram controller", 0xf40a8000, 0x1000, true);
  }

  Stop run(const std::string& source) {
    const std::vector<std::uint8_t> program = assemble(source, kFlash);
    bus_.load(kFlash, program.data(), program.size());
    engine_.memory_changed(kFlash, program.size());
    engine_.reset(kFlash);
    engine_.core().set_spr(spr::ivpr, kFlash);
    for (std::uint16_t number = 0; number < 16; ++number)
      engine_.core().set_spr(static_cast<std::uint16_t>(spr::ivor0 + number), 0x1000u + number * 16u);
    return engine_.run({1'000'000});
  }
  std::uint32_t r(unsigned index) { return engine_.core().registers().r[index]; }
  std::uint32_t ram(Address offset) {
    std::uint8_t bytes[4] = {};
    bus_.fetch(kRam + offset, bytes, 4);
    return static_cast<std::uint32_t>(bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]);
  }
  /// The interrupt whose handler hangs, and why.
  static std::string told(const Stop& stop) {
    return stop.fault ? stop.fault->exception + ": " + stop.fault->cause : "no fault";
  }

  mcu_models::McuModel mcu_ = mcu_models::load_mcu("spc58ec80");
  Bus bus_;
  Scheduler scheduler_;
  NativeEngine engine_{mcu_,
                       bus_,
                       scheduler_,
                       {.timing = GetParam().timing, .pipeline = mcu_models::load_vle_model(mcu_).pipeline}};
};

TEST_P(Protected, AWriteToWhatMayOnlyBeReadIsADataStorageInterrupt) {
  const Stop stop = run(entry(kData | kRead, kRam + 0x100, kRam + 0x1ff) + control(kBypassCode | kOn) +
                        set("r5", kRam + 0x100) + "e_lwz r6,4(r5)\nwrite: e_stw r5,4(r5)" + kEnd + kHang);
  EXPECT_EQ(told(stop),
            "Data storage: write to 0x400a8104, which the MPU refuses supervisor code: data entry 0 "
            "(0x400a8100 to 0x400a81ff) permits only reads");
  EXPECT_EQ(r(20), stop.fault->pc) << "SRR0";
  EXPECT_EQ(r(21), kRam + 0x104) << "DEAR";
  EXPECT_EQ(r(22), kEsrStore | kEsrVle) << "ESR";
  EXPECT_EQ(ram(0x104), 0u) << "not written";
}

TEST_P(Protected, AReadOfWhatMayOnlyBeWrittenIsADataStorageInterrupt) {
  const Stop stop = run(entry(kData | kWrite | number(3), kRam, kRam + 0xfff) + control(kBypassCode | kOn) +
                        set("r5", kRam) + "e_stw r5,8(r5)\n e_lhz r6,8(r5)" + kEnd + kHang);
  EXPECT_EQ(told(stop),
            "Data storage: read of 0x400a8008, which the MPU refuses supervisor code: data entry 3 "
            "(0x400a8000 to 0x400a8fff) permits only writes");
  EXPECT_EQ(r(21), kRam + 8);
  EXPECT_EQ(r(22), kEsrVle) << "not a store";
  EXPECT_EQ(ram(8), kRam);
  EXPECT_EQ(r(6), 0u);
}

TEST_P(Protected, WhatNoEntryHoldsIsRefused) {
  const Stop stop = run(entry((kData & ~kValid) | kRead | kWrite, kRam, kRam + 0xfff) +
                        entry(kData | kDebug | kRead | kWrite | number(1), kRam, kRam + 0xfff) +
                        entry(kCode | kRead | kWrite, kRam, kRam + 0xfff) + control(kBypassCode | kOn) +
                        set("r5", kRam) + "e_lbz r6,0(r5)" + kEnd + kHang);
  EXPECT_EQ(
      told(stop),
      "Data storage: read of 0x400a8000, which the MPU refuses supervisor code: no valid entry for data "
      "of process 0 holds it");
}

TEST_P(Protected, EntriesEndWithTheByteOfTheirUpperBound) {
  const std::string prepare = entry(kData | kRead | kWrite, kRam + 0x108, kRam + 0x10f) +
                              control(kBypassCode | kOn) + set("r5", kRam + 0x108) + set("r4", 0xffffffff);
  // All that lies inside is accessed first.
  const std::string inside =
      "e_stb r4,0(r5)\n e_stb r4,7(r5)\n e_sth r4,6(r5)\n e_stw r4,4(r5)\n e_lwz r6,0(r5)\n";
  const struct {
    const char* access;
    Address refused;
  } kOutside[] = {{"e_lbz r6,-1(r5)", 0x107}, {"e_stb r4,8(r5)", 0x110},  {"e_lwz r6,5(r5)", 0x110},
                  {"e_sth r4,7(r5)", 0x110},  {"e_stw r4,-2(r5)", 0x106}, {"e_lmw r30,4(r5)", 0x110}};
  for (const auto& row : kOutside) {
    const Stop stop = run(prepare + inside + row.access + kEnd + kHang);
    EXPECT_EQ(stop.reason, StopReason::fault) << row.access;
    EXPECT_EQ(r(21), kRam + row.refused) << row.access;
    EXPECT_EQ(ram(0x104) << 24, 0u) << row.access << ": not a byte of it is written";
    EXPECT_EQ(ram(0x110), 0u) << row.access;
    EXPECT_EQ(ram(0x10c), 0xffffffffu) << row.access;
  }
}

TEST_P(Protected, AnAccessMayLieInTwoEntries) {
  const Stop stop =
      run(entry(kData | kWrite, kRam, kRam + 0x101) +
          entry(kData | kShared | kWrite | number(5), kRam + 0x102, kRam + 0x1ff) +
          control(kBypassCode | kOn) + set("r5", kRam + 0x100) + "e_stw r5,0(r5)" + kEnd + kHang);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << told(stop);
  EXPECT_EQ(ram(0x100), kRam + 0x100);
}

TEST_P(Protected, UserAndSupervisorHavePermissionsOfTheirOwn) {
  const std::string source = entry(kData | kRead | kWrite | kUserRead, kRam, kRam + 0xfff) +
                             control(kBypassCode | kOn) + set("r5", kRam) + "e_stw r5,0(r5)\n" + kToUserMode +
                             "e_lwz r6,0(r5)\n e_stw r5,4(r5)" + kEnd + kHang;
  const Stop stop = run(source);
  EXPECT_EQ(told(stop),
            "Data storage: write to 0x400a8004, which the MPU refuses user code: data entry 0 (0x400a8000 to "
            "0x400a8fff) permits only reads");
  EXPECT_EQ(r(6), kRam);
  EXPECT_EQ(ram(4), 0u);
}

TEST_P(Protected, BypassOfUserWritesPermitsThem) {
  const Stop stop = run(control(kBypassCode | 0x0800 | kOn) + set("r5", kRam) + kToUserMode +
                        "e_stw r5,4(r5)\n" + "e_lwz r6,4(r5)" + kEnd + kHang);
  EXPECT_EQ(ram(4), kRam);
  EXPECT_EQ(stop.reason, StopReason::fault) << "reads are not bypassed";
  EXPECT_EQ(r(22), kEsrVle);
}

TEST_P(Protected, AJumpToWhatMayNotBeExecutedIsAnInstructionStorageInterrupt) {
  const Stop stop = run(entry(kCode | kRead, kFlash, kFlash + 0x1fff) + control(kOn) + "e_b far" + kEnd +
                        kHang + ".org 0x2400\nfar: se_li r6,1\n e_b end");
  EXPECT_EQ(
      told(stop),
      "Instruction storage: fetch from 0x00fc2400, which the MPU refuses supervisor code: no valid entry "
      "for instructions of process 0 holds it");
  EXPECT_EQ(stop.fault->pc, kFlash + 0x2400);
  EXPECT_EQ(r(20), kFlash + 0x2400) << "SRR0";
  EXPECT_EQ(r(6), 0u) << "not executed";
}

// The page is entered where it may be executed, and decoded already.
TEST_P(Protected, CodeRunsUpToTheLastByteThatMayBeExecuted) {
  const std::string program = "se_li r6,1\n se_li r7,1\n e_li r8,1\n se_blr\n";
  const auto with = [&](Address bytes) {
    return "e_bl far\n se_li r6,0\n se_li r7,0\n e_li r8,0\n" +
           entry(kCode | kRead, kFlash, kFlash + 0x1fff) +
           entry(kCode | kRead | number(1), kFlash + 0x2400, kFlash + 0x2400 + bytes - 1) + control(kOn) +
           "e_bl far" + kEnd + kHang + ".org 0x2400\nfar: " + program;
  };
  EXPECT_EQ(run(with(10)).reason, StopReason::self_branch);
  EXPECT_EQ(r(8), 1u);
  for (const Address bytes : {2u, 3u, 4u, 6u, 7u, 8u}) {
    const Stop stop = run(with(bytes));
    const Address first_refused = bytes < 4 ? 0x2402 : bytes < 8 ? 0x2404 : 0x2408;
    EXPECT_EQ(r(20), kFlash + first_refused) << bytes << " bytes: " << told(stop);
    EXPECT_EQ(r(6), 1u);
    EXPECT_EQ(r(7), bytes < 4 ? 0u : 1u) << bytes;
    EXPECT_EQ(r(8), bytes < 8 ? 0u : 1u) << bytes;
  }
}

TEST_P(Protected, AnInstructionNeedsItsBytesInTheNextPageToo) {
  const std::string program = "e_bl far\n e_li r8,0\n" + entry(kCode | kRead, kFlash, kFlash + 0x1fff) +
                              control(kOn) + "e_bl far" + kEnd + kHang +
                              ".org 0x1ffe\nfar: e_li r8,1\n se_blr\n";
  const Stop stop = run(program);
  EXPECT_EQ(
      told(stop),
      "Instruction storage: fetch from 0x00fc2000, which the MPU refuses supervisor code: no valid entry "
      "for instructions of process 0 holds it");
  EXPECT_EQ(r(20), kFlash + 0x1ffe);
  EXPECT_EQ(r(8), 0u);
}

TEST_P(Protected, UserCodeIsRefusedWhatSupervisorCodeMayExecute) {
  const Stop stop = run(entry(kCode | kRead, kFlash, kFlash + 0x3fff) + control(kOn) + kToUserMode +
                        "se_li r6,1" + kEnd + kHang);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_EQ(r(20), stop.fault->pc);
  EXPECT_EQ(stop.fault->exception, "Instruction storage");
  EXPECT_EQ(r(6), 0u);
}

TEST_P(Protected, TheUnitActsFromTheNextInstructionOn) {
  // The instruction behind the mtspr that switches it on may not be executed.
  const Stop stop = run(entry(kCode | kRead, kFlash + 0x1000, kFlash + 0x1fff) + set_spr(1014, kOn) +
                        "se_li r6,1" + kEnd + kHang);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_EQ(stop.fault->exception, "Instruction storage");
  EXPECT_EQ(r(6), 0u);
}

TEST_P(Protected, EntriesCountForTheProcessThatTheyName) {
  const auto program = [](std::uint32_t pid, std::uint32_t mask) {
    return entry(kData | kRead | kWrite, kRam, kRam + 0xfff, 5u << 16 | mask) + control(kBypassCode | kOn) +
           set_spr(48, 5) + set("r5", kRam) + "e_stw r5,0(r5)\n" + set_spr(48, pid) + "e_stw r5,4(r5)" +
           kEnd + kHang;
  };
  EXPECT_EQ(run(program(5, 0)).reason, StopReason::self_branch);
  EXPECT_EQ(run(program(4, 1)).reason, StopReason::self_branch) << "the lowest bit is not compared";
  const Stop stop = run(program(4, 0));
  EXPECT_EQ(
      told(stop),
      "Data storage: write to 0x400a8004, which the MPU refuses supervisor code: no valid entry for data "
      "of process 4 holds it");
}

TEST_P(Protected, EntriesMayLeaveOutUpperAddressBits) {
  // 0xc00a8000 is nowhere: that the bus refuses it tells that the MPU did not.
  const Stop stop = run(entry(kData | 1u << 12 | kRead, kRam, kRam + 0xfff) + control(kBypassCode | kOn) +
                        set("r5", kRam | 0x80000000) + "e_lwz r6,0(r5)" + kEnd + kHang);
  EXPECT_EQ(told(stop), "Machine check: read of 0xc00a8000, where nothing is");
}

TEST_P(Protected, AHandlerMayMendAnEntryAndReturn) {
  const std::string handler = ".org 0x1020\n e_b mend\n .org 0x1200\nmend: se_addi r7,1\n" +
                              entry(kData | kRead | kWrite, kRam, kRam + 0xfff) + "se_rfi\n";
  const Stop stop =
      run(entry(kData | kRead, kRam, kRam + 0xfff) + control(kBypassCode | kOn) + set("r5", kRam) +
          "e_li r7,0\n e_li r10,3\n mtctr r10\nagain: e_stwu r5,4(r5)\n e_bdnz again" + kEnd + handler);
  EXPECT_EQ(stop.reason, StopReason::self_branch) << told(stop);
  EXPECT_EQ(r(7), 1u) << "once";
  EXPECT_EQ(r(5), kRam + 12);
  EXPECT_EQ(ram(4), kRam) << "the store that faulted was done again";
}

TEST_P(Protected, AHandlerMayMakeCodeExecutable) {
  const std::string handler = ".org 0x1030\n e_b mend\n .org 0x1200\nmend: se_addi r7,1\n" +
                              entry(kCode | kRead | number(1), kFlash + 0x2000, kFlash + 0x2fff) + "se_rfi\n";
  const Stop stop = run("e_li r7,0\n" + entry(kCode | kRead, kFlash, kFlash + 0x1fff) + control(kOn) +
                        "e_bl far\n e_bl far" + kEnd + handler + ".org 0x2400\nfar: se_addi r6,1\n se_blr");
  EXPECT_EQ(stop.reason, StopReason::self_branch) << told(stop);
  EXPECT_EQ(r(7), 1u);
  EXPECT_EQ(r(6), 2u);
}

TEST_P(Protected, AHandlerThatMayNotBeExecutedEndsTheRun) {
  const Stop stop = run(entry(kCode | kRead, kFlash, kFlash + 0xfff) + control(0xc000 | kOn) + "e_b far" +
                        kEnd + kHang + ".org 0x2400\nfar: se_li r6,1");
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_TRUE(stop.fault->lockup);
  EXPECT_EQ(stop.fault->pc, kFlash + 0x2400) << "what the handler should have handled";
}

TEST_P(Protected, EntriesAreReadBack) {
  const std::string read_back =
      set_spr(624, kSelect | kShared | number(2)) +
      ".long 0x7c000764\n mfspr r5,624\n mfspr r6,625\n mfspr r7,626\n mfspr r8,627";
  run(entry(kData | kShared | kInstruction | kRead | number(2), 0x1000, 0x1fff, 0x00070003) +
      set_spr(626, 0) + read_back + kEnd);
  EXPECT_EQ(r(5), kData | kShared | kInstruction | kRead | number(2));
  EXPECT_EQ(r(6), 0x00070003u);
  EXPECT_EQ(r(7), 0x1fffu);
  EXPECT_EQ(r(8), 0x1000u);
}

TEST_P(Protected, InvalidationIsOverWhenItIsAskedFor) {
  // As drivers do: MPUFI, then wait until it reads 0.
  const Stop stop = run(entry(kData | kRead | kWrite, kRam, kRam + 0xfff) + control(2) +
                        "wait: mfspr r6,1014\n e_and2i. r6,2\n e_bne wait\n" + control(kBypassCode | kOn) +
                        set("r5", kRam) + "e_stw r5,0(r5)" + kEnd + kHang);
  EXPECT_EQ(stop.reason, StopReason::fault);
  EXPECT_EQ(stop.fault->exception, "Data storage");
}

TEST_P(Protected, UserCodeMayNotTouchTheUnit) {
  for (const char* instruction :
       {".long 0x7c0007a4", ".long 0x7c000764", ".long 0x7c00046c", "mtspr 1014,r3"}) {
    const Stop stop = run(kToUserMode + instruction + kEnd + ".org 0x1060\nhang: se_b hang");
    EXPECT_EQ(stop.reason, StopReason::fault) << instruction;
    EXPECT_NE(stop.detail.find("privileged"), std::string::npos) << stop.detail;
  }
}

TEST_P(Protected, AUnitThatPermitsEverythingTakesNoCycles) {
  const auto program = [](std::uint32_t on) {
    return entry(kData | kRead | kWrite, 0, 0xffffffff) + entry(kCode | kRead, 0, 0xffffffff) + control(on) +
           set("r5", kRam) +
           "e_li r4,500\n mtctr r4\nloop: e_lwz r6,0(r5)\n e_stwu r6,4(r5)\n mullw r7,r6,r6\n e_bdnz loop" +
           kEnd;
  };
  EXPECT_EQ(run(program(0)).reason, StopReason::self_branch);
  const Counters off = engine_.counters();
  EXPECT_EQ(run(program(kOn)).reason, StopReason::self_branch);
  EXPECT_EQ(engine_.counters().cycles, off.cycles);
  EXPECT_EQ(engine_.counters().instructions, off.instructions);
}

TEST_P(Protected, ResetSwitchesTheUnitOff) {
  run(control(kOn));
  EXPECT_EQ(run("mfspr r6,1014\n" + set("r5", kRam) + "e_stw r5,0(r5)" + kEnd).reason,
            StopReason::self_branch);
  EXPECT_EQ(r(6), 0u);
  EXPECT_EQ(ram(0), kRam);
}

TEST_P(Protected, AnUnknownControlBitIsWarnedOf) {
  run(control(0xfc01) + kEnd);
  EXPECT_TRUE(engine_.warnings().empty());
  run(control(0xfc09) + kEnd);
  ASSERT_EQ(engine_.warnings().size(), 1u);
  EXPECT_NE(engine_.warnings()[0].find("TIDCTL"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Loops, Protected,
                         testing::Values(Loop{"uncounted", NativeOptions::Timing::off},
                                         Loop{"counted", NativeOptions::Timing::table},
                                         Loop{"full", NativeOptions::Timing::full}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace mcusim::emulator::e200
