#include "tests/codegen/toolchain/elf_file.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <stdexcept>

namespace mcusim::codegen {
namespace {

void read_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, ElfFile& file) {
  Elf_Data* data = elf_getdata(section, nullptr);
  for (std::size_t i = 0; i < header.sh_size / header.sh_entsize; ++i) {
    GElf_Sym symbol;
    gelf_getsym(data, static_cast<int>(i), &symbol);
    const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (name && *name) file.symbols[name] = static_cast<std::uint32_t>(symbol.st_value);
  }
}

void read_sections(Elf* elf, ElfFile& file) {
  std::size_t names = 0;
  elf_getshdrstrndx(elf, &names);
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    gelf_getshdr(section, &header);
    ElfFile::Section& entry = file.sections[elf_strptr(elf, names, header.sh_name)];
    entry.address = static_cast<std::uint32_t>(header.sh_addr);
    entry.size = static_cast<std::uint32_t>(header.sh_size);
    entry.allocated = (header.sh_flags & SHF_ALLOC) != 0;
    entry.in_file = header.sh_type != SHT_NOBITS;
    const Elf_Data* data = elf_rawdata(section, nullptr);
    if (entry.in_file && data && data->d_buf) {
      entry.content.assign(static_cast<const char*>(data->d_buf), data->d_size);
    }
    if (header.sh_type == SHT_SYMTAB) read_symbols(elf, section, header, file);
  }
}

void read_segments(Elf* elf, ElfFile& file) {
  std::size_t count = 0;
  elf_getphdrnum(elf, &count);
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    gelf_getphdr(elf, static_cast<int>(i), &header);
    if (header.p_type != PT_LOAD) continue;
    file.segments.push_back(
        {static_cast<std::uint32_t>(header.p_paddr), static_cast<std::uint32_t>(header.p_vaddr),
         static_cast<std::uint32_t>(header.p_filesz), static_cast<std::uint32_t>(header.p_memsz)});
  }
}

}  // namespace

ElfFile read_elf(const std::filesystem::path& path) {
  elf_version(EV_CURRENT);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  Elf* elf = elf_begin(descriptor, ELF_C_READ, nullptr);
  if (!elf || elf_kind(elf) != ELF_K_ELF) throw std::runtime_error("not an ELF: " + path.string());
  ElfFile file;
  GElf_Ehdr header;
  gelf_getehdr(elf, &header);
  file.entry = static_cast<std::uint32_t>(header.e_entry);
  read_sections(elf, file);
  read_segments(elf, file);
  elf_end(elf);
  close(descriptor);
  return file;
}

}  // namespace mcusim::codegen
