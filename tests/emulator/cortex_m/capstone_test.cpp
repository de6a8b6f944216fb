#include <capstone/capstone.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "emulator/cortex_m/decoder.h"
#include "test_cores.h"

// The decode tables against an independent disassembler: the same encodings are defined, and they are the
// same instruction. MCUSIM_DECODE_SAMPLES sets how many 32-bit encodings are drawn.
namespace mcusim::emulator::cortex_m::testing {
namespace {

class Disassembler {
 public:
  Disassembler() { open(); }
  ~Disassembler() { close(); }
  /// Mnemonic without condition, width and type suffixes; empty when undefined.
  std::string mnemonic(std::uint16_t first, std::uint16_t second) {
    const std::uint16_t halfwords[] = {first, second};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(halfwords);
    std::size_t size = is_wide(first) ? 4 : 2;
    std::uint64_t address = 0x1000;
    if (!cs_disasm_iter(handle_, &bytes, &size, &address, text_) || size != 0) return {};
    const std::string name = text_->mnemonic;
    // After IT Capstone gives conditions to what follows; each encoding here stands alone.
    if (name.starts_with("it")) {
      close();
      open();
    }
    return name.substr(0, name.find('.'));
  }

 private:
  void open() {
    cs_open(CS_ARCH_ARM, static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS | CS_MODE_V8), &handle_);
    text_ = cs_malloc(handle_);
  }
  void close() {
    cs_free(text_, 1);
    cs_close(&handle_);
  }

  csh handle_ = 0;
  cs_insn* text_ = nullptr;
};

std::string without_type(std::string_view name) { return std::string(name.substr(0, name.find('.'))); }

struct Difference {
  std::string ours, theirs;
  unsigned count = 0;
  std::uint32_t example = 0;
};

class Comparison {
 public:
  void compare(std::uint16_t first, std::uint16_t second) {
    const Encoding* row = decoder_.find(first, second);
    if (row != nullptr && row->code == Code::no_coprocessor_) row = nullptr;
    const std::string ours = row != nullptr ? full_name(*row, first, second) : "";
    const std::string theirs = disassembler_.mnemonic(first, second);
    ++compared_;
    const bool refused = row != nullptr && decoder_.decode(first, second, 0x1000, 0).code == Code::undefined_;
    const bool justified = !refused || row->code == Code::undefined_ ||
                           is_unpredictable(*row, raw_of(first, second), is_wide(first) ? 32 : 16);
    if (justified && (agree(ours, theirs) || is_listed(row, ours, theirs, first, second))) return;
    Difference& d = differences_[ours + "|" + theirs];
    d = {ours, theirs, d.count + 1, static_cast<std::uint32_t>(first) << 16 | second};
  }
  const std::map<std::string, Difference>& differences() const { return differences_; }

 private:
  // Rows that hold several mnemonics: the fields that choose one.
  static std::string full_name(const Encoding& row, std::uint16_t first, std::uint16_t second) {
    std::string name = without_type(row.mnemonic);
    const bool n = second >> 5 & 1, m = second >> 4 & 1;
    switch (row.format) {
      case Format::xy:
      case Format::xya:
      case Format::long_xy:
        return name + (n ? "t" : "b") + (m ? "t" : "b");
      case Format::x_flag:
      case Format::x_flag_a:
      case Format::long_x:
        if (name == "smulw" || name == "smlaw") return name + (m ? "t" : "b");
        if (name.starts_with("smm")) return name + (m ? "r" : "");
        return name + (m ? "x" : "");
      case Format::bcond16:
      case Format::bcond32: {
        static constexpr const char* kConditions[] = {"eq", "ne", "hs", "lo", "mi", "pl", "vs",
                                                      "vc", "hi", "ls", "ge", "lt", "gt", "le"};
        const unsigned condition = (row.format == Format::bcond16 ? first >> 8 : first >> 6) & 15;
        return name + (condition < 14 ? kConditions[condition] : "?");
      }
      case Format::it: {
        // T or E by each mask bit above the lowest set one, against the condition's own lowest bit.
        const unsigned mask = first & 15, condition_low = first >> 4 & 1;
        for (unsigned bit = 3; bit > static_cast<unsigned>(std::countr_zero(mask)); --bit) {
          name += (mask >> bit & 1) == condition_low ? "t" : "e";
        }
        return name;
      }
      default:
        break;
    }
    // Flag-setting forms have an S of their own.
    const bool has_s = row.pattern.find('S') != std::string_view::npos &&
                       (row.format < Format::bcond32 || row.format == Format::shift_reg);
    return has_s && is_wide(first) && (first >> 4 & 1) ? name + "s" : name;
  }
  static bool agree(const std::string& ours, const std::string& theirs) { return ours == theirs; }

