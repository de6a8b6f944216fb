#include "emulator/image/debug_file.h"

#include <fmt/format.h>
#include <gelf.h>

#include <string_view>

namespace mcusim::emulator {
namespace {

/// Debug information that unpacks to more is not read: a few kilobytes of a hostile file could ask for
/// gigabytes.
constexpr std::uint64_t kMostUnpackedBytes = 256ull << 20;

/// Bytes that the compressed sections say they unpack to; the old .zdebug form counts as too many.
std::uint64_t unpacked_bytes(Elf* elf) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return 0;
  std::uint64_t total = 0;
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(elf, section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name != nullptr && std::string_view(name).starts_with(".zdebug")) return kMostUnpackedBytes + 1;
    GElf_Chdr compressed;
    if ((header.sh_flags & SHF_COMPRESSED) != 0 && gelf_getchdr(section, &compressed) != nullptr) {
      if (compressed.ch_size > kMostUnpackedBytes) return kMostUnpackedBytes + 1;
      total += compressed.ch_size;
    }
  }
  return total;
}

}  // namespace

void DebugFile::open() {
  if (opened_) return;
  opened_ = true;
  elf_version(EV_CURRENT);
  elf_.reset(elf_memory(reinterpret_cast<char*>(content_.data()), content_.size()));
  if (elf_ == nullptr) return;
  if (unpacked_bytes(elf_.get()) > kMostUnpackedBytes) {
    note_damage("compressed debug information");
    return;
  }
  dwarf_.reset(dwarf_begin_elf(elf_.get(), DWARF_C_READ, nullptr));
  // An ELF without debug information is in order; libdw has no public number for that error.
  if (dwarf_ == nullptr && std::string_view(dwarf_errmsg(-1)) != "no DWARF information") {
    note_damage("debug information");
  }
}

Dwarf* DebugFile::dwarf() {
  open();
  return dwarf_.get();
}

Elf* DebugFile::elf() {
  open();
  return elf_.get();
}

void DebugFile::note_damage(const std::string& what) {
  if (warning_.empty()) {
    warning_ = fmt::format("{}: its {} is damaged, source lines may be missing; compile it again with -g",
                           file_, what);
  }
}

}  // namespace mcusim::emulator
