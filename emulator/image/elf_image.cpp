#include "emulator/image/elf_image.h"

#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>

#include "common/error.h"
#include "emulator/image/debug_info.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint64_t kAddressSpace = 1ull << 32;
constexpr const char* kLinkAgain = "link it again";
constexpr std::uint64_t kVleSection = 0x10000000;  ///< SHF_PPC_VLE (Power Architecture 32-bit ABI, VLE).

/// One ELF file in memory. Every offset and size in it may be wrong.
class ElfReader {
 public:
  ElfReader(std::string file, std::vector<std::uint8_t> content, bool vle)
      : file_(std::move(file)), content_(std::move(content)), vle_(vle) {}

  Image read() {
    check_identification();
    if (elf_version(EV_CURRENT) == EV_NONE) throw std::runtime_error("libelf is too old");
    elf_.reset(elf_memory(reinterpret_cast<char*>(content_.data()), content_.size()));
    if (elf_ == nullptr) damaged("its header cannot be read");
    check_header();
    image_.file = file_;
    read_segments();
    read_sections();
    std::ranges::stable_sort(image_.symbols, {}, &Symbol::address);
    elf_.reset();
    image_.debug = std::make_shared<DebugInfo>(file_, std::move(content_));
    return std::move(image_);
  }

 private:
  [[noreturn]] void fail(const std::string& fault, const std::string& remedy) const {
    throw InputError(fmt::format("{}: {}; {}", file_, fault, remedy));
  }
  [[noreturn]] void damaged(const std::string& fault) const {
    fail("the ELF file is damaged (" + fault + ")", kLinkAgain);
  }

  void check_identification() const {
    const auto starts_with = [&](std::string_view magic) {
      return content_.size() >= magic.size() && std::memcmp(content_.data(), magic.data(), magic.size()) == 0;
    };
    if (!starts_with(ELFMAG)) {
      fail("not an ELF file", "give the ELF file that the linker wrote");
    }
    if (content_.size() < sizeof(Elf32_Ehdr)) damaged("cut inside its header");
    const bool big_endian = content_[EI_DATA] == ELFDATA2MSB;
    const unsigned machine = content_[big_endian ? 19 : 18] | content_[big_endian ? 18 : 19] << 8;
    if (vle_) {
      check_power(machine, big_endian);
      return;
    }
    if (content_[EI_CLASS] == ELFCLASS64) {
      fail(machine == EM_X86_64 ? "ELF for x86-64, not for Arm" : "64-bit ELF, not for a Cortex-M",
           "cross-compile it with arm-none-eabi-gcc");
    }
    if (content_[EI_CLASS] != ELFCLASS32) damaged("its class is neither 32 nor 64 bit");
    if (machine == EM_PPC) fail("ELF for PowerPC, not for Arm", "choose an SPC58 as --mcu");
    if (content_[EI_DATA] != ELFDATA2LSB) {
      fail("big-endian ELF; Cortex-M parts are little-endian", "compile it without -mbig-endian");
    }
    if (machine != EM_ARM) {
      fail(fmt::format("ELF for machine {}, not for Arm", machine),
           "cross-compile it with arm-none-eabi-gcc");
    }
  }

  void check_power(unsigned machine, bool big_endian) const {
    if (machine == EM_ARM) fail("ELF for Arm, not for PowerPC", "choose a Cortex-M part as --mcu");
    if (machine != EM_PPC || content_[EI_CLASS] != ELFCLASS32)
      fail(fmt::format("ELF for machine {}, not for 32-bit PowerPC", machine),
           "compile it for e200z4 with VLE");
    if (!big_endian)
      fail("little-endian ELF; SPC58 parts are big-endian", "compile it without -mlittle-endian");
  }

  /// Assemblers mark sections of VLE code; segments may have lost their mark.
  void check_code_is_vle() const {
    if (vle_ && !image_.code.empty() && !has_vle_section_)
      fail("its code is Book E, not VLE, which is all that the core executes", "compile it with -mvle");
  }