  static std::uint32_t raw_of(std::uint16_t first, std::uint16_t second) {
    return is_wide(first) ? static_cast<std::uint32_t>(first) << 16 | second : first;
  }

  // Operands for which the manual has no rule against SP: bases, words that are loaded and stored, and the
  // operands of ADD, SUB, CMP and CMN.
  static bool may_be_sp(const Encoding& row, char letter) {
    const std::string name = without_type(row.mnemonic);
    const bool transfers = row.mnemonic.starts_with("ld") || row.mnemonic.starts_with("st");
    if (letter == 'n') return transfers || name.starts_with("add") || name == "cmp" || name == "cmn";
    return letter == 't' && (name == "ldr" || name == "str");
  }

  // What the manual calls UNPREDICTABLE, or UNDEFINED inside a row: the only encodings of a row the decoder
  // may refuse.
  static bool is_unpredictable(const Encoding& row, std::uint32_t raw, unsigned bits) {
    const auto field = [&](char letter) {
      std::uint32_t value = 0;
      unsigned position = bits;
      for (const char c : row.pattern) {
        if (c == ' ') continue;
        --position;
        if (c == letter) value = value << 1 | (raw >> position & 1);
      }
      return value;
    };
    const bool fp = row.format >= Format::fp3;
    if (bits == 32 && !fp) {
      for (const char letter : std::string_view("ndmtsalhu")) {
        if (field(letter) == 15 || (field(letter) == 13 && !may_be_sp(row, letter))) return true;
      }
    }
    switch (row.format) {
      case Format::hi_add:
      case Format::hi_cmp:
      case Format::bx:
        return field('m') == 15 || (field('D') << 3 | field('d')) == 15;
      case Format::hi_mov:
        return field('m') == 15;
      case Format::push16:
      case Format::pop16:
      case Format::stm16:
      case Format::ldm16:
        return field('r') == 0;
      case Format::it:
        return field('c') == 15;
      case Format::ldm32:
        return field('r') == 0 || (field('r') >> 13 & 1) != 0;
      case Format::stm32:
        return field('r') == 0 || (field('r') & 0xa000) != 0;
      case Format::bit_extract:
        return field('i') + field('w') + 1 > 32;
      case Format::bit_insert:
        return field('w') < field('i');
      case Format::long_multiply:
      case Format::long_xy:
      case Format::long_x:
        return field('l') == field('h');
      case Format::ls_imm8:
        return field('P') == 0 && field('W') == 0;
      case Format::bcond32:
        return field('c') >= 14;
      case Format::fp_ls:
        return (raw >> 8 & 1) != 0 && field('D') != 0;
      case Format::fp_core_pair:
        return field('m') == 15 || ((raw >> 8 & 1) != 0 && (field('M') || field('B')));
      case Format::fp_core_scalar:
        return field('N') != 0;
      case Format::fp_ls_multiple: {
        const bool is_double = field('s') != 0;
        const std::uint32_t begin =
            is_double ? (field('D') << 4 | field('d')) * 2 : field('d') << 1 | field('D');
        return field('i') <= (is_double ? 1u : 0u) || begin + field('i') > 32 || (is_double && field('D'));
      }
      case Format::fp_fixed:
        return (field('i') << 1 | field('I')) > (field('X') ? 32u : 16u) || (field('s') && field('D'));
      default:
        return fp && (field('D') || field('N') || field('M'));  // D16 to D31
    }
  }

  // A bit that the manual wants 0 or 1 and that has the other value.
  static bool violates_should_be(const Encoding& row, std::uint32_t raw, unsigned bits) {
    for (const char c : row.pattern) {
      if (c == ' ') continue;
      const unsigned bit = raw >> --bits & 1;
      if ((c == 'z' && bit == 1) || (c == 'o' && bit == 0)) return true;
    }
    return false;
  }

