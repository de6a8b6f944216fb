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
#include "emulator/timing/miss_classes.h"
#include "profiler/checks/check_result.h"

namespace mcusim::profiler {

/// Cycles by what they were spent on, in the order of Profile::stall_causes; empty when the timing does not
/// tell. Their sum is the cycles of what they describe.
using CyclesByCause = std::vector<Cycles>;

/// What a cache did for one of those that share it. Misses by class are unknown where nothing looks on.
struct CacheShare {
  std::string name;
  std::uint64_t accesses = 0;
  std::uint64_t misses = 0;
  std::optional<emulator::MissClasses> classes = std::nullopt;
  std::uint64_t writebacks = 0;
};

/// What one layer cost in the inference that the profile describes. Firmware without a network note has the
/// layers of --region, all executions together.
struct LayerProfile {
  NoteLayer layer;
  Cycles cycles = 0;
  std::uint64_t instructions = 0;
  CyclesByCause stalls;
  std::optional<std::uint64_t> l1i_misses = std::nullopt, l1d_misses = std::nullopt;
  std::vector<CacheShare> caches = {};  ///< Named by their level, in the order of Profile::caches.
};

/// Bytes of a range of addresses: [begin, begin + size).
struct AddressSpan {
  std::string name;
  Address begin = 0;
  Bytes size = 0;
};

/// One memory of the part.
struct MemoryRegionUse {
  AddressSpan span;
  std::string kind;  ///< "flash", "ram", "dtcm".. as the MCU model names it.
  Bytes used = 0;  ///< Taken by the image before it runs: what is loaded there, and objects by their symbols.
  /// Most that was in use at any time. Empty: not measured.
  std::optional<Bytes> peak;
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
  std::vector<MemoryRegionUse> regions = {};
};

/// The stack where the run ended; of a fault, below the instruction that faulted.
struct StackState {
  std::uint32_t sp = 0;
  std::string name;              ///< "MSP" or "PSP" of a Cortex-M.
  bool in_memory = true;         ///< Whether `sp` or the word below it lies in RAM.
  std::optional<Address> limit;  ///< Lowest address of this stack, where a symbol tells.
};

/// A function that was executed. Functions of images without symbols are named sub_ADDRESS.
struct FunctionProfile {
  std::string name;
  Address address = 0;
  Bytes size = 0;           ///< 0: unknown.
  std::string file;         ///< Of its definition; empty: unknown.
  unsigned line = 0;        ///< 0: unknown.
  bool is_handler = false;  ///< Entered by an exception.
  std::uint64_t calls = 0;
  Cycles self_cycles = 0;
  Cycles total_cycles = 0;  ///< With what it called, each cycle once however deep the recursion.
  std::uint64_t self_instructions = 0;
  std::uint64_t total_instructions = 0;
  /// From the stack pointer at its entry down to the lowest that was seen below, callees included.
  std::optional<Bytes> stack_peak = std::nullopt;
};

/// A node of the calling context tree: one function under one path of calls. Parents stand before their
/// children. The cycles of all nodes add up to those of Profile::work.
struct CallPath {
  static constexpr std::uint32_t kRoot = ~0u;

  std::uint32_t parent = kRoot;  ///< Index; kRoot: where the run, a task or an exception handler begins.
  std::uint32_t function = 0;    ///< Index into Profile::functions.
  Address call_site = 0;         ///< Behind the first call on this path, where it returns to; 0 of roots.
  std::uint64_t calls = 0;
  Cycles self_cycles = 0;
  std::uint64_t self_instructions = 0;
};

/// One executed instruction.
struct InstructionProfile {
  Address address = 0;
  unsigned size = 0;  ///< Bytes; 0: unknown.
  std::uint64_t count = 0;
  Cycles cycles = 0;
  CyclesByCause stalls;
  std::string text;  ///< Disassembled; empty: unknown.
  /// Index into Profile::source_places; kNoPlace: unknown.
  static constexpr std::uint32_t kNoPlace = ~0u;
  std::uint32_t place = kNoPlace;
  std::vector<std::uint64_t> misses = {};  ///< In each of Profile::caches; empty: unknown.
};

/// A slice of time that one function, layer or handler took, from entry to return.
struct Slice {
  enum class Kind : std::uint8_t { function, layer, handler };

