#include "book_e_core.h"

#include <unicorn/unicorn.h>

#include <stdexcept>
#include <string>

namespace mcusim::emulator::e200 {
namespace {

void check(uc_err error, const char* what) {
  if (error != UC_ERR_OK) throw std::runtime_error(std::string(what) + ": " + uc_strerror(error));
}

void put_word(std::uint8_t* bytes, std::uint32_t word) {
  for (int i = 3; i >= 0; --i, word >>= 8) bytes[i] = static_cast<std::uint8_t>(word);
}

// Unicorn does not keep SO, OV and CA in the XER it shows: instructions move them.
constexpr std::uint32_t kMtxerR30 = 0x7fc103a6, kMfxerR31 = 0x7fe102a6;
constexpr std::uint32_t kMsrSpe = 0x02000000;

}  // namespace

struct BookECore::Handle {
  uc_engine* engine = nullptr;
  bool interrupted = false;
};

BookECore::BookECore(Address code, Address data)
    : handle_(std::make_unique<Handle>()), code_(code), data_(data) {
  check(uc_open(UC_ARCH_PPC, static_cast<uc_mode>(UC_MODE_PPC32 | UC_MODE_BIG_ENDIAN), &handle_->engine),
        "uc_open");
  // E200Z5 and E200Z6 of this library end the process.
  check(uc_ctl_set_cpu_model(handle_->engine, UC_CPU_PPC32_E500V2_V22), "cpu model");
  check(uc_mem_map(handle_->engine, code, 4096, UC_PROT_ALL), "map code");
  check(uc_mem_map(handle_->engine, data, kDataSize, UC_PROT_READ | UC_PROT_WRITE), "map data");
  uc_hook hook;
  const auto on_interrupt = +[](uc_engine* engine, std::uint32_t, void* handle) {
    static_cast<Handle*>(handle)->interrupted = true;
    uc_emu_stop(engine);
  };
  check(uc_hook_add(handle_->engine, &hook, UC_HOOK_INTR, reinterpret_cast<void*>(on_interrupt),
                    handle_.get(), 1, 0),
        "hook");
}

BookECore::~BookECore() { uc_close(handle_->engine); }

bool BookECore::execute(std::uint32_t instruction, TestState& state) {
  uc_engine* const engine = handle_->engine;
  std::uint8_t program[12];
  put_word(program, kMtxerR30);
  put_word(program + 4, instruction);
  put_word(program + 8, kMfxerR31);
  check(uc_mem_write(engine, code_, program, sizeof program), "write code");
  std::uint32_t msr = kMsrSpe;
  check(uc_reg_write(engine, UC_PPC_REG_MSR, &msr), "write MSR");
  state.r[30] = state.xer;
  for (int i = 0; i < 32; ++i) uc_reg_write(engine, UC_PPC_REG_0 + i, &state.r[static_cast<unsigned>(i)]);
  uc_reg_write(engine, UC_PPC_REG_CR, &state.cr);
  uc_reg_write(engine, UC_PPC_REG_LR, &state.lr);
  uc_reg_write(engine, UC_PPC_REG_CTR, &state.ctr);
  handle_->interrupted = false;
  const uc_err error = uc_emu_start(engine, code_, code_ + sizeof program, 0, 3);
  if (error != UC_ERR_OK || handle_->interrupted) return false;
  for (int i = 0; i < 32; ++i) uc_reg_read(engine, UC_PPC_REG_0 + i, &state.r[static_cast<unsigned>(i)]);
  uc_reg_read(engine, UC_PPC_REG_CR, &state.cr);
  uc_reg_read(engine, UC_PPC_REG_LR, &state.lr);
  uc_reg_read(engine, UC_PPC_REG_CTR, &state.ctr);
  state.xer = state.r[31];
  return true;
}

void BookECore::write_data(const std::vector<std::uint8_t>& bytes) {
  check(uc_mem_write(handle_->engine, data_, bytes.data(), bytes.size()), "write data");
}

std::vector<std::uint8_t> BookECore::data() const {
  std::vector<std::uint8_t> bytes(kDataSize);
  check(uc_mem_read(handle_->engine, data_, bytes.data(), bytes.size()), "read data");
  return bytes;
}

}  // namespace mcusim::emulator::e200
