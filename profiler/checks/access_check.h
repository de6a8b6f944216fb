#pragma once

#include <optional>

#include "emulator/access_listener.h"
#include "profiler/checks/check_result.h"

namespace mcusim::profiler {

/// One --check: watches all accesses of a run and says what was wrong.
class AccessCheck : public emulator::AccessListener {
 public:
  /// Where the run stopped at a probe, before the instruction there.
  virtual void at_probe(Address /*pc*/) {}
  /// The layer of the network note whose function executes now; none outside of layers.
  virtual void layer_changed(std::optional<std::size_t> /*layer*/) {}
  virtual CheckResult result() const = 0;
};

}  // namespace mcusim::profiler
