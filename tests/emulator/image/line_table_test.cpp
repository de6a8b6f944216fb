#include "emulator/image/line_table.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <set>

#include "common/files.h"
#include "emulator/image/debug_info.h"
#include "emulator/image/elf_image.h"

namespace mcusim::emulator {
namespace {

const std::string kSource = MCUSIM_SOURCE_DIR "/tests/emulator/image/lines.c";
const std::string kAssembly = MCUSIM_SOURCE_DIR "/tests/emulator/image/lines_assembly.S";

/// The number of the line that holds `text`.
unsigned line_with(const std::string& file, const std::string& text) {
  const std::vector<std::uint8_t> content = read_file(file);
  const std::string all(content.begin(), content.end());
  const std::size_t at = all.find(text);
  EXPECT_NE(at, std::string::npos) << text;
  return 1 +
         static_cast<unsigned>(std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

std::vector<SourceLocation> locations_in(const Image& image, const std::string& function) {
  const Symbol* symbol = image.find_symbol(function);
  EXPECT_NE(symbol, nullptr) << function;
  std::vector<SourceLocation> found;
  for (Address address = symbol->address; address < symbol->address + symbol->size; address += 2) {
    if (const auto location = image.source_at(address)) found.push_back(*location);
  }
  return found;
}

std::string program(int version) {
  return MCUSIM_TEST_PROGRAMS "/lines_dwarf" + std::to_string(version) + ".elf";
}

class LinesOfDwarf : public ::testing::TestWithParam<int> {
 protected:
  Image image_ = load_image(program(GetParam()));
};

TEST_P(LinesOfDwarf, AnInstructionHasItsFileLineAndFunction) {
  const SourceLine expected{"outer", kSource, line_with(kSource, "// outer stores")};
  const auto locations = locations_in(image_, "outer");
  EXPECT_TRUE(std::ranges::any_of(locations, [&](const SourceLocation& location) {
    return location.at == expected && location.inlined_into.empty();
  }));
  EXPECT_EQ(image_.debug->warning(), "");
}

TEST_P(LinesOfDwarf, InlinedCodeNamesEachCallFromTheInsideOut) {
  const SourceLine inner{"inner", kSource, line_with(kSource, "// inner stores")};
  const std::vector<SourceLine> into{{"middle", kSource, line_with(kSource, "// middle calls inner")},
                                     {"outer", kSource, line_with(kSource, "// outer calls middle")}};
  const auto locations = locations_in(image_, "outer");
  const auto found = std::ranges::find(locations, inner, &SourceLocation::at);
  ASSERT_NE(found, locations.end());
  EXPECT_EQ(found->inlined_into, into);
}

TEST_P(LinesOfDwarf, AssemblyHasLinesAndTakesFunctionsFromTheSymbols) {
  const SourceLine expected{"assembly", kAssembly, line_with(kAssembly, "@ assembly returns")};
  const auto locations = locations_in(image_, "assembly");
  ASSERT_EQ(locations.size(), 2u);
  EXPECT_EQ(locations[1].at, expected);
}

TEST_P(LinesOfDwarf, AddressesOutsideCodeHaveNone) {
  EXPECT_FALSE(image_.source_at(0x40000000).has_value());
  EXPECT_FALSE(image_.source_at(2).has_value()) << "a function that the linker removed";
}

INSTANTIATE_TEST_SUITE_P(Version, LinesOfDwarf, ::testing::Values(2, 4, 5));

TEST(LineTable, WithoutDebugInformationTheSymbolStillNamesTheFunctionAndNothingIsWarnedOf) {
  const Image image = load_image(MCUSIM_TEST_SAMPLE);
  const auto location = image.source_at(image.find_symbol("net_run")->address);
  ASSERT_TRUE(location.has_value());
  EXPECT_EQ(location->at, (SourceLine{"net_run", "", 0}));
  EXPECT_EQ(image.debug->warning(), "");
}

/// File offsets of the sections whose names begin with ".debug".
std::vector<Elf32_Shdr> debug_sections(const std::vector<std::uint8_t>& elf) {
  Elf32_Ehdr header;
  std::memcpy(&header, elf.data(), sizeof header);
  std::vector<Elf32_Shdr> all(header.e_shnum);
  std::memcpy(all.data(), elf.data() + header.e_shoff, all.size() * sizeof(Elf32_Shdr));
  const Elf32_Shdr names = all[header.e_shstrndx];
  std::erase_if(all, [&](const Elf32_Shdr& section) {
    const char* name = reinterpret_cast<const char*>(elf.data()) + names.sh_offset + section.sh_name;
    return std::string_view(name).substr(0, 6) != ".debug" || section.sh_size == 0;
  });
  return all;
}

class DamagedDwarf : public ::testing::TestWithParam<int> {};

TEST_P(DamagedDwarf, LosesLinesButNeverTheImage) {
  const std::vector<std::uint8_t> whole = read_file(program(GetParam()));
  const Image good = parse_elf("lines.elf", whole);
  const std::vector<Elf32_Shdr> sections = debug_sections(whole);
  ASSERT_GE(sections.size(), 5u);
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  unsigned warned = 0, lost = 0;
  for (unsigned round = 0; round < 6000; ++round) {
    std::vector<std::uint8_t> changed = whole;
    const Elf32_Shdr& section = sections[random() % sections.size()];
    for (unsigned count = 1 + random() % 4; count > 0; --count) {
      std::uint8_t* byte = changed.data() + section.sh_offset + random() % section.sh_size;
      switch (random() % 4) {
        case 0:
          *byte = static_cast<std::uint8_t>(random());
          break;
        case 1:
          *byte ^= static_cast<std::uint8_t>(1u << random() % 8);
          break;
        case 2:
          *byte = 0xff;
          break;
        default:
          *byte = 0;
      }
    }
    const Image image = parse_elf("lines.elf", std::move(changed));
    ASSERT_EQ(image.segments.size(), good.segments.size());
    for (const Symbol& symbol : image.symbols) {
      if (!symbol.is_function) continue;
      for (Address address = symbol.address; address < symbol.address + symbol.size; address += 2) {
        const auto location = image.source_at(address);
        // The symbol table is whole, so that something is always known.
        ASSERT_TRUE(location.has_value());
        lost += location->at.line == 0;
      }
    }
    const std::string& warning = image.debug->warning();
    warned += !warning.empty();
    EXPECT_EQ(warning.find('\n'), std::string::npos) << warning;
    EXPECT_TRUE(warning.empty() || warning.starts_with("lines.elf: ")) << warning;
  }
  EXPECT_GT(warned, 100u);
  EXPECT_GT(lost, 1000u);
}

TEST_P(DamagedDwarf, SectionsOfAnySizeAndPlaceLoseLinesOnly) {
  const std::vector<std::uint8_t> whole = read_file(program(GetParam()));
  Elf32_Ehdr header;
  std::memcpy(&header, whole.data(), sizeof header);
  std::set<std::uint32_t> offsets;
  for (const Elf32_Shdr& section : debug_sections(whole)) offsets.insert(section.sh_offset);
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    const std::size_t at = header.e_shoff + i * sizeof(Elf32_Shdr);
    Elf32_Shdr section;
    std::memcpy(&section, whole.data() + at, sizeof section);
    if (section.sh_size == 0 || !offsets.contains(section.sh_offset)) continue;
    const auto total = static_cast<std::uint32_t>(whole.size());
    for (const std::uint32_t size :
         {0u, 1u, 3u, section.sh_size - 1, total - section.sh_offset, total, 0xffffffffu}) {
      for (const std::uint32_t flags : {section.sh_flags, section.sh_flags | std::uint32_t{SHF_COMPRESSED}}) {
        std::vector<std::uint8_t> changed = whole;
        Elf32_Shdr other = section;
        other.sh_size = size;
        other.sh_flags = flags;
        std::memcpy(changed.data() + at, &other, sizeof other);
        const Image image = parse_elf("lines.elf", std::move(changed));
        EXPECT_TRUE(image.source_at(image.find_symbol("outer")->address).has_value());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Version, DamagedDwarf, ::testing::Values(2, 4, 5));

}  // namespace
}  // namespace mcusim::emulator
