#include "codegen/emit/kernel_files.h"

#include <algorithm>

#include "common/embedded_file.h"

namespace mcusim {
extern const std::span<const EmbeddedFile> kernel_sources;  // Of codegen/kernels.
}

namespace mcusim::codegen {

std::vector<SourceFile> kernel_files(const std::set<std::string>& functions) {
  std::vector<SourceFile> files;
  for (const EmbeddedFile& file : kernel_sources) {
    const bool used = file.name.ends_with(".h") ||
                      std::any_of(functions.begin(), functions.end(), [&file](const std::string& function) {
                        return file.content.find("void " + function + "(") != std::string_view::npos;
                      });
    if (used) files.push_back({std::string(file.name), std::string(file.content)});
  }
  return files;
}

}  // namespace mcusim::codegen
