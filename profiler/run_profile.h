#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/npy.h"
#include "common/units.h"
#include "emulator/call_chain/call_chain.h"
#include "emulator/engine.h"
#include "emulator/image/image.h"

namespace mcusim::profiler {

/// What one layer cost in the inference that the profile describes.
struct LayerProfile {
  NoteLayer layer;
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  std::optional<emulator::StallCycles> stalls;  ///< What `cycles` were spent on, where the timing tells.
};

/// Peaks over the whole run and what the image takes. Unknown stays empty.
struct MemoryUse {
  Bytes flash_used = 0;
  Bytes flash_size = 0;           ///< Of the part.
  std::optional<Bytes> ram_used;  ///< Static: .data, .bss, stack reservation.
  Bytes ram_size = 0;
  std::optional<Bytes> stack_peak;
  std::optional<Bytes> stack_size;
  std::optional<Bytes> heap_peak;
};

/// The stack where the run ended; of a fault, below the instruction that faulted.
struct StackState {
  std::uint32_t sp = 0;
  bool process = false;          ///< PSP, else MSP.
  bool in_memory = true;         ///< Whether `sp` or the word below it lies in RAM.
  std::optional<Address> limit;  ///< Symbol __stack_limit; of the main stack.
};

/// Everything that one run found; reports print it.
///
/// With a network note, `work` and `layers` describe the last inference that ended; without one (or when none
/// ended) `work` equals `run`.
struct RunProfile {
  std::string file;
  std::string mcu;
  std::string board;
  std::string core;
  std::string engine;
  std::string timing;
  Hertz clock = 0;

  emulator::Stop stop;
  std::string stop_function;  ///< The function that holds end_pc(); empty when unknown.
  std::optional<emulator::SourceLocation> stop_source;  ///< Of end_pc().
  std::vector<emulator::CallFrame> call_chain;          ///< From where the core stopped outwards.
  StackState stack;

  std::optional<std::string> network;  ///< Name from the note.
  emulator::Counters work;
  emulator::Counters run;
  std::optional<emulator::StallCycles> stalls;  ///< What `work.cycles` were spent on, where the timing tells.
  bool skipped_known = true;  ///< Whether the engine sees instructions that an IT block suppresses.
  std::vector<Cycles> inference_cycles;  ///< All that ended, the first being cold.
  std::vector<LayerProfile> layers;
  std::vector<std::vector<NpyArray>> outputs;  ///< [inference][output].

  MemoryUse memory;
  std::vector<std::string> not_modelled;
  std::vector<std::string> warnings;  ///< What would go differently on a board; one line each.
  double host_seconds = 0;

  double run_seconds = 0;  ///< Emulated, over all clocks that the core had.

  double run_milliseconds() const { return 1e3 * run_seconds; }
  double work_milliseconds() const {
    return inference_cycles.empty() ? run_milliseconds() : milliseconds(work.cycles);
  }
  /// At the clock that the core had at the end.
  /// Where the run ended: of a fault the instruction that faulted, not the handler that the core ended in.
  Address end_pc() const { return stop.fault ? stop.fault->pc : stop.pc; }
  double milliseconds(Cycles cycles) const {
    return clock == 0 ? 0 : 1e3 * static_cast<double>(cycles) / static_cast<double>(clock);
  }
  double mips() const {
    return host_seconds > 0 ? static_cast<double>(run.instructions) / host_seconds / 1e6 : 0;
  }
};

}  // namespace mcusim::profiler
