#pragma once

#include <optional>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/checks/access_check.h"
#include "profiler/checks/finding_log.h"
#include "profiler/checks/written_memory.h"

namespace mcusim::profiler {

/// --check uninit: reads of RAM that nothing has written since reset. docs/result-file.md tells what is no
/// finding and what is not seen.
class UninitCheck : public AccessCheck {
 public:
  /// `image` has been loaded into `machine`; both must outlive it.
  UninitCheck(emulator::Machine& machine, const emulator::Image& image);

  void loading(Address address, unsigned width, Address pc) override;
  void stored(Address address, unsigned width, Address pc) override;
  void changed(Address address, Bytes size) override { memory_.set_all(address, size); }
  void at_probe(Address pc) override;
  CheckResult result() const override { return log_.result(); }

 private:
  /// Bytes that a library function is copying: what was never written stays so.
  struct Copy {
    Address destination = 0;
    std::vector<bool> written;  ///< Of the source, when the copy began.
  };

  static bool contains(const std::vector<emulator::AddressRange>& functions, Address pc);
  bool is_paint(Address address, unsigned width) const;

  emulator::Machine& machine_;
  WrittenMemory memory_;
  FindingLog log_;
  std::vector<emulator::AddressRange> copies_;       ///< Functions that copy.
  std::vector<emulator::AddressRange> reads_ahead_;  ///< Functions that read behind what they are asked for.
  std::optional<emulator::AddressRange> painted_stack_;
  std::optional<Copy> copy_;
};

}  // namespace mcusim::profiler
