#pragma once

#include <algorithm>

#include "common/units.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::emulator::cortex_m {

/// What memories add to the exception mechanism beyond their zero wait states. The words themselves are moved
/// elsewhere.
class ExceptionMemory {
 public:
  virtual ~ExceptionMemory() = default;
  /// Of writing or reading `words` of a frame; `at` is the cycle in which the first access begins.
  virtual Cycles frame_wait(Address frame, unsigned words, bool is_store, Cycles at) = 0;
  virtual Cycles vector_wait(Address vector, Cycles at) = 0;
};

/// Cycles from the last instruction to the first of the handler.
inline Cycles entry_cycles(const mcu_models::ExceptionParameters& core, Cycles frame, Cycles vector,
                           bool share_a_bus) {
  const Cycles stacking = core.stacking + frame, vectoring = core.vectoring + vector;
  if (core.parallel == 0) return core.entry + frame + vector;
  const Cycles rest = core.entry - std::max(core.stacking, core.vectoring);
  return rest + (share_a_bus ? stacking + vectoring : std::max(stacking, vectoring));
}

}  // namespace mcusim::emulator::cortex_m
