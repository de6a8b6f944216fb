#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "common/error.h"
#include "common/files.h"
#include "emulator/image/elf_image.h"
#include "emulator/image/formats.h"
#include "emulator/image/record_file.h"

namespace mcusim::emulator {
namespace {

constexpr std::string_view kElfMagic =
    "\x7f"
    "ELF";

bool has_extension(const std::filesystem::path& path, std::string_view extension) {
  const std::string own = path.extension().string();
  return std::ranges::equal(own, extension,
                            [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

}  // namespace

Image parse_raw(const std::string& file, std::vector<std::uint8_t> content, Address base) {
  if (content.size() > kLargestImage) {
    throw InputError(fmt::format("{}: raw binary of {} bytes; give one of at most {} MiB", file,
                                 content.size(), kLargestImage >> 20));
  }
  if (base + std::uint64_t{content.size()} > 1ull << 32) {
    throw InputError(fmt::format("{}: {} bytes at {:#010x} run beyond 4 GiB; choose another --base", file,
                                 content.size(), base));
  }
  Image image;
  image.file = file;
  image.flash_used = content.size();
  image.segments.push_back({base, std::move(content)});
  return image;
}

Image load_image(const std::filesystem::path& path, const LoadOptions& options) {
  return load_image_for(mcu_models::Architecture::v7em, path, options);
}

Image load_image_for(mcu_models::Architecture architecture, const std::filesystem::path& path,
                     const LoadOptions& options) {
  const std::string file = path.string();
  std::vector<std::uint8_t> content = read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  const bool elf = text.starts_with(kElfMagic);
  bool hex = !elf && is_intel_hex(content);
  bool s_record = !elf && is_s_record(content);
  const bool raw = !elf && !hex && !s_record && has_extension(path, ".bin");
  // Damaged in its first line, which the reader will say.
  if (!raw) {
    hex = hex || text.starts_with(':');
    s_record = s_record || (text.size() > 1 && text[0] == 'S' && text[1] >= '0' && text[1] <= '9');
  }
  if (options.base && !raw) {
    throw InputError(fmt::format("{}: --base is for raw .bin files; this file has its own addresses", file));
  }
  if (hex) return parse_intel_hex(file, content);
  if (s_record) return parse_s_record(file, content);
  if (raw) return parse_raw(file, std::move(content), options.base.value_or(options.flash));
  if (elf) return parse_elf(file, std::move(content), architecture);
  throw InputError(
      fmt::format("{}: not an ELF, Intel HEX or S-record file; give the file that the linker wrote, "
                  "or name a raw binary .bin",
                  file));
}

}  // namespace mcusim::emulator
