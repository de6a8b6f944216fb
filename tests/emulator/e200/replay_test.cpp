#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iterator>
#include <random>
#include <string>

#include "emulator/e200/core.h"
#include "emulator/e200/native_engine.h"
#include "mcu_models/vle_model.h"
#include "powerpc_binutils.h"

// What full timing remembers must take the cycles that working it out takes.
namespace mcusim::emulator::e200 {
namespace {

constexpr Address kFlash = 0x00fc0000, kLoop = kFlash + 0x200, kHandler = kFlash + 0x1a0;

/// An SPC58's core with memories where its pipeline model expects them, and registers of the flash and RAM
/// controllers that are memory.
class Executed {
 public:
  Executed(const std::vector<std::uint8_t>& program, bool remembers)
      : engine_(mcu_, bus_, scheduler_,
                {.timing = NativeOptions::Timing::full,
                 .pipeline = mcu_models::load_vle_model(mcu_).pipeline,
                 .remember = remembers}) {
    bus_.add_memory("flash", kFlash, 0x10000, false);
    bus_.add_memory("ram", 0x400a8000, 0x4000, true);
    bus_.add_memory("code", 0x52000000, 0x1000, true);
    bus_.add_memory("data", 0x52800000, 0x1000, true);
    bus_.add_memory("flash controller", 0xf4034000, 0x1000, true);
    bus_.add_memory("ram controller", 0xf40a8000, 0x1000, true);
    bus_.load(kFlash, program.data(), program.size());
    engine_.reset(kFlash);
    Core& core = engine_.core();
    core.set_spr(spr::ivpr, kFlash);
    core.set_spr(static_cast<std::uint16_t>(spr::ivor0 + 10), kHandler - kFlash);
  }
  Stop run(Cycles limit) { return engine_.run({limit}); }
  /// Another instruction at the beginning of the loop.
  void overwrite(std::uint16_t instruction) {
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(instruction >> 8),
                                  static_cast<std::uint8_t>(instruction)};
    bus_.load(kLoop, bytes, sizeof bytes);
    engine_.memory_changed(kLoop, sizeof bytes);
  }
  NativeEngine& engine() { return engine_; }

 private:
  mcu_models::McuModel mcu_ = mcu_models::load_mcu("spc58ec80");
  Bus bus_;
  Scheduler scheduler_;
  NativeEngine engine_;
};

/// r3 to r12 hold data, r25 numbers that look random, r0 and r1 counters, r19 to r24 bases of memories.
class RandomProgram {
 public:
  explicit RandomProgram(unsigned seed) : random_(seed) {}

  std::string text() {
    std::string text =
        "e_lis r3,0x0200\n mtmsr r3\n e_lis r20,0x400b\n e_add16i r20,r20,-0x8000\n e_lis r21,0x5280\n"
        "e_lis r22,0x00fc\n e_lis r23,0xf403\n e_or2i r23,0x4000\n e_lis r24,0x5200\n e_lis r19,0xf40a\n"
        "e_or2i r19,0x8000\n e_li r13,0x501\n e_stw r13,0(r23)\n"
        "e_lis r13,0x0440\n mtspr 340,r13\n e_li r13,777\n mtspr 54,r13\n mtspr 22,r13\n"
        "e_li r25,12345\n e_li r18,1\n wrteei 1\n e_b loop\n"
        ".org 0x1a0\n e_lis r16,0x0800\n mtspr 336,r16\n se_addi r1,1\n e_lwz r16,0x40(r20)\n se_rfi\n"
        ".org 0x200\nloop: se_addi r0,1\n";
    for (unsigned block = 0; block < kBlocks; ++block) text += this->block(block);
    text += "e_b loop\n";
    for (unsigned function = 0; function < kFunctions; ++function) {
      text += fmt::format("function{}:\n", function);
      for (unsigned i = below(12); i-- > 0;) text += instruction();
      text += "se_blr\n";
    }
    return text;
  }

 private:
  static constexpr unsigned kBlocks = 24, kFunctions = 4;

  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  unsigned data() { return 3 + below(10); }

