#pragma once

#include <cstdint>
#include <string>

#include "emulator/e200/encodings.h"

namespace mcusim::emulator::e200 {

// The letters of Encoding::operands; each names a field of the pattern too. In brackets: the member of
// Operation that takes it.
//
//   registers   d [d]  a [a]  b [b]   of five bits;  g [a]  the same where 0 is the value 0
//               w [d]  s [a]  y [b]   of four bits: r0-r7, r24-r31
//               x [d and a]  p [d and b]  q [a]      sources that are destinations too
//               X [d]  Y [a]          of four bits: r8-r23
//               = [d]                 the destination is register a; prints nothing
//   immediates  u unsigned  i signed  o from 1 on  n the same, to subtract  h, W times 2, 4
//               U, I in the upper half-word  S, L the forms SCI8 and LI20
//               e one bit, E all others, m so many low bits         [imm]
//               H shift [b]  R mask of a rotation [imm]
//   control     t branch target [imm]  ? condition of a branch [a: mask of a CR field]
//               C [d] CR field  c [d], F [a] the same, left out when 0, and with its comma
//               D [d]  A [a]  B [b]  K [imm] bits of CR  M mask of CR fields [imm]
//               Q special purpose register [imm]  T what traps [d]
//               N, O numbers that only a disassembler shows, when not 0; O with its comma

/// The field `letter` of an encoding, its bits in order; `bits`: 16 or 32.
std::uint32_t field_of(const Encoding& encoding, std::uint32_t raw, unsigned bits, char letter);
/// Whether the pattern has such a field.
bool has_field(const Encoding& encoding, char letter);

/// Fills the members of `operation`, whose pc and slots are set.
void decode_operands(const Encoding& encoding, std::uint32_t raw, Operation& operation);

/// As binutils write them: "r3,-8(r1)".
std::string print_operands(const Encoding& encoding, std::string_view operands, std::uint32_t raw,
                           unsigned bits, Address pc);

}  // namespace mcusim::emulator::e200