  Kind kind = Kind::function;
  std::uint32_t what = 0;   ///< Index into functions, or into layers.
  std::uint32_t track = 0;  ///< Index into Timeline::tracks.
  std::uint32_t depth = 0;  ///< Calls below the track's first function.
  Cycles begin = 0;         ///< Since reset.
  Cycles end = 0;
};

/// Values of one window of time.
struct Window {
  std::uint64_t instructions = 0;
  std::optional<Bytes> stack;                       ///< Largest in the window.
  std::optional<Bytes> heap;                        ///< Largest in the window.
  std::optional<std::uint64_t> instruction_misses;  ///< L1 of instructions.
  std::optional<std::uint64_t> data_misses;         ///< L1 of data.
};

/// What happened when, over the whole run, in bounded space: docs/result-file.md.
struct Timeline {
  std::vector<std::string> tracks;  ///< "main", "task 1", "interrupts"..
  std::vector<Slice> slices;        ///< By begin; outer ones first.
  Cycles shortest_slice = 0;        ///< Shorter ones are not listed; their time shows in what called them.
  Cycles window_cycles = 0;         ///< Length of each window; the first begins at reset.
  std::vector<Window> windows;
};

/// Accesses of one level of the memory system during Profile::work, but for the heat. Unknown stays empty.
struct CacheProfile {
  std::string level;  ///< "l1i", "l1d", "flash"..
  std::uint64_t accesses = 0;
  std::uint64_t misses = 0;
  std::optional<std::uint64_t> compulsory = std::nullopt, capacity = std::nullopt, conflict = std::nullopt;
  std::optional<std::uint64_t> writebacks = std::nullopt;
  using Misses = CacheShare;
  std::vector<std::uint64_t> set_misses = {};  ///< By set.
  /// Of data or code that lies in the lines, the most misses first. What has no symbol is named in brackets,
  /// by its use or its memory.
  std::vector<Misses> symbols = {};
  std::uint32_t ways = 0;
  Bytes line = 0;
  std::vector<std::uint64_t> set_accesses = {}, set_fills = {};  ///< By set.
  /// Functions whose code missed, the most misses first; what they accessed altogether is not known.
  std::vector<Misses> functions = {};
  /// Conflict misses of one symbol because another one had taken the line's place.
  struct Conflict {
    std::string evicted, by;
    std::uint64_t misses = 0;
    std::vector<std::uint32_t> sets;  ///< In which they happened, ascending.
  };
  std::vector<Conflict> conflicts = {};  ///< The ten with the most misses.
  /// By set and way, the ways of a set side by side. Of no way are stores past the cache, and misses whose
  /// line it did not take in.
  std::vector<std::uint64_t> way_accesses = {}, way_misses = {}, way_fills = {};
  /// What each set, and each way of it, did when, over the whole run from reset on. Values of one window
  /// stand together, ordered as those above.
  struct Heat {
    Cycles window = 0;  ///< Length of each; 0: unknown.
    std::vector<std::uint32_t> accesses = {}, misses = {};
    std::vector<std::uint32_t> way_accesses = {}, way_misses = {};
  };
  Heat heat = {};
};

/// The stack of one thread; that of the first one serves handlers too.
struct StackProfile {
  std::string name;              ///< "main", "thread 2"..
  Address highest = 0;           ///< Stack pointer at its begin.
  Bytes peak = 0;                ///< Bytes below it that calls and exceptions showed in use.
  std::optional<Address> limit;  ///< Lowest address that belongs to it, where a symbol tells.
};

/// Memory that firmware asked an allocator for, by the place that asked. Over the whole run.
struct AllocationSite {
  Address caller = 0;                        ///< Behind the call.
  std::uint32_t function = CallPath::kRoot;  ///< Index into functions; kRoot: unknown.
  std::uint64_t allocations = 0;
  Bytes bytes = 0;                     ///< All together.
  std::uint64_t live_allocations = 0;  ///< Not freed at the end.
  Bytes live_bytes = 0;
};

/// Bytes that a network computes and uses while it runs, as the note tells: LayerProfile::layer's inputs and
/// outputs are positions in Profile::activations.
struct ActivationProfile {
  AddressSpan span;
  std::string type;  ///< "int8"..
  std::vector<std::int64_t> shape;
  int first = 0;  ///< The layer that computes them; -1: an input, there before the first.
  int last = 0;   ///< The last layer that needs them; the number of layers: an output.
};

/// An instruction of a trace window, or what took its place.
struct TracedStep {
  enum class Kind : std::uint8_t {
    issued,
    suppressed,  ///< By an IT block.
    exception,   ///< Entry of one, instead of the instruction at `address`.
  };
  struct Part {
    std::uint8_t cause = 0;  ///< Index into Profile::stall_causes.
    std::uint32_t cycles = 0;
  };

