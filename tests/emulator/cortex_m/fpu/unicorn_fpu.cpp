#include "unicorn_fpu.h"

#include <unicorn/unicorn.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

namespace mcusim::emulator::fpu::testing {
namespace {

constexpr std::uint64_t kCodeBase = 0x10000;
constexpr std::uint64_t kInputBase = 0x20000000;
constexpr std::uint64_t kOutputBase = 0x30000000;
constexpr std::size_t kCapacity = 16384;  // records in one run
constexpr std::size_t kInstructionSlot = 11;

// r0 input, r1 output, r2 count; the two zero halfwords are the instruction under test.
constexpr std::array<std::uint16_t, 23> kLoop = {
    0xf850, 0x4b08,  // ldr.w r4, [r0], #8
    0xeee1, 0x4a10,  // vmsr fpscr, r4
    0xed90, 0x0b00,  // vldr d0, [r0]
    0xed90, 0x1b02,  // vldr d1, [r0, #8]
    0xed90, 0x2b04,  // vldr d2, [r0, #16]
    0x3018,          // adds r0, #24
    0x0000, 0x0000,  // the instruction
    0xed81, 0x2b00,  // vstr d2, [r1]
    0xeef1, 0x4a10,  // vmrs r4, fpscr
    0x608c,          // str r4, [r1, #8]
    0x3110,          // adds r1, #16
    0x3a01,          // subs r2, #1
    0xf47f, 0xafea,  // bne.w to the first instruction
    0xbf00,          // nop
};
constexpr std::uint64_t kLoopEnd = kCodeBase + 2 * (kLoop.size() - 1);

void check(uc_err error, const char* what) {
  if (error != UC_ERR_OK) throw std::runtime_error(std::string(what) + ": " + uc_strerror(error));
}

}  // namespace

struct UnicornFpu::State {
  uc_engine* engine = nullptr;
  std::vector<Output> outputs = std::vector<Output>(kCapacity);
};

UnicornFpu::UnicornFpu(Core core) : state_(std::make_unique<State>()) {
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &state_->engine), "uc_open");
  const int model = core == Core::cortex_m4 ? UC_CPU_ARM_CORTEX_M4 : UC_CPU_ARM_CORTEX_M7;
  check(uc_ctl_set_cpu_model(state_->engine, model), "uc_ctl_set_cpu_model");
  check(uc_mem_map(state_->engine, kCodeBase, 0x1000, UC_PROT_ALL), "map code");
  check(uc_mem_map(state_->engine, kInputBase, kCapacity * sizeof(Input), UC_PROT_ALL), "map inputs");
  check(uc_mem_map(state_->engine, kOutputBase, kCapacity * sizeof(Output), UC_PROT_ALL), "map outputs");
}

UnicornFpu::~UnicornFpu() { uc_close(state_->engine); }

std::vector<Output> UnicornFpu::run(std::uint32_t encoding, std::span<const Input> inputs) {
  auto code = kLoop;
  code[kInstructionSlot] = static_cast<std::uint16_t>(encoding >> 16);
  code[kInstructionSlot + 1] = static_cast<std::uint16_t>(encoding);
  check(uc_mem_write(state_->engine, kCodeBase, code.data(), sizeof code), "write code");
  check(uc_ctl_remove_cache(state_->engine, kCodeBase, kCodeBase + sizeof code), "drop translations");
  std::vector<Output> results;
  results.reserve(inputs.size());
  while (!inputs.empty()) {
    const auto batch = inputs.first(std::min(inputs.size(), kCapacity));
    inputs = inputs.subspan(batch.size());
    check(uc_mem_write(state_->engine, kInputBase, batch.data(), batch.size_bytes()), "write inputs");
    std::uint32_t r0 = kInputBase;
    std::uint32_t r1 = kOutputBase;
    auto r2 = static_cast<std::uint32_t>(batch.size());
    uc_reg_write(state_->engine, UC_ARM_REG_R0, &r0);
    uc_reg_write(state_->engine, UC_ARM_REG_R1, &r1);
    uc_reg_write(state_->engine, UC_ARM_REG_R2, &r2);
    check(uc_emu_start(state_->engine, kCodeBase | 1, kLoopEnd, 0, 0), "run");
    uc_reg_read(state_->engine, UC_ARM_REG_R2, &r2);
    if (r2 != 0) throw std::runtime_error("the guest loop stopped early");
    const auto size = batch.size() * sizeof(Output);
    check(uc_mem_read(state_->engine, kOutputBase, state_->outputs.data(), size), "read outputs");
    results.insert(results.end(), state_->outputs.begin(),
                   state_->outputs.begin() + static_cast<std::ptrdiff_t>(batch.size()));
  }
  return results;
}

}  // namespace mcusim::emulator::fpu::testing
