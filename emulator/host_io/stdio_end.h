#pragma once

#include "emulator/host_io/descriptor.h"
#include "emulator/host_io/serial_end.h"

namespace mcusim::emulator::host_io {

/// Standard input and output of the program. Output goes through the C library's buffer, so that it keeps its
/// order with what else is printed.
class StdioEnd : public SerialEnd {
 public:
  void write(std::string_view bytes) override;
  std::optional<std::uint8_t> read() override;
  bool at_end() const override;
  void finish() override;

 private:
  InputBuffer input_;
};

}  // namespace mcusim::emulator::host_io
