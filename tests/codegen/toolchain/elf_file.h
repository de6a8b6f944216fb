#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mcusim::codegen {

/// What the tests look at in an ELF, read with libelf.
struct ElfFile {
  struct Section {
    std::uint32_t address = 0;
    std::uint32_t size = 0;
    bool allocated = false;
    bool in_file = false;
    std::string content;
  };
  struct Segment {
    std::uint32_t load_address = 0;
    std::uint32_t address = 0;
    std::uint32_t file_size = 0;
    std::uint32_t memory_size = 0;
  };
  std::uint32_t entry = 0;
  std::map<std::string, Section> sections;
  std::map<std::string, std::uint32_t> symbols;
  std::vector<Segment> segments;  ///< PT_LOAD only.
};

ElfFile read_elf(const std::filesystem::path& path);

}  // namespace mcusim::codegen