  // Differences, each with the rule of DDI 0403E that decides it.
  bool is_listed(const Encoding* row, const std::string& ours, const std::string& theirs, std::uint16_t first,
                 std::uint16_t second) const {
    const bool wide = is_wide(first);
    const std::uint32_t raw = wide ? static_cast<std::uint32_t>(first) << 16 | second : first;
    if (row != nullptr && theirs != ours) {
      // Should-be bits with the other value are UNPREDICTABLE: we execute, Capstone rejects or sees an
      // A-profile instruction.
      if (violates_should_be(*row, raw, wide ? 32 : 16)) return true;
      // UNPREDICTABLE operands that we answer with UNDEFINED (operand_formats.h).
      if (decoder_.decode(first, second, 0x1000, 0).code == Code::undefined_ &&
          is_unpredictable(*row, raw, wide ? 32 : 16))
        return true;
      // The same instruction under another name: ADDW and SUBW of PC are ADR; PLDW is a hint like PLD; an odd
      // count of VLDM and VSTM is FLDMX; UDF #254 is TRAP; SEVL is a hint on M profile.
      static const std::map<std::string, std::string> kOtherNames = {
          {"addw", "adr"},       {"subw", "adr"},       {"pldw", "pld"},
          {"trap", "udf"},       {"sevl", "hint"},      {"fldmiax", "vldmia"},
          {"fldmdbx", "vldmdb"}, {"fstmiax", "vstmia"}, {"fstmdbx", "vstmdb"}};
      const auto name = kOtherNames.find(theirs);
      if (name != kOtherNames.end() && (name->second == ours || (ours == "vpush" && theirs == "fstmdbx") ||
                                        (ours == "vpop" && theirs == "fldmiax")))
        return true;
      // PUSH and POP of one register are STR and LDR with SP (A7.7.99, A7.7.101).
      if ((ours == "pop" && theirs == "ldr") || (ours == "push" && theirs == "str")) return true;
      // LR and PC in one list are UNPREDICTABLE (A7.7.41); we load both.
      if ((ours == "pop" || ours.starts_with("ldm")) && (second >> 14) == 3 && theirs.empty()) return true;
      // A special register Capstone has no name for reads as zero (B5.2.2).
      if ((ours == "mrs" || ours == "msr") && theirs.empty()) return true;
      return false;
    }
    if (row != nullptr) return false;
    // Encodings Armv7-M leaves UNDEFINED. A-profile: Advanced SIMD and its loads (A5.3.18 refers to
    // coprocessors), CRC32, HLT, acquire and release (Armv8-M has those).
    if ((first & 0xef00) == 0xef00 || (first & 0xff10) == 0xf900) return true;
    if (theirs.starts_with("crc32") || theirs == "hlt") return true;
    if (theirs.starts_with("lda") || theirs.starts_with("stl")) return (first & 0xffe0) == 0xe8c0;
    if (theirs.starts_with("aes") || theirs.starts_with("sha")) return true;
    const bool coprocessor_space = (first & 0xec00) == 0xec00;
    // Armv8-A SIMD, which Capstone recognises too generously.
    if (!coprocessor_space) return theirs.starts_with("v");
    // Bytes and half-words of a double register, VDUP and FP system registers other than FPSCR do not exist
    // (A6.6).
    if (theirs == "vmov" || theirs == "vdup" || theirs == "vmrs" || theirs == "vmsr")
      return (first & 0xff00) == 0xee00;
    // Coprocessors other than the FPU: NOCP, whatever the instruction.
    return (second >> 8 & 0xe) != 0xa;
  }

  mcu_models::McuModel mcu_ = make_core("cortex-m7");
  CostTable costs_;
  Decoder decoder_{features_of(mcu_.core, mcu_.fpu), costs_};
  Disassembler disassembler_;
  std::map<std::string, Difference> differences_;
  unsigned compared_ = 0;
};

void report(const Comparison& comparison) {
  for (const auto& [key, d] : comparison.differences()) {
    ADD_FAILURE() << "ours '" << d.ours << "' Capstone '" << d.theirs << "': " << d.count << ", as "
                  << std::hex << d.example;
  }
}

TEST(DecodeTables, All16BitEncodingsNameTheInstructionCapstoneNames) {
  Comparison comparison;
  for (std::uint32_t halfword = 0; halfword < 0xe800; ++halfword)
    comparison.compare(static_cast<std::uint16_t>(halfword), 0);
  report(comparison);
}

TEST(DecodeTables, Random32BitEncodingsNameTheInstructionCapstoneNames) {
  unsigned samples = 200'000;
  if (const char* wish = std::getenv("MCUSIM_DECODE_SAMPLES"))
    samples = static_cast<unsigned>(std::atol(wish));
  Comparison comparison;
  std::mt19937 random(7);
  for (unsigned i = 0; i < samples; ++i) {
    const auto first = static_cast<std::uint16_t>(0xe800 + random() % 0x1800);
    comparison.compare(first, static_cast<std::uint16_t>(random()));
  }
  report(comparison);
}

}  // namespace
}  // namespace mcusim::emulator::cortex_m::testing
