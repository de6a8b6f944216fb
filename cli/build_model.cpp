#include "cli/build_model.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "codegen/import/import.h"
#include "codegen/plan/memory_plan.h"
#include "common/files.h"

namespace mcusim::cli {

bool is_binary(const std::filesystem::path& file) {
  constexpr std::string_view kElfMagic =
      "\x7f"
      "ELF";
  const std::vector<std::uint8_t> content = read_file(file);
  if (std::string_view(reinterpret_cast<const char*>(content.data()), content.size()).starts_with(kElfMagic))
    return true;
  constexpr std::array<std::string_view, 8> kExtensions{".elf",  ".axf",  ".out", ".hex",
                                                        ".ihex", ".srec", ".s19", ".bin"};
  const std::string extension = file.extension().string();
  return std::ranges::find(kExtensions, std::string_view(extension)) != kExtensions.end();
}

codegen::EmittedNetwork generate(const std::filesystem::path& model) {
  const codegen::Graph graph = codegen::import_model(model);
  return codegen::emit_c(graph, codegen::plan_memory(graph));
}

}  // namespace mcusim::cli
