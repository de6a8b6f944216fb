#include "unicorn_runner.h"

#include <unicorn/unicorn.h>

#include <stdexcept>
#include <string>

namespace mcusim::bench {
namespace {

void check(uc_err error) {
  if (error != UC_ERR_OK) throw std::runtime_error(std::string("unicorn: ") + uc_strerror(error));
}

}  // namespace

struct UnicornRunner::State {
  uc_engine* engine = nullptr;
  Address entry = 0;
  std::uint64_t blocks = 0, accesses = 0;

  static void on_block(uc_engine*, std::uint64_t, std::uint32_t, void* self) {
    ++static_cast<State*>(self)->blocks;
  }
  static void on_access(uc_engine*, uc_mem_type, std::uint64_t, int, std::int64_t, void* self) {
    ++static_cast<State*>(self)->accesses;
  }
};

UnicornRunner::UnicornRunner(const emulator::Image& image, bool hooks) : state_(std::make_unique<State>()) {
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &state_->engine));
  check(uc_ctl_set_cpu_model(state_->engine, UC_CPU_ARM_CORTEX_M7));
  check(uc_mem_map(state_->engine, 0x08000000, 0x10000, UC_PROT_READ | UC_PROT_EXEC));
  check(uc_mem_map(state_->engine, 0x20000000, 0x20000, UC_PROT_READ | UC_PROT_WRITE));
  check(uc_mem_map(state_->engine, 0xe000e000, 0x1000, UC_PROT_READ | UC_PROT_WRITE));
  for (const emulator::Segment& segment : image.segments) {
    check(uc_mem_write(state_->engine, segment.address, segment.bytes.data(), segment.bytes.size()));
  }
  if (!hooks) return;
  uc_hook handle = 0;
  check(uc_hook_add(state_->engine, &handle, UC_HOOK_BLOCK, reinterpret_cast<void*>(State::on_block),
                    state_.get(), 1, 0));
  check(uc_hook_add(state_->engine, &handle, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE,
                    reinterpret_cast<void*>(State::on_access), state_.get(), 1, 0));
}

UnicornRunner::~UnicornRunner() { uc_close(state_->engine); }

void UnicornRunner::run(Address end) {
  std::uint32_t vectors[2];
  check(uc_mem_read(state_->engine, 0x08000000, vectors, sizeof vectors));
  const std::uint32_t link = 0xffffffff;  // what reset leaves in LR
  check(uc_reg_write(state_->engine, UC_ARM_REG_SP, &vectors[0]));
  check(uc_reg_write(state_->engine, UC_ARM_REG_LR, &link));
  check(uc_emu_start(state_->engine, vectors[1] | 1, end, 0, 0));
}

std::vector<std::uint8_t> UnicornRunner::ram() const {
  std::vector<std::uint8_t> bytes(0x20000);
  check(uc_mem_read(state_->engine, 0x20000000, bytes.data(), bytes.size()));
  return bytes;
}

}  // namespace mcusim::bench
