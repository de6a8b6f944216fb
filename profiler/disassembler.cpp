#include "profiler/disassembler.h"

#include <capstone/capstone.h>

namespace mcusim::profiler {

static_assert(sizeof(csh) == sizeof(std::size_t));

Disassembler::Disassembler(const emulator::Bus& bus) : bus_(bus) {
  const auto mode = static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS | CS_MODE_V8);
  if (cs_open(CS_ARCH_ARM, mode, &handle_) != CS_ERR_OK) handle_ = 0;
}

Disassembler::~Disassembler() {
  if (handle_ != 0) cs_close(&handle_);
}

Disassembler::Line Disassembler::at(Address address) const {
  std::uint8_t bytes[4];
  std::size_t size = sizeof bytes;
  if (!bus_.fetch(address, bytes, size)) size = 2;
  if (handle_ == 0 || !bus_.fetch(address, bytes, size)) return {};
  cs_insn* instruction = nullptr;
  if (cs_disasm(handle_, bytes, size, address, 1, &instruction) != 1) return {};
  Line line{instruction->mnemonic, instruction->size};
  if (instruction->op_str[0] != '\0') line.text += std::string(" ") + instruction->op_str;
  cs_free(instruction, 1);
  return line;
}

}  // namespace mcusim::profiler
