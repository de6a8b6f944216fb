#include "emulator/image/elf_image.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "common/error.h"
#include "common/files.h"

namespace mcusim::emulator {
namespace {

std::vector<std::uint8_t> sample() { return read_file(MCUSIM_TEST_SAMPLE); }

/// The error's text, or "" when the content was accepted. Any other exception is a failure of the test.
std::string error_of(std::vector<std::uint8_t> content) {
  try {
    parse_elf("sample.elf", std::move(content));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

void expect_one_line(const std::string& text) {
  if (text.empty()) return;
  EXPECT_TRUE(text.starts_with("sample.elf: ")) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  EXPECT_NE(text.find("; "), std::string::npos) << "no remedy: " << text;
}

template <typename Header>
Header header_at(const std::vector<std::uint8_t>& content, std::size_t offset) {
  Header header;
  std::memcpy(&header, content.data() + offset, sizeof(header));
  return header;
}

/// The sample with its first program header changed.
std::vector<std::uint8_t> with_segment(const std::function<void(Elf32_Phdr&)>& change) {
  std::vector<std::uint8_t> content = sample();
  const auto file = header_at<Elf32_Ehdr>(content, 0);
  auto segment = header_at<Elf32_Phdr>(content, file.e_phoff);
  change(segment);
  std::memcpy(content.data() + file.e_phoff, &segment, sizeof(segment));
  return content;
}

TEST(ElfImage, SegmentsStandAtTheirLoadAddresses) {
  const Image image = load_image(MCUSIM_TEST_SAMPLE);
  ASSERT_EQ(image.segments.size(), 2u);  // .text, and .data behind it in flash.
  EXPECT_EQ(image.segments[0].address, 0x08000000u);
  EXPECT_EQ(image.segments[1].address, 0x08000000u + image.segments[0].bytes.size());
  EXPECT_EQ(image.segments[1].bytes,
            (std::vector<std::uint8_t>{1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0}));
  EXPECT_EQ(image.flash_used, image.segments[0].bytes.size() + 16);
  EXPECT_EQ(image.ram_used, 16u + 1000u);
}

TEST(ElfImage, SymbolsAreSortedAndWithoutThumbBitAndMappingSymbols) {
  const Image image = load_image(MCUSIM_TEST_SAMPLE);
  const Symbol* run = image.find_symbol("net_run");
  ASSERT_NE(run, nullptr);
  EXPECT_TRUE(run->is_function);
  EXPECT_EQ(run->address % 2, 0u);
  EXPECT_EQ(image.symbol_at(run->address + 2), run);
  const Symbol* arena = image.find_symbol("arena");
  ASSERT_NE(arena, nullptr);
  EXPECT_FALSE(arena->is_function);
  EXPECT_EQ(arena->size, 1000u);
  EXPECT_EQ(image.symbol_at(arena->address + 999), arena);
  EXPECT_EQ(image.symbol_at(0x40000000), nullptr);
  EXPECT_EQ(image.entry, image.find_symbol("reset_handler")->address);
  Address previous = 0;
  for (const Symbol& symbol : image.symbols) {
    EXPECT_NE(symbol.name[0], '$');
    EXPECT_GE(symbol.address, previous);
    previous = symbol.address;
  }
}

TEST(ElfImage, TheNetworkNoteIsRead) {
  const Image image = load_image(MCUSIM_TEST_SAMPLE);
  ASSERT_TRUE(image.note.has_value());
  EXPECT_EQ(image.note->name, "sample");
  EXPECT_EQ(image.note->run_function, "net_run");
}

TEST(ElfImage, OtherKindsOfFilesAreNamed) {
  const auto refused = [](const std::string& content, const std::string& part) {
    const std::string text = error_of({content.begin(), content.end()});
    expect_one_line(text);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  refused(
      "\x7f"
      "ELF",
      "cut inside its header");
  refused("MZ......", "not an ELF file");
  std::vector<std::uint8_t> content = sample();
  const auto with = [&](std::size_t offset, std::uint8_t value) {
    std::vector<std::uint8_t> changed = content;
    changed[offset] = value;
    return std::string(changed.begin(), changed.end());
  };
  refused(with(EI_CLASS, ELFCLASS64), "64-bit ELF");
  refused(with(EI_DATA, ELFDATA2MSB), "big-endian");
  refused(with(18, EM_386), "machine 3");
  refused(with(16, ET_REL), "object file");
  std::string host = with(EI_CLASS, ELFCLASS64);
  host[18] = EM_X86_64;
  refused(host, "ELF for x86-64, not for Arm; cross-compile it");
}

TEST(ElfImage, SegmentsOutsideTheFileOrTheAddressSpaceAreRefused) {
  const auto refused = [](const std::function<void(Elf32_Phdr&)>& change, const std::string& part) {
    const std::string text = error_of(with_segment(change));
    expect_one_line(text);
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  refused([](Elf32_Phdr& segment) { segment.p_filesz = 0xffffffff; }, "beyond the end of the file");
  refused([](Elf32_Phdr& segment) { segment.p_offset = 0xfffffff0; }, "beyond the end of the file");
  refused([](Elf32_Phdr& segment) { segment.p_paddr = 0xfffffff0; }, "beyond 4 GB");
  refused([](Elf32_Phdr& segment) { segment.p_paddr += 4; }, "two segments claim");
}

TEST(ElfImage, AFileCutAnywhereIsRefused) {
  const std::vector<std::uint8_t> whole = sample();
  for (std::size_t length = 0; length < whole.size(); length += length < 512 ? 1 : 7) {
    const std::string text = error_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
    expect_one_line(text);
    // The section headers stand at the end: without them the file is not whole.
    EXPECT_NE(text, "") << "accepted when cut to " << length << " of " << whole.size() << " bytes";
  }
}

TEST(ElfImage, AnyFlippedByteIsRefusedOrRead) {
  const std::vector<std::uint8_t> whole = sample();
  int refused = 0;
  for (std::size_t position = 0; position < whole.size(); ++position) {
    for (const std::uint8_t flip : {0x01, 0x80, 0xff}) {
      std::vector<std::uint8_t> changed = whole;
      changed[position] ^= flip;
      const std::string text = error_of(std::move(changed));
      expect_one_line(text);
      refused += text.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(ElfImage, HeadersFullOfHugeNumbersAreRefusedOrRead) {
  const std::vector<std::uint8_t> whole = sample();
  const auto file = header_at<Elf32_Ehdr>(whole, 0);
  const auto try_words = [&](std::size_t from, std::size_t bytes) {
    for (std::size_t offset = from; offset + 4 <= from + bytes && offset + 4 <= whole.size(); offset += 2) {
      for (const std::uint32_t value : {0xffffffffu, 0x80000000u, 0x7fffffffu, 0xfffffff0u, 0u}) {
        std::vector<std::uint8_t> changed = whole;
        std::memcpy(changed.data() + offset, &value, 4);
        expect_one_line(error_of(std::move(changed)));
      }
    }
  };
  try_words(16, sizeof(Elf32_Ehdr) - 16);
  try_words(file.e_phoff, std::size_t{file.e_phnum} * sizeof(Elf32_Phdr));
  try_words(file.e_shoff, std::size_t{file.e_shnum} * sizeof(Elf32_Shdr));
}

}  // namespace
}  // namespace mcusim::emulator
