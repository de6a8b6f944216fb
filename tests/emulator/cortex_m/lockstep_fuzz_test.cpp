#include <capstone/capstone.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <sstream>
#include <vector>

#include "emulator/cortex_m/core.h"
#include "emulator/cortex_m/native_engine.h"
#include "instruction_generator.h"
#include "test_cores.h"
#include "unicorn_core.h"

// Random instructions on random state, executed by our core and by Unicorn; after each one every register
// and flag must be equal, after each stream the memory. MCUSIM_FUZZ_INSTRUCTIONS sets how many per core,
// MCUSIM_FUZZ_SEED which.
namespace mcusim::emulator::cortex_m::testing {
namespace {

constexpr Address kCode = 0x10000000;
constexpr Bytes kCodeSize = 0x10000;
constexpr Address kCodeStart = kCode + 0x4000;  // literal loads reach 4 KiB to both sides
constexpr Address kData = 0x20000000;
constexpr Bytes kDataSize = 0x10000;
constexpr unsigned kStream = 64;

unsigned from_environment(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

class Lockstep {
 public:
  explicit Lockstep(const std::string& name)
      : mcu_(make_core(name)),
        features_(features_of(mcu_.core, mcu_.fpu)),
        has_fp_((features_ & kFpSingle) != 0),
        decoder_(features_, costs_),
        generator_(features_, decoder_, from_environment("MCUSIM_FUZZ_SEED", 20240601)),
        unicorn_(name, kCode, kCodeSize, kData, kDataSize),
        native_(mcu_, bus_, scheduler_, {NativeOptions::Timing::off}) {
    code_ = bus_.add_memory("code", kCode, kCodeSize, true);
    data_ = bus_.add_memory("data", kData, kDataSize, true);
    if (has_fp_) {
      // FPU on, and a context active, as Unicorn has after its first FP instruction.
      native_.core().store(0xe000ed88, 4, 0x00f00000);
      native_.core().state.control |= kControlFpActive;
      native_.core().state_changed();
    }

    cs_open(CS_ARCH_ARM, static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS), &capstone_);
  }
  ~Lockstep() { cs_close(&capstone_); }

  // One stream; false after a difference.
  bool stream() {
    auto& random = generator_.random();
    for (Bytes i = 0; i < kDataSize; i += 4) {
      const std::uint32_t word = random();
      std::memcpy(data_ + i, &word, 4);
    }
    unicorn_.write_memory(kData, data_, kDataSize);

    std::vector<Unit> units;
    Address here = kCodeStart;
    for (unsigned i = 0; i < kStream; i += units.back().instructions) {
      units.push_back(make_unit(here));
      here = units.back().end;
    }
    native_.memory_changed(kCodeStart, here - kCodeStart);
    unicorn_.write_memory(kCode, code_, kCodeSize);

    CoreState start;
    for (auto& r : start.r) r = interesting(random);
    start.r[13] &= ~3u;
    start.flags = random() & ((features_ & kDsp)      ? 0xf80f0000u
                              : (features_ & kThumb2) ? 0xf8000000u
                                                      : 0xf0000000u);
    for (auto& s : start.s) s = random() % 3 ? interesting_float(random) : random();
    start.fpscr = random() % 2 ? 0 : random() & 0x07c00000u;
    unicorn_.set_state(start, has_fp_);
    // Unicorn keeps its GE when xPSR is written; the streams change it.
    start.flags = unicorn_.state(false).flags;
    set_native(start);

    for (const Unit& unit : units) {
      if (!step(unit)) return false;
    }
    std::vector<std::uint8_t> theirs(kDataSize);
    unicorn_.read_memory(kData, theirs.data(), kDataSize);
    if (std::memcmp(theirs.data(), data_, kDataSize) != 0) {
      ADD_FAILURE() << "memory differs after a stream";
      return false;
    }
    return true;
  }

 private:
  /// One instruction, or an IT instruction with its block: what both cores execute between two comparisons.
  struct Unit {
    Generated instruction;  ///< Of a block: the last one.
    Address begin = 0, end = 0;
    unsigned instructions = 1;
  };

  void append(Address& at, const Generated& g) {
    std::memcpy(code_ + (at - kCode), &g.first, 2);
    std::memcpy(code_ + (at - kCode) + 2, &g.second, 2);
    at += g.bytes();
  }

  Unit make_unit(Address begin) {
    auto& random = generator_.random();
    Unit unit;
    unit.begin = unit.end = begin;
    if ((features_ & kThumb2) == 0 || random() % 6 != 0) {
      unit.instruction = generator_.next();
      append(unit.end, unit.instruction);
      return unit;
    }
    // A mask of one to four instructions; condition AL allows no "else".
    const unsigned length = 1 + random() % 4, condition = random() % 15;
    unsigned mask = 1u << (4 - length);
    for (unsigned bit = 4 - length + 1; bit < 4; ++bit) {
      mask |= ((condition == 14 ? 0 : random() & 1) ^ (condition & 1)) << bit;
    }
    Generated it;
    it.first = static_cast<std::uint16_t>(0xbf00 | condition << 4 | mask);
    append(unit.end, it);
    for (unsigned i = 0; i < length; ++i) {
      do {
        unit.instruction = generator_.next();
      } while (!fits_it_block(unit.instruction));
      append(unit.end, unit.instruction);
    }
    unit.instructions = length + 1;
    return unit;
  }

  static bool fits_it_block(const Generated& g) {
    switch (g.operation.code) {
      // MOVS of a register is UNPREDICTABLE in a block. Unicorn 2.0.1 forgets ITSTATE at an ISB, which
      // advances it like any other instruction (A2.3.2, ITAdvance). Bits 1 and 0 of SP are compared away only
      // between blocks.
      case Code::mov_reg_s_:
        return g.bytes() != 2;
      case Code::isb_:
      case Code::mov_sp_:
      case Code::add_sp_reg_:
        return false;
      // An earlier instruction of the block might change a base register.
      default:
        return !g.has_base && !is_from_fixed(g);
    }
  }

  static bool is_from_fixed(const Generated& g) {
    const Code code = g.operation.code;
    return (code == Code::vcvt_fixed_s_ || code == Code::vcvt_fixed_d_) && (g.operation.a & 4) == 0;
  }

  static std::uint32_t interesting(std::mt19937& random) {
    switch (random() % 6) {
      case 0:
        return random() % 64;
      case 1:
        return 0x7fffffffu + random() % 3;
      case 2:
        return 0u - random() % 64;
      case 3:
        return random() & 0x00ff00ffu;
      default:
        return random();
    }
  }
  static std::uint32_t interesting_float(std::mt19937& random) {
    static constexpr std::uint32_t kValues[] = {0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000,
                                                0xff800000, 0x7fc00000, 0x7f800001, 0x00000001, 0x007fffff};
    if (random() % 4 == 0) return kValues[random() % std::size(kValues)];
    return 0x38000000u + random() % 0x10000000u + (random() % 2 << 31);
  }

  void set_native(const CoreState& state) {
    CpuState& s = native_.core().state;
    for (unsigned i = 0; i < 15; ++i) s.r[i] = state.r[i];
    s.set_nzcv(state.flags);
    s.q = state.flags >> 27 & 1;
    s.ge = state.flags >> 16 & 15;
    s.it = 0;
    s.s = state.s;
    s.fpscr.bits = state.fpscr;
  }
  CoreState native_state() {
    const CpuState& s = native_.core().state;
    CoreState state;
    for (unsigned i = 0; i < 15; ++i) state.r[i] = s.r[i];
    state.flags = s.apsr();
    state.s = s.s;
    state.fpscr = s.fpscr.bits;
    return state;
  }

  void place(unsigned index, std::uint32_t value) {
    native_.core().state.r[index] = value;
    unicorn_.set_register(index, value);
  }

  bool step(const Unit& unit) {
    const Generated& g = unit.instruction;
    auto& random = generator_.random();
    if (g.has_base) {
      std::uint32_t base = kData + 0x8000 + (random() & 0xff);
      if (g.must_be_aligned || (features_ & kThumb2) == 0 || g.operation.n == 13) base &= ~3u;
      place(g.operation.n, base);
    }
    if (g.has_offset) place(g.operation.m, (features_ & kThumb2) ? random() % 256 : random() % 64 * 4);
    // Fixed point to floating point rounds to nearest whatever FPSCR says (DDI 0403E A7.7.227, FixedToFP with
    // round_to_nearest TRUE); QEMU obeys FPSCR. Compared in that mode only.
    if (is_from_fixed(g) && native_.core().state.fpscr.rounding() != fpu::Rounding::nearest_even) return true;
    const CoreState before = native_state();
    const std::string error = unicorn_.run(unit.begin, unit.end);
    native_.core().state.pc = unit.begin;
    const Cycles now = native_.counters().cycles;
    const Stop stop = native_.run({now + unit.instructions});
    const CoreState ours = native_state();
    CoreState theirs = unicorn_.state(has_fp_);
    // Bits 1 and 0 of SP are always 0 (DDI 0403E B1.4.1); QEMU keeps what is moved there.
    if ((theirs.r[13] & 3) != 0) unicorn_.set_register(13, theirs.r[13] &= ~3u);
    if (error.empty() && stop.reason == StopReason::cycle_limit && native_.core().state.pc == unit.end &&
        ours.r == theirs.r && ours.flags == theirs.flags &&
        (!has_fp_ || (ours.s == theirs.s && ours.fpscr == theirs.fpscr)))
      return true;
    report(unit, before, ours, theirs, error, stop);
    return false;
  }

  void report(const Unit& unit, const CoreState& before, const CoreState& ours, const CoreState& theirs,
              const std::string& error, const Stop& stop) {
    cs_insn* text = nullptr;
    const std::size_t count =
        cs_disasm(capstone_, code_ + (unit.begin - kCode), unit.end - unit.begin, unit.begin, 0, &text);
    std::ostringstream out;
    out << std::hex;
    for (std::size_t i = 0; i < count; ++i) out << text[i].mnemonic << " " << text[i].op_str << "\n";
    if (count) cs_free(text, count);
    if (!error.empty()) out << "Unicorn: " << error << "\n";
    if (stop.reason != StopReason::cycle_limit) out << "native stopped: " << stop.detail << "\n";
    for (unsigned i = 0; i < 15; ++i) {
      out << "r" << std::dec << i << std::hex << " before " << before.r[i];
      if (ours.r[i] != theirs.r[i]) out << "  native " << ours.r[i] << " unicorn " << theirs.r[i];
      out << "\n";
    }
    out << "flags before " << before.flags << " native " << ours.flags << " unicorn " << theirs.flags << "\n";
    for (unsigned i = 0; i < 32 && has_fp_; ++i) {
      if (ours.s[i] == theirs.s[i]) continue;
      out << "s" << std::dec << i << std::hex << " before " << before.s[i] << " native " << ours.s[i]
          << " unicorn " << theirs.s[i] << "\n";
    }
    out << "fpscr before " << before.fpscr << " native " << ours.fpscr << " unicorn " << theirs.fpscr << "\n";
    ADD_FAILURE() << out.str();
  }

  mcu_models::McuModel mcu_;
  Features features_;
  bool has_fp_;
  CostTable costs_;
  Decoder decoder_;
  InstructionGenerator generator_;
  UnicornCore unicorn_;
  Bus bus_;
  Scheduler scheduler_;
  NativeEngine native_;
  std::uint8_t* code_ = nullptr;
  std::uint8_t* data_ = nullptr;
  csh capstone_ = 0;
};

class LockstepFuzz : public ::testing::TestWithParam<const char*> {};

TEST_P(LockstepFuzz, EveryInstructionLeavesTheStateUnicornLeaves) {
  const unsigned instructions = from_environment("MCUSIM_FUZZ_INSTRUCTIONS", 200'000);
  Lockstep lockstep(GetParam());
  unsigned differences = 0;
  for (unsigned done = 0; done < instructions && differences < 8; done += kStream) {
    if (!lockstep.stream()) ++differences;
  }
  EXPECT_EQ(differences, 0u);
}

INSTANTIATE_TEST_SUITE_P(Cores, LockstepFuzz,
                         ::testing::Values("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33"),
                         [](const auto& instance) { return std::string(instance.param + 7); });

}  // namespace
}  // namespace mcusim::emulator::cortex_m::testing
