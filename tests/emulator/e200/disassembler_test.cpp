#include "emulator/e200/disassembler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>

#include "emulator/e200/spr_table.h"
#include "powerpc_binutils.h"

namespace mcusim::emulator::e200 {
namespace {

/// Families of instructions that binutils know under -M vle and the e200z4 without SPE vectors, LSP, double
/// precision, MMU, cache locking, device control registers and performance monitor does not have; and "mtmsr
/// r0,1", the form of 64-bit cores.
constexpr std::string_view kOfOtherCores[] = {
    "ev",      "efd",   "efscfd", "brinc",  "circinc", "bbel",   "bblels", "dcbt",    "dcblc",
    "icbl",    "icbt",  "lsw",    "stsw",   "mfdcr",   "mtdcr",  "mfpmr",  "mtpmr",   "tlb",
    "mfapidi", "eciwx", "ecowx",  "mfocrf", "mtocrf",  "lwsync", "cmp cr", "cmpl cr", "mtmsr"};
/// Instructions that the core has and binutils do not know under -M vle.
constexpr std::string_view kUnknownToBinutils[] = {"wait",   "lbarx", "lharx", "stbcx.",
                                                   "sthcx.", "mpure", "mpuwe", "mpusync"};

bool begins_with_any(const std::string& text, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return text.starts_with(name); });
}

/// Binutils name registers of all PowerPC cores; ours has a number for those that it lacks.
bool names_foreign_register(const std::string& ours, const std::string& theirs) {
  if (!ours.starts_with("mfspr ") && !ours.starts_with("mtspr ")) return false;
  const std::size_t digits = ours[1] == 'f' ? ours.find(',') + 1 : 6;
  const SprRow* row = find_spr(static_cast<std::uint32_t>(std::stoul(ours.substr(digits))));
  return (row == nullptr || !row->named_for(ours[1] == 'f')) && theirs.substr(0, 2) == ours.substr(0, 2);
}

class Disassembler : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_powerpc_binutils()) GTEST_SKIP() << "binutils-powerpc-linux-gnu is not installed";
  }

  /// Compares 32 bits at each of `words`; the lower half belongs to the next instruction when the upper one
  /// is a 16-bit encoding.
  void compare(const std::vector<std::uint32_t>& words) {
    std::vector<std::uint16_t> halfwords;
    for (const std::uint32_t word : words) {
      halfwords.push_back(static_cast<std::uint16_t>(word >> 16));
      halfwords.push_back(static_cast<std::uint16_t>(word));
    }
    std::map<std::string, unsigned> foreign;
    unsigned differences = 0;
    std::size_t compared = 0;
    for (const Disassembled& theirs : objdump(halfwords)) {
      if (theirs.address % 4 != 0 || theirs.address / 4 >= words.size()) continue;
      ++compared;
      const std::uint32_t word = words[theirs.address / 4];
      const auto first = static_cast<std::uint16_t>(word >> 16);
      const std::string ours = disassemble(decoder_, first, static_cast<std::uint16_t>(word), theirs.address);
      if (ours == theirs.text || (ours.starts_with(".long") && theirs.text.starts_with(".long"))) continue;
      const std::string mnemonic = theirs.text.substr(0, theirs.text.find(' '));
      if ((ours.starts_with(".long") && begins_with_any(theirs.text, kOfOtherCores)) ||
          (theirs.text.starts_with(".long") && begins_with_any(ours, kUnknownToBinutils)) ||
          (ours.starts_with("mpu") && theirs.text.starts_with("tlb")) ||
          names_foreign_register(ours, theirs.text)) {
        ++foreign[mnemonic];
        continue;
      }
      if (++differences <= 20)
        ADD_FAILURE() << std::hex << word << " is \"" << ours << "\", objdump has \"" << theirs.text << '"';
    }
    EXPECT_EQ(compared, words.size()) << "encodings that objdump did not reach";
    EXPECT_EQ(differences, 0u);
    unsigned sum = 0;
    for (const auto& [name, count] : foreign) sum += count;
    RecordProperty("compared", static_cast<int>(compared));
    RecordProperty("of_other_cores", static_cast<int>(sum));
  }

  std::mt19937 random_{20261122};
  const ClassCosts costs_;
  const Decoder decoder_{costs_};
};

TEST_F(Disassembler, AgreesWithObjdumpOnAll16BitEncodings) {
  constexpr std::uint32_t kIsync = 1;
  std::vector<std::uint32_t> words;
  for (std::uint32_t halfword = 0; halfword < 0x10000; ++halfword) {
    if (!is_wide(halfword)) words.push_back(halfword << 16 | kIsync);
  }
  EXPECT_EQ(words.size(), 0xc000u);
  compare(words);
}

TEST_F(Disassembler, AgreesWithObjdumpOnRandom32BitEncodings) {
  const char* samples = std::getenv("MCUSIM_VLE_SAMPLES");
  const std::size_t count = samples != nullptr ? std::strtoul(samples, nullptr, 10) : 400'000;
  std::vector<std::uint32_t> words;
  while (words.size() < count) {
    const auto word = static_cast<std::uint32_t>(random_());
    if (is_wide(word >> 16)) words.push_back(word);
  }
  compare(words);
}

// Random words hit rows with few free bits too seldom.
TEST_F(Disassembler, AgreesWithObjdumpOnEveryRow) {
  std::vector<std::uint32_t> words;
  for (const Encoding& encoding : encodings32()) {
    for (int sample = 0; sample < 200; ++sample) {
      std::uint32_t word = 0;
      // Small and equal fields matter to aliases.
      const auto sparse =
          static_cast<std::uint32_t>(sample < 100 ? random_() : random_() & random_() & random_());
      unsigned position = 32;
      for (const char c : encoding.pattern) {
        if (c == ' ') continue;
        --position;
        word |= (c == '0' || c == '1' ? c == '1' : (sparse >> position & 1)) << position;
      }
      words.push_back(word);
    }
  }
  compare(words);
}

TEST_F(Disassembler, AgreesWithObjdumpOnEveryExtendedOpcode) {
  std::vector<std::uint32_t> words;
  for (const std::uint32_t primary : {4u, 31u}) {
    for (std::uint32_t extended = 0; extended < 2048; ++extended) {
      for (const std::uint32_t mask : {0u, 0x03e00000u, 0x03fff800u, 0x001ff800u, 0x0000f800u, 0x03800000u})
        words.push_back(primary << 26 | (static_cast<std::uint32_t>(random_()) & mask) | extended);
    }
  }
  compare(words);
}

TEST_F(Disassembler, NamesEverySpecialPurposeRegisterAsObjdumpDoes) {
  std::vector<std::uint32_t> words;
  for (std::uint32_t number = 0; number < 1024; ++number) {
    for (const std::uint32_t opcode : {0x7c8002a6u, 0x7c8003a6u})
      words.push_back(opcode | (number & 31) << 16 | number >> 5 << 11);
  }
  compare(words);
}

TEST(SprTable, IsSortedByNumber) { EXPECT_TRUE(std::ranges::is_sorted(spr_rows(), {}, &SprRow::number)); }

}  // namespace
}  // namespace mcusim::emulator::e200
