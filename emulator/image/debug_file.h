#pragma once

#include <elfutils/libdw.h>
#include <libelf.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mcusim::emulator {

/// The DWARF sections of one ELF file as libdw opens them; shared by the readers of lines and of call frames
/// (line_table.h, call_frame_table.h). The first damage that any of them meets is kept as one warning.
class DebugFile {
 public:
  DebugFile(std::string file, std::vector<std::uint8_t> content)
      : file_(std::move(file)), content_(std::move(content)) {}

  /// Opened at the first call; null when the file has no DWARF or none that can be read.
  Dwarf* dwarf();
  /// Null when it cannot be read.
  Elf* elf();

  /// `what` was damaged: "line table". Only the first call is kept.
  void note_damage(const std::string& what);
  /// One line for the user; empty while nothing was found damaged.
  const std::string& warning() const { return warning_; }

 private:
  void open();

  struct ElfEnd {
    void operator()(Elf* elf) const { elf_end(elf); }
  };
  struct DwarfEnd {
    void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
  };

  std::string file_;
  std::vector<std::uint8_t> content_;
  bool opened_ = false;
  std::unique_ptr<Elf, ElfEnd> elf_;
  std::unique_ptr<Dwarf, DwarfEnd> dwarf_;
  std::string warning_;
};

}  // namespace mcusim::emulator
