#pragma once

#include <functional>
#include <limits>
#include <string>

#include "emulator/machine.h"
#include "profiler/heap_recorder.h"
#include "profiler/network_inputs.h"
#include "profiler/profile.h"
#include "profiler/regions.h"
#include "profiler/trace_window.h"

namespace mcusim::profiler {

struct RecordOptions {
  NetworkInputs inputs;  ///< Replace the firmware's samples; empty: it runs on its own.
  Cycles max_cycles = ~Cycles{0};
  double max_seconds = std::numeric_limits<double>::infinity();  ///< Emulated.
  std::string until_symbol;  ///< Stop when this symbol is reached; empty: do not.
  /// Attribute to functions, call paths and instructions as well, where the engine tells.
  bool attribute = false;
  /// With that, find out who misses in the caches and why; takes two or three times as long.
  bool watch_caches = false;
  std::vector<Region> regions;  ///< Layers of firmware without a network note.
  /// Those are what lies between reads of the cycle counter, and nothing else.
  bool regions_by_cycle_reads = false;
  std::optional<HeapSymbols> heap;    ///< Empty: known allocators.
  std::vector<std::string> checks;    ///< Names of --check: "uninit", "tensors".
  bool record_io = false;             ///< Keep inputs and outputs of the network's inferences.
  std::optional<TraceRequest> trace;  ///< Record these instructions one by one.
  /// Stands for Machine::run(), as a debugger does; empty: the machine itself.
  std::function<emulator::Stop(const emulator::RunLimits&)> execute;
  /// Called about ten times a second of host time with the cycles so far; may be empty.
  std::function<void(Cycles)> progress;
  /// Asked at least as often; true: end here, with a profile of the run so far. A copy of the process answers
  /// so to show the run while it goes on. May be empty.
  std::function<bool()> ends_here;
};

/// Runs a machine into which `image` has been loaded to its end, and attributes cycles to the layers of the
/// image's network note. Throws InputError when the note names symbols that the image does not have.
///
/// A layer's cycles run from the entry of its function to its return; those between layers belong to none.
Profile record_run(emulator::Machine& machine, const emulator::Image& image, const RecordOptions& options);

}  // namespace mcusim::profiler
