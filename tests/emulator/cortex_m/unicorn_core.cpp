#include "unicorn_core.h"

#include <unicorn/unicorn.h>

#include <stdexcept>

namespace mcusim::emulator::cortex_m::testing {
namespace {

int model_of(const std::string& name) {
  if (name == "cortex-m0") return UC_CPU_ARM_CORTEX_M0;
  if (name == "cortex-m3") return UC_CPU_ARM_CORTEX_M3;
  if (name == "cortex-m4") return UC_CPU_ARM_CORTEX_M4;
  if (name == "cortex-m7") return UC_CPU_ARM_CORTEX_M7;
  return UC_CPU_ARM_CORTEX_M33;
}

void check(uc_err error, const char* what) {
  if (error != UC_ERR_OK) throw std::runtime_error(std::string(what) + ": " + uc_strerror(error));
}

int register_id(unsigned index) {
  switch (index) {
    case 13:
      return UC_ARM_REG_SP;
    case 14:
      return UC_ARM_REG_LR;
    default:
      return UC_ARM_REG_R0 + static_cast<int>(index);
  }
}

constexpr std::uint32_t kApsrMask = 0xf80f0000u;

}  // namespace

struct UnicornCore::Handle {
  uc_engine* engine = nullptr;
};

UnicornCore::UnicornCore(const std::string& name, Address code, Bytes code_size, Address data,
                         Bytes data_size)
    : handle_(std::make_unique<Handle>()) {
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &handle_->engine), "uc_open");
  check(uc_ctl_set_cpu_model(handle_->engine, model_of(name)), "cpu model");
  check(uc_mem_map(handle_->engine, code, code_size, UC_PROT_ALL), "map code");
  check(uc_mem_map(handle_->engine, data, data_size, UC_PROT_READ | UC_PROT_WRITE), "map data");
  // The first start sets the core up; registers written before it would be lost.
  const std::uint16_t nop = 0xbf00;
  write_memory(code, &nop, sizeof nop);
  run(code, code + 2);
  if (name == "cortex-m0" || name == "cortex-m3") return;
  // So would FPSCR: the first FP instruction begins a context with the default one.
  const std::uint16_t vmov_s0_s0[] = {0xeeb0, 0x0a40};
  write_memory(code, vmov_s0_s0, sizeof vmov_s0_s0);
  run(code, code + 4);
}

UnicornCore::~UnicornCore() { uc_close(handle_->engine); }

void UnicornCore::write_memory(Address address, const void* bytes, Bytes size) {
  check(uc_mem_write(handle_->engine, address, bytes, size), "write");
  uc_ctl_remove_cache(handle_->engine, std::uint64_t{address}, std::uint64_t{address} + size);
}
void UnicornCore::read_memory(Address address, void* bytes, Bytes size) const {
  check(uc_mem_read(handle_->engine, address, bytes, size), "read");
}

void UnicornCore::set_register(unsigned index, std::uint32_t value) {
  check(uc_reg_write(handle_->engine, register_id(index), &value), "set register");
}

void UnicornCore::set_state(const CoreState& state, bool with_fp) {
  for (unsigned i = 0; i < 15; ++i) set_register(i, state.r[i]);
  const std::uint32_t flags = state.flags | 1u << 24;
  check(uc_reg_write(handle_->engine, UC_ARM_REG_XPSR, &flags), "set flags");
  if (!with_fp) return;
  for (unsigned i = 0; i < 16; ++i) {
    const std::uint64_t value = std::uint64_t{state.s[i * 2 + 1]} << 32 | state.s[i * 2];
    check(uc_reg_write(handle_->engine, UC_ARM_REG_D0 + static_cast<int>(i), &value), "set d");
  }
  check(uc_reg_write(handle_->engine, UC_ARM_REG_FPSCR, &state.fpscr), "set fpscr");
}

CoreState UnicornCore::state(bool with_fp) const {
  CoreState state;
  for (unsigned i = 0; i < 15; ++i) uc_reg_read(handle_->engine, register_id(i), &state.r[i]);
  uc_reg_read(handle_->engine, UC_ARM_REG_XPSR, &state.flags);
  state.flags &= kApsrMask;
  if (!with_fp) return state;
  for (unsigned i = 0; i < 16; ++i) {
    std::uint64_t value = 0;
    uc_reg_read(handle_->engine, UC_ARM_REG_D0 + static_cast<int>(i), &value);
    state.s[i * 2] = static_cast<std::uint32_t>(value);
    state.s[i * 2 + 1] = static_cast<std::uint32_t>(value >> 32);
  }
  uc_reg_read(handle_->engine, UC_ARM_REG_FPSCR, &state.fpscr);
  return state;
}

std::string UnicornCore::run(Address begin, Address end) {
  const uc_err error = uc_emu_start(handle_->engine, begin | 1, end, 0, 0);
  return error == UC_ERR_OK ? std::string() : uc_strerror(error);
}

}  // namespace mcusim::emulator::cortex_m::testing