  Kind kind = Kind::issued;
  Address address = 0;
  std::uint32_t cycles = 0;  ///< 0: issued beside the one before.
  std::vector<Part> spent;   ///< In order; adds up to `cycles`. Empty when the timing does not tell.
};

/// An input or output of the network as an inference found or left it.
struct RecordedTensor {
  std::string name;
  NpyArray array;
};

/// What --record-io keeps of an inference.
struct RecordedInference {
  std::uint64_t inference = 0;  ///< From 0.
  std::vector<RecordedTensor> inputs, outputs;
};

/// Instructions one by one, as --trace-window asked for: each step begins when the one before is over.
struct TraceWindow {
  struct Code {
    Address address = 0;
    unsigned size = 0;  ///< Bytes; 0: unknown.
    std::string text;   ///< Disassembled; empty: unknown.
  };
  std::uint64_t first_instruction = 0;  ///< How many were executed before, since reset.
  Cycles begin = 0;                     ///< Since reset.
  std::vector<TracedStep> steps;
  std::vector<Code> code;  ///< Of each address of a step, in their order.
};

/// Of a profile that was taken while its run went on.
struct RunningState {
  std::optional<std::uint32_t> layer;  ///< That is executing; position in Profile::layers.
};

/// A source file that code of the image comes from, by its debug information.
struct SourceFileCode {
  struct Function {
    std::string name;
    unsigned line = 0;
  };
  std::string file;
  std::vector<std::uint32_t> lines;  ///< With code, executed or not; ascending, each once.
  std::vector<Function> idle;        ///< Functions that are not among Profile::functions.
};

/// A --limit of the run.
struct CheckedLimit {
  std::string text;     ///< As given: "cycles=90".
  std::string failure;  ///< Empty: kept.
};

/// Everything that one run found: what reports, exports and the viewer read.
///
/// With a network note `work`, `layers`, `stalls`, `functions`, `call_paths`, `instructions` and `caches`
/// describe the last inference that ended; without one (or when none ended) `work` equals `run` and they
/// describe that.
struct Profile {
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
  std::vector<std::string> stall_causes;  ///< Names; what CyclesByCause is indexed by.
  CyclesByCause stalls;                   ///< What `work.cycles` were spent on.
  bool skipped_known = true;  ///< Whether the engine sees instructions that an IT block suppresses.
  std::vector<Cycles> inference_cycles;  ///< All that ended, the first being cold.
  std::vector<LayerProfile> layers;
  std::vector<std::vector<NpyArray>> outputs;  ///< [inference][output]; not kept in files.

  /// Empty where the engine does not follow calls. Their self cycles add up to `work.cycles`.
  std::vector<FunctionProfile> functions;
  std::vector<CallPath> call_paths;
  std::vector<InstructionProfile> instructions;         ///< By address.
  std::vector<emulator::SourceLocation> source_places;  ///< Each once.
  Timeline timeline;
  std::vector<CacheProfile> caches;
  std::vector<AllocationSite> allocations;
  std::vector<StackProfile> stacks;

  std::vector<AddressSpan> segments;      ///< Of the image.
  std::vector<emulator::Symbol> symbols;  ///< By address.
  MemoryUse memory;
  std::vector<std::string> not_modelled;
  std::vector<std::string> warnings;  ///< What would go differently on a board; one line each.
  std::vector<CheckedLimit> limits;
  std::vector<ActivationProfile> activations;  ///< Empty where the note does not tell them.
  std::optional<RunningState> running;         ///< The run had not ended; `stop` tells where it was.
  TraceWindow trace;                           ///< No steps: not asked for, or not reached.
  std::vector<CheckResult> checks;             ///< Of --check, in its order.
  std::vector<SourceFileCode> source_files;    ///< By name.
  std::vector<RecordedInference> recorded;     ///< The first ones, as far as there was room for them.
  /// Of this computer; not kept in files, whose bytes are the same for the same run.
  std::optional<double> host_seconds;

  double run_seconds = 0;  ///< Emulated, over all clocks that the core had.

  double run_milliseconds() const { return 1e3 * run_seconds; }
  double work_milliseconds() const {
    return inference_cycles.empty() ? run_milliseconds() : milliseconds(work.cycles);
  }
  /// Where the run ended: of a fault the instruction that faulted, not the handler that the core ended in.
  Address end_pc() const { return stop.fault ? stop.fault->pc : stop.pc; }
  /// At the clock that the core had at the end.
  double milliseconds(Cycles cycles) const {
    return clock == 0 ? 0 : 1e3 * static_cast<double>(cycles) / static_cast<double>(clock);
  }
  std::optional<double> mips() const {
    if (!host_seconds || *host_seconds <= 0) return std::nullopt;
    return static_cast<double>(run.instructions) / *host_seconds / 1e6;
  }
};

}  // namespace mcusim::profiler
