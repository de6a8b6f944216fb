#include "profiler/compare/reference.h"

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "profiler/profile_file.h"

namespace mcusim::profiler {
namespace {

/// FlatBuffers keep a file's identifier behind the offset of their root.
bool is_profile(std::string_view bytes) { return bytes.size() >= 8 && bytes.substr(4, 4) == "MCUP"; }

}  // namespace

Reference reference_of(const Profile& profile) {
  Reference reference;
  reference.title = fmt::format("{} on {} at {:g} MHz", profile.network.value_or(profile.file), profile.mcu,
                                static_cast<double>(profile.clock) / 1e6);
  reference.stall_causes = profile.stall_causes;
  reference.total = static_cast<double>(profile.work.cycles);
  for (const LayerProfile& entry : profile.layers)
    reference.parts.push_back(
        {entry.layer.name, std::nullopt, static_cast<double>(entry.cycles), entry.stalls});
  if (!profile.layers.empty()) return reference;
  for (const FunctionProfile& entry : profile.functions)
    reference.parts.push_back({entry.name, std::nullopt, static_cast<double>(entry.self_cycles)});
  return reference;
}

Reference read_reference(const std::filesystem::path& file) {
  const std::vector<std::uint8_t> bytes = read_file(file);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (is_profile(text)) return reference_of(from_bytes(bytes, file.string()));
  if (text.find("mcusim-log ") != std::string_view::npos) return read_board_log(text, file.string());
  return read_latency_csv(text, file.string());
}

}  // namespace mcusim::profiler
