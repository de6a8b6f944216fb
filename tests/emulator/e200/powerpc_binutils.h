#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mcusim::emulator::e200 {

/// The binutils for PowerPC, run on files in a fresh directory. Tests skip where they are not installed.
bool has_powerpc_binutils();

/// What objdump -d -M vle prints of each instruction of `halfwords`, which begin at address 0: mnemonic and
/// operands parted by one space, without the symbol behind an address. In order of addresses.
struct Disassembled {
  std::uint32_t address = 0;
  std::string text;
};
std::vector<Disassembled> objdump(const std::vector<std::uint16_t>& halfwords);

/// The bytes of section .text_vle of an assembly source, linked at `base`; empty and a test failure when as
/// or ld refuses it.
std::vector<std::uint8_t> assemble(const std::string& source, std::uint32_t base);

/// A linked ELF of the source's section .text, assembled with `flags`; empty and a test failure when refused.
std::vector<std::uint8_t> link_elf(const std::string& source, std::uint32_t base, const std::string& flags);

}  // namespace mcusim::emulator::e200
