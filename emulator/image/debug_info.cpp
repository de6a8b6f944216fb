#include "emulator/image/debug_info.h"

#include "emulator/image/code_lines.h"
#include "emulator/image/debug_file.h"

namespace mcusim::emulator {

DebugInfo::DebugInfo(std::string file, std::vector<std::uint8_t> elf)
    : file_(std::make_shared<DebugFile>(std::move(file), std::move(elf))), lines_(file_), frames_(file_) {}

std::map<std::string, std::set<unsigned>> DebugInfo::code_lines(const std::function<bool(Address)>& is_code) {
  return emulator::code_lines(*file_, is_code);
}

const std::string& DebugInfo::warning() const { return file_->warning(); }

}  // namespace mcusim::emulator
