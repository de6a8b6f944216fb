#pragma once

#include <string>

#include "emulator/host_io/descriptor.h"
#include "emulator/host_io/serial_end.h"

namespace mcusim::emulator::host_io {

/// A pseudo-terminal in raw mode: any terminal program can be attached to path(), and detached, at any time.
class PtyEnd : public SerialEnd {
 public:
  /// Throws InputError when the host has no more pseudo-terminals.
  PtyEnd();

  const std::string& path() const { return path_; }

  void write(std::string_view bytes) override;
  std::optional<std::uint8_t> read() override;
  bool at_end() const override { return false; }
  /// Waits a little for an attached program to take the rest.
  void finish() override;

 private:
  std::string path_;
  Descriptor master_;
  Descriptor slave_;  ///< Held open, so that the master stays readable while nobody is attached.
  InputBuffer input_;
  OutputBuffer output_;
};

}  // namespace mcusim::emulator::host_io
