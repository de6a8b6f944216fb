#include "profiler/disassembler.h"

#include <capstone/capstone.h>

#include <span>

#include "emulator/e200/disassembler.h"

namespace mcusim::profiler {

struct Disassembler::Language {
  virtual ~Language() = default;
  /// Of two or four bytes.
  virtual Line line(std::span<const std::uint8_t> bytes, Address address) const = 0;
};

struct Disassembler::Thumb : Language {
  Thumb() {
    const auto mode = static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS | CS_MODE_V8);
    if (cs_open(CS_ARCH_ARM, mode, &handle) != CS_ERR_OK) handle = 0;
  }
  ~Thumb() override {
    if (handle != 0) cs_close(&handle);
  }
  Line line(std::span<const std::uint8_t> bytes, Address address) const override {
    cs_insn* instruction = nullptr;
    if (handle == 0 || cs_disasm(handle, bytes.data(), bytes.size(), address, 1, &instruction) != 1)
      return {};
    Line line{instruction->mnemonic, instruction->size};
    if (instruction->op_str[0] != '\0') line.text += std::string(" ") + instruction->op_str;
    cs_free(instruction, 1);
    return line;
  }
  csh handle = 0;
};

struct Disassembler::Vle : Language {
  Line line(std::span<const std::uint8_t> bytes, Address address) const override {
    const auto half_word = [&](std::size_t at) {
      return static_cast<std::uint16_t>(at < bytes.size() ? bytes[at] << 8 | bytes[at + 1] : 0);
    };
    const unsigned size = emulator::e200::is_wide(half_word(0)) ? 4 : 2;
    if (size > bytes.size()) return {};
    return {emulator::e200::disassemble(decoder, half_word(0), half_word(2), address), size};
  }
  emulator::ClassCosts costs;
  emulator::e200::Decoder decoder{costs};
};

Disassembler::Disassembler(const emulator::Machine& machine) : bus_(machine.bus()) {
  if (machine.big_endian())
    language_ = std::make_unique<Vle>();
  else
    language_ = std::make_unique<Thumb>();
}

Disassembler::~Disassembler() = default;

Disassembler::Line Disassembler::at(Address address) const {
  std::uint8_t bytes[4];
  std::size_t size = sizeof bytes;
  if (!bus_.fetch(address, bytes, size)) size = 2;
  if (!bus_.fetch(address, bytes, size)) return {};
  return language_->line(std::span(bytes, size), address);
}

}  // namespace mcusim::profiler