  void check_header() {
    GElf_Ehdr header;
    if (elf_kind(elf_.get()) != ELF_K_ELF || gelf_getehdr(elf_.get(), &header) == nullptr) {
      damaged("its header cannot be read");
    }
    if (header.e_type == ET_REL) fail("an object file, not a linked program", "link it");
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN) damaged("it is no executable");
    // libelf leaves sections out that a cut file no longer has.
    if (header.e_shoff + std::uint64_t{header.e_shnum} * header.e_shentsize > content_.size()) {
      damaged("its section headers lie beyond the end of the file");
    }
    image_.entry = static_cast<Address>(header.e_entry) & ~Address{1};
  }

  void read_segments() {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_.get(), &count) != 0) damaged("its program headers cannot be read");
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_.get(), static_cast<int>(i), &header) == nullptr) {
        damaged(fmt::format("program header {} lies outside the file", i));
      }
      if (header.p_type == PT_LOAD && header.p_filesz != 0) add_segment(i, header);
    }
    if (image_.segments.empty()) fail("no loadable segment", "link it with a linker script for the MCU");
    check_overlaps();
  }

  void add_segment(std::size_t index, const GElf_Phdr& header) {
    if (header.p_offset > content_.size() || header.p_filesz > content_.size() - header.p_offset) {
      damaged(fmt::format("segment {} reaches beyond the end of the file", index));
    }
    if (header.p_paddr + header.p_filesz > kAddressSpace) {
      damaged(fmt::format("segment {} at {:#010x} reaches beyond 4 GB", index, header.p_paddr));
    }
    image_.flash_used += header.p_filesz;
    // Overlapping segments could repeat the same bytes many times over.
    if (image_.flash_used > content_.size()) damaged("its segments share bytes of the file");
    const std::uint8_t* bytes = content_.data() + header.p_offset;
    image_.segments.push_back({static_cast<Address>(header.p_paddr), {bytes, bytes + header.p_filesz}});
  }

  void check_overlaps() const {
    std::vector<const Segment*> sorted;
    for (const Segment& segment : image_.segments) sorted.push_back(&segment);
    std::ranges::sort(sorted, {}, &Segment::address);
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i]->address - sorted[i - 1]->address < sorted[i - 1]->bytes.size()) {
        fail(fmt::format("two segments claim address {:#010x}", sorted[i]->address),
             "correct the load addresses in the linker script");
      }
    }
  }

  void read_sections() {
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf_.get(), &names) != 0) damaged("its section names cannot be found");
    image_.ram_used = 0;
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(elf_.get(), section)) != nullptr) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr) damaged("a section header cannot be read");
      if ((header.sh_flags & SHF_ALLOC) != 0 && !in_segments(header.sh_addr)) {
        *image_.ram_used += header.sh_size;
      }
      if ((header.sh_flags & SHF_ALLOC) != 0 && (header.sh_flags & SHF_EXECINSTR) != 0) {
        image_.code.push_back({static_cast<Address>(header.sh_addr), header.sh_size});
        has_vle_section_ = has_vle_section_ || (header.sh_flags & kVleSection) != 0;
      }
      if (header.sh_type == SHT_SYMTAB) read_symbols(section, header);
      const char* name = elf_strptr(elf_.get(), names, header.sh_name);
      if (name != nullptr && name == kNetworkNoteSection) read_note(section);
    }
    check_code_is_vle();
  }

  bool in_segments(std::uint64_t address) const {
    return std::ranges::any_of(image_.segments, [&](const Segment& segment) {
      return address >= segment.address && address - segment.address < segment.bytes.size();
    });
  }

  void read_symbols(Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr || data->d_type != ELF_T_SYM) {
      damaged("its symbol table cannot be read");
    }
    const std::size_t count = data->d_size / sizeof(Elf32_Sym);
    for (std::size_t i = 1; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) damaged("a symbol cannot be read");
      const char* name = elf_strptr(elf_.get(), header.sh_link, symbol.st_name);
      if (name == nullptr) damaged("a symbol's name lies outside the string table");
      add_symbol(name, symbol);
    }
  }

  void add_symbol(const char* name, const GElf_Sym& symbol) {
    const unsigned type = GELF_ST_TYPE(symbol.st_info);
    const bool is_function = type == STT_FUNC;
    // Assembler labels without a type (STT_NOTYPE) serve as names too, but the mapping symbols $t, $a and $d
    // of the Arm ABI only tell code from data.
    if (!is_function && type != STT_OBJECT && type != STT_NOTYPE) return;
    if (symbol.st_shndx == SHN_UNDEF || *name == '\0' || *name == '$') return;
    Address address = static_cast<Address>(symbol.st_value);
    if (is_function) address &= ~Address{1};
    image_.symbols.push_back({name, address, symbol.st_size, is_function});
  }

  void read_note(Elf_Scn* section) {
    Elf_Data* data = elf_rawdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr) damaged("its network note lies outside the file");
    std::string_view text(static_cast<const char*>(data->d_buf), data->d_size);
    // Generators may end the text as a C string.
    while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
    image_.note = parse_network_note(text, file_);
  }

  struct ElfEnd {
    void operator()(Elf* elf) const { elf_end(elf); }
  };

  std::string file_;
  std::vector<std::uint8_t> content_;
  bool vle_;
  bool has_vle_section_ = false;
  std::unique_ptr<Elf, ElfEnd> elf_;
  Image image_;
};

}  // namespace

Image parse_elf(std::string file, std::vector<std::uint8_t> content, mcu_models::Architecture architecture) {
  const bool vle = architecture == mcu_models::Architecture::vle;
  return ElfReader(std::move(file), std::move(content), vle).read();
}

}  // namespace mcusim::emulator
