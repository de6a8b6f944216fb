#pragma once

#include <cstdint>
#include <string>

#include "common/units.h"
#include "emulator/e200/decoder.h"

namespace mcusim::emulator::e200 {

/// The instruction as binutils write it, mnemonic and operands parted by one space: "e_lwz r3,8(r1)"; branch
/// targets are addresses. ".long 0x..." for what is no instruction of this core.
std::string disassemble(const Decoder& decoder, std::uint16_t first, std::uint16_t second, Address pc);

}  // namespace mcusim::emulator::e200