  std::string block(unsigned number) {
    std::string text = switches();
    text += fmt::format("e_li r17,{}\n mtctr r17\nblock{}:\n", 2 + below(40), number);
    // Sometimes many lines of code without a decision.
    const unsigned count = below(6) == 0 ? 120 : 2 + below(24);
    for (unsigned i = 0; i < count; ++i) {
      const unsigned kind = count > 100 ? 0 : below(12);
      if (kind == 10) text += fmt::format("e_bl function{}\n", below(kFunctions));
      if (kind == 11) {
        const unsigned label = labels_++;
        text += fmt::format("e_and2i. r25,{}\n e_{} skip{}\n", 1u << below(8), below(2) != 0 ? "beq" : "bne",
                            label);
        text += next_number() + instruction() + fmt::format("skip{}:\n", label);
      }
      text += kind == 0 ? plain() : instruction();
    }
    return text + fmt::format("e_bdnz block{}\n", number);
  }
  /// Caches, branch buffer and wait states change now and then.
  std::string switches() {
    switch (below(14)) {
      case 0:
        return "e_rlwinm r13,r25,24,31,31\n mtspr 1011,r13\n";
      case 1:
        return "e_rlwinm r13,r25,20,31,31\n mtspr 1010,r13\n";
      case 2:
        return "e_rlwinm r13,r25,22,31,31\n mtspr 1013,r13\n";
      case 3:
        return "e_li r13,3\n mtspr 1011,r13\n";
      case 4:
        return fmt::format("e_li r13,0x{}01\n e_stw r13,0(r23)\n", 2 + below(4));
      case 5:
        return "e_rlwinm r13,r25,22,31,31\n e_stw r13,0(r19)\n";
      default:
        return "";
    }
  }
  static std::string next_number() { return "e_mulli r25,r25,29\n e_add16i r25,r25,4321\n"; }
  std::string plain() {
    static constexpr const char* kForms[] = {"add {},{},{}",  "subf {},{},{}",   "mullw {},{},{}",
                                             "xor {},{},{}",  "efsadd {},{},{}", "efsmul {},{},{}",
                                             "addc {},{},{}", "adde {},{},{}",   "cmpw cr1,{1},{2}",
                                             "srw {},{},{}",  "efsdiv {},{},{}"};
    const auto reg = [this] { return fmt::format("r{}", data()); };
    return fmt::format(fmt::runtime(kForms[below(std::size(kForms))]), reg(), reg(), reg()) + "\n";
  }
  std::string instruction() {
    const unsigned offset = below(2000) * 4, value = data();
    switch (below(16)) {
      case 0:
      case 1:
        return fmt::format("e_lwz r{},{}(r20)\n", value, offset);
      case 2:
        return fmt::format("e_stb r{},{}(r20)\n", value, offset);
      case 3:
        return fmt::format("e_rlwinm r13,r25,{},19,31\n lbzx r{},r20,r13\n", below(16), value) +
               next_number();
      case 4:
        return fmt::format("e_lwz r{},{}(r22)\n", value, offset);
      case 5:
        return fmt::format("e_lhz r{},{}(r{})\n", value, below(1000), below(2) != 0 ? 21 : 24);
      case 6:
        return fmt::format("e_stw r{},{}(r21)\n", value, below(1000));
      case 7:
        return fmt::format("{} r{},r25,r{}\n", below(2) != 0 ? "divw" : "divwu", value, data());
      case 8:
        return below(4) == 0 ? fmt::format("e_stmw r27,{}(r20)\n", offset % 128) : next_number();
      case 9:
        return below(4) == 0 ? fmt::format("e_lmw r28,{}(r20)\n", offset % 128) : next_number();
      case 10:
        return below(8) == 0 ? fmt::format("e_stw r{},8(r23)\n", value) : plain();
      case 11:
        return below(8) == 0 ? fmt::format("e_lwz r{},8(r23)\n", value) : plain();
      default:
        return plain();
    }
  }

  std::mt19937 random_;
  unsigned labels_ = 0;
};

class Replayed : public testing::TestWithParam<unsigned> {};

// Random programs: loops, calls, conditions, divisions, accesses to every memory, caches, branch buffer and
// wait states that change, interrupts, runs that stop anywhere, code that is overwritten.
TEST_P(Replayed, TakeTheCyclesThatWorkingThemOutTakes) {
  if (!has_powerpc_binutils()) GTEST_SKIP() << "binutils-powerpc-linux-gnu is not installed";
  const std::vector<std::uint8_t> program = assemble(RandomProgram(GetParam()).text(), kFlash);
  ASSERT_FALSE(program.empty());
  Executed remembers(program, true), works_out(program, false);
  std::mt19937 random(GetParam());
  Cycles limit = 0;
  for (unsigned slice = 0; slice < 400; ++slice) {
    limit += random() % 8 == 0 ? 1 + random() % 20 : 1 + random() % 5000;
    const Stop stop = remembers.run(limit);
    ASSERT_EQ(stop.reason, StopReason::cycle_limit) << stop.detail;
    works_out.run(limit);
    const Counters &a = remembers.engine().counters(), &b = works_out.engine().counters();
    ASSERT_EQ(a.cycles, b.cycles) << "slice " << slice;
    ASSERT_EQ(a.instructions, b.instructions) << "slice " << slice;
    ASSERT_EQ(remembers.engine().registers().r[15], works_out.engine().registers().r[15]);
    ASSERT_EQ(remembers.engine().stalls()->by_cause, works_out.engine().stalls()->by_cause)
        << "slice " << slice;
    if (slice % 100 == 99) {
      const std::uint16_t se_addi_r0_1 = 0x2000, se_mr_r0_r25 = 0x0190;
      for (Executed* executed : {&remembers, &works_out})
        executed->overwrite(slice == 199 ? se_addi_r0_1 : se_mr_r0_r25);
    }
  }
  const auto a = remembers.engine().instruction_counts(), b = works_out.engine().instruction_counts();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].address, b[i].address);
    EXPECT_EQ(a[i].count, b[i].count) << fmt::format("executions at {:#x}", a[i].address);
    EXPECT_EQ(a[i].causes->by_cause, b[i].causes->by_cause) << fmt::format("at {:#x}", a[i].address);
  }
  const auto caches_a = remembers.engine().caches(), caches_b = works_out.engine().caches();
  for (std::size_t i = 0; i < caches_a.size(); ++i) {
    EXPECT_EQ(caches_a[i].counters.accesses, caches_b[i].counters.accesses) << caches_a[i].name;
    EXPECT_EQ(caches_a[i].counters.misses, caches_b[i].counters.misses) << caches_a[i].name;
  }
  EXPECT_GT(remembers.engine().registers().power->r[1], 100u) << "interrupts came";
  EXPECT_GT(remembers.engine().replayed(), remembers.engine().counters().instructions / 4)
      << "otherwise little was compared";
  EXPECT_EQ(works_out.engine().replayed(), 0u);
}

unsigned programs() {
  const char* const programs = std::getenv("MCUSIM_VLE_PROGRAMS");
  return programs != nullptr ? static_cast<unsigned>(std::atoi(programs)) : 8;
}

INSTANTIATE_TEST_SUITE_P(RandomPrograms, Replayed, testing::Range(1u, 1 + programs()));

}  // namespace
}  // namespace mcusim::emulator::e200
