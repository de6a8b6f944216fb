#include "emulator/e200/disassembler.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "emulator/e200/operands.h"
#include "emulator/e200/spr_table.h"

namespace mcusim::emulator::e200 {
namespace {

/// What an instruction is called when some of its fields have certain values.
struct Alias {
  Code code;
  char field;  ///< Must hold `value`,
  std::uint32_t value;
  char same_as;  ///< or, if not 0, what this other field holds.
  std::string_view mnemonic;
  std::string_view operands;
  std::uint32_t clear = 0;  ///< Bits that must be 0.
};

// The first that fits holds.
constexpr Alias kAliases[] = {
    {Code::or_, 'b', 0, 'a', "mr", "d,a"},          {Code::nor_, 'b', 0, 'a', "not", "d,a"},
    {Code::crnor_, 'B', 0, 'A', "e_crnot", "D,A"},  {Code::cror_, 'B', 0, 'A', "e_crmove", "D,A"},
    {Code::isel_, 'K', 0, 0, "isellt", "d,g,b", 1}, {Code::isel_, 'K', 1, 0, "iselgt", "d,g,b", 1},
    {Code::isel_, 'K', 2, 0, "iseleq", "d,g,b", 1}, {Code::mtcrf_, 'M', 255, 0, "mtcr", "a"},
    {Code::tw_, 'T', 1, 0, "twlgt", "a,b"},         {Code::tw_, 'T', 2, 0, "twllt", "a,b"},
    {Code::tw_, 'T', 4, 0, "tweq", "a,b"},          {Code::tw_, 'T', 5, 0, "twlge", "a,b"},
    {Code::tw_, 'T', 6, 0, "twlle", "a,b"},         {Code::tw_, 'T', 8, 0, "twgt", "a,b"},
    {Code::tw_, 'T', 12, 0, "twge", "a,b"},         {Code::tw_, 'T', 16, 0, "twlt", "a,b"},
    {Code::tw_, 'T', 20, 0, "twle", "a,b"},         {Code::tw_, 'T', 24, 0, "twne", "a,b"},
    {Code::tw_, 'T', 31, 0, "twu", "a,b"},
};

std::string with_operands(std::string mnemonic, const std::string& operands) {
  return operands.empty() ? mnemonic : mnemonic + " " + operands;
}

/// CR instructions whose three operands are one bit, and rotations that are shifts or clear bits.
std::string special_form(const Encoding& encoding, std::uint32_t raw) {
  const auto field = [&](char letter) { return field_of(encoding, raw, 32, letter); };
  switch (encoding.code) {
    case Code::crxor_:
    case Code::creqv_:
      if (field('D') != field('A') || field('D') != field('B')) return {};
      return (encoding.code == Code::crxor_ ? "e_crclr " : "e_crset ") +
             print_operands(encoding, "D", raw, 32, 0);
    case Code::tw_:
      return raw == 0x7fe00008 ? "trap" : "";
    case Code::rlwinm_: {
      const std::uint32_t begin = field('R') >> 5, end = field('R') & 31, shift = field('H');
      const std::string registers = print_operands(encoding, "d,a", raw, 32, 0);
      if (begin == 0 && end == 31) return fmt::format("e_rotlwi {},{}", registers, shift);
      if (shift == 0 && end == 31) return fmt::format("e_clrlwi {},{}", registers, begin);
      if (shift == 0 && begin == 0) return fmt::format("e_clrrwi {},{}", registers, 31 - end);
      return {};
    }
    case Code::mfspr_:
    case Code::mtspr_: {
      const bool reads = encoding.code == Code::mfspr_;
      const SprRow* row = find_spr((field('Q') & 31) << 5 | field('Q') >> 5);
      if (row == nullptr || !row->named_for(reads)) return {};
      const std::string reg = print_operands(encoding, reads ? "d" : "a", raw, 32, 0);
      if (row->number >= spr::sprg0 && row->number < spr::sprg0 + 8) {
        const int index = row->number - spr::sprg0;
        return reads ? fmt::format("mfsprg {},{}", reg, index) : fmt::format("mtsprg {},{}", index, reg);
      }
      return fmt::format("{}{} {}", reads ? "mf" : "mt", row->name, reg);
    }
    default:
      return {};
  }
}

}  // namespace

std::string disassemble(const Decoder& decoder, std::uint16_t first, std::uint16_t second, Address pc) {
  const bool wide = is_wide(first);
  const unsigned bits = wide ? 32 : 16;
  const std::uint32_t raw = wide ? static_cast<std::uint32_t>(first) << 16 | second : first;
  const Encoding* encoding = decoder.find(first, second);
  if (encoding == nullptr || encoding->mnemonic.empty()) return fmt::format(".long {:#x}", raw);
  if (wide) {
    if (std::string special = special_form(*encoding, raw); !special.empty()) return special;
  }
  std::string_view mnemonic = encoding->mnemonic, operands = encoding->operands;
  for (const Alias& alias : kAliases) {
    if (!wide || alias.code != encoding->code || (raw & alias.clear) != 0) continue;
    const std::uint32_t value =
        alias.same_as != 0 ? field_of(*encoding, raw, bits, alias.same_as) : alias.value;
    if (field_of(*encoding, raw, bits, alias.field) != value) continue;
    mnemonic = alias.mnemonic;
    operands = alias.operands;
    break;
  }
  std::string name(mnemonic);
  if (field_of(*encoding, raw, bits, 'v') != 0) name += 'o';
  if (field_of(*encoding, raw, bits, 'k') != 0) name += 'l';
  if (field_of(*encoding, raw, bits, 'r') != 0) name += '.';
  return with_operands(std::move(name), print_operands(*encoding, operands, raw, bits, pc));
}

}  // namespace mcusim::emulator::e200
