#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "emulator/host_io/serial_end.h"

namespace mcusim::emulator::host_io {

/// What the guest sends, in a file. It grows under a name of its own beside the target and takes the target's
/// name in finish(); without finish() an existing file stays as it was.
class FileEnd : public SerialEnd {
 public:
  /// Throws InputError when the place cannot be written.
  explicit FileEnd(const std::string& path);
  ~FileEnd() override;

  void write(std::string_view bytes) override;
  std::optional<std::uint8_t> read() override { return std::nullopt; }
  bool at_end() const override { return true; }
  void finish() override;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string path_;
  std::string growing_;  ///< Empty once finished.
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace mcusim::emulator::host_io
