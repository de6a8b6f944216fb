#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "emulator/image/call_frame_table.h"
#include "emulator/image/line_table.h"

namespace mcusim::emulator {

/// What an ELF's debug information tells about addresses.
class DebugInfo {
 public:
  /// `file` names the ELF in the warning. Nothing is read yet.
  DebugInfo(std::string file, std::vector<std::uint8_t> elf);

  LineTable& lines() { return lines_; }
  CallFrameTable& frames() { return frames_; }
  /// See code_lines.h.
  std::map<std::string, std::set<unsigned>> code_lines(const std::function<bool(Address)>& is_code);
  /// One line that says what was found damaged so far; empty when nothing was.
  const std::string& warning() const;

 private:
  std::shared_ptr<DebugFile> file_;
  LineTable lines_;
  CallFrameTable frames_;
};

}  // namespace mcusim::emulator
