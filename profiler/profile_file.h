#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "profiler/profile.h"

namespace mcusim::profiler {

/// A profile in its file format: FlatBuffers by profiler/profile.fbs, described in docs/result-file.md. Equal
/// profiles give equal bytes; `outputs` and `host_seconds` are not kept.
std::vector<std::uint8_t> to_bytes(const Profile& profile);

/// Throws InputError, naming `file`, when the bytes are not a profile, are damaged, or were written by a
/// version that means something else by them.
Profile from_bytes(std::span<const std::uint8_t> bytes, std::string_view file);

/// Throw InputError as read_file() and write_file() do, and read_profile() as from_bytes(), too.
void write_profile(const std::filesystem::path& path, const Profile& profile);
Profile read_profile(const std::filesystem::path& path);

}  // namespace mcusim::profiler
