#include "profiler/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "common/error.h"
#include "profiler/attribution.h"
#include "profiler/checks/access_checks.h"
#include "profiler/cycle_read_regions.h"
#include "profiler/inference_recorder.h"
#include "profiler/markers.h"
#include "profiler/reading.h"
#include "profiler/run_end.h"
#include "profiler/source_places.h"
#include "profiler/stack_peak.h"

namespace mcusim::profiler {
namespace {

using emulator::Image;
using emulator::Machine;
using emulator::StopReason;

/// Cycles between two looks at the host's clock: a fraction of a second on any host.
constexpr Cycles kSlice = 20'000'000;

}  // namespace

Profile record_run(Machine& machine, const Image& image, const RecordOptions& options) {
  Profile profile;
  profile.file = image.file;
  profile.stall_causes.assign(emulator::kStallCauseNames.begin(), emulator::kStallCauseNames.end());
  std::optional<Attribution> attribution;
  if (options.attribute) attribution.emplace(machine, image, options.watch_caches);
  std::optional<InferenceRecorder> inferences;
  if (image.note) {
    inferences.emplace(machine, image, options.inputs, attribution ? &*attribution : nullptr, profile);
    if (options.record_io) inferences->record_io();
  }
  AccessChecks checks(machine, image, options.checks);
  if (inferences) inferences->set_layer_listener([&](auto layer) { checks.layer_changed(layer); });
  HeapRecorder heap(machine, image, options.heap);
  if (attribution) {
    heap.set_listener([&](Cycles now, Bytes live) { attribution->timeline().heap_changed(now, live); });
  }
  std::optional<RegionRecorder> regions;
  std::optional<CycleReadRegions> cycle_reads;
  std::optional<Markers> markers;
  if (options.regions_by_cycle_reads) {
    cycle_reads.emplace(machine, image);
  } else if (!inferences) {
    regions.emplace(machine, image,
                    options.regions.empty() ? regions_of_known_libraries(image) : options.regions);
    markers.emplace(machine, image, [&](std::string_view name) { regions->mark(name); });
  }
  std::optional<Address> until;
  if (!options.until_symbol.empty()) {
    const emulator::Symbol* symbol = image.find_symbol(options.until_symbol);
    if (symbol == nullptr) {
      throw InputError(
          fmt::format("{}: has no symbol '{}'; --until symbol: takes a name from its symbol table",
                      image.file, options.until_symbol));
    }
    until = symbol->address;
    machine.engine().add_probe(*until);
  }

  std::optional<InstructionTracer> tracer;
  if (options.trace) tracer.emplace(machine, *options.trace);

  const auto start = std::chrono::steady_clock::now();
  auto shown = start;
  while (true) {
    const Cycles now = machine.engine().counters().cycles;
    const Cycles slice =
        std::min({options.max_cycles, now + kSlice, tracer ? tracer->run_until() : ~Cycles{0}});
    const emulator::RunLimits limits{slice, options.max_seconds};
    // A step knows no limits: at one, run() says so.
    const bool steps =
        tracer && tracer->is_inside() && now < options.max_cycles && machine.seconds() < options.max_seconds;
    profile.stop = steps ? tracer->step() : options.execute ? options.execute(limits) : machine.run(limits);
    if (profile.stop.reason == StopReason::probe) {
      checks.at_probe(profile.stop.pc);
      heap.at_probe(profile.stop.pc);
      if (inferences) inferences->at_probe(profile.stop.pc);
      if (regions) regions->at_probe(profile.stop.pc);
      if (tracer) tracer->at_probe(profile.stop.pc);
      if (markers) markers->at_probe(profile.stop.pc);
      if (until && profile.stop.pc == *until) break;
    } else if (profile.stop.reason == StopReason::step) {
      continue;
    } else if (profile.stop.reason != StopReason::cycle_limit || slice == options.max_cycles ||
               machine.engine().counters().cycles < slice) {  // The limit was that of seconds.
      break;
    }
    if (options.ends_here && options.ends_here()) {
      profile.stop = {StopReason::cycle_limit, machine.engine().registers().r[15], 0, "", {}};
      profile.running.emplace();
      if (inferences) inferences->show_unfinished();
      break;
    }
    if (options.progress && std::chrono::steady_clock::now() - shown > std::chrono::milliseconds(100)) {
      shown = std::chrono::steady_clock::now();
      options.progress(machine.engine().counters().cycles);
    }
  }
  profile.host_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  profile.run = machine.engine().counters();
  profile.run_seconds = machine.seconds();
  if (profile.inference_cycles.empty()) {
    const Spent cost = spent(read(machine.engine()));
    profile.work = profile.run;
    profile.stalls = cost.stalls;
    profile.caches = cost.caches;
  }
  if (regions) profile.layers = regions->finish();
  if (cycle_reads) profile.layers = cycle_reads->finish();
  profile.allocations = heap.sites();
  checks.finish(profile);
  if (attribution) {
    attribution->finish(profile);
    fill_source_files(image, profile);
  }
  if (tracer) profile.trace = std::move(*tracer).finish();
  profile.symbols = image.symbols;
  profile.clock = machine.clock();
  describe_end(machine, image, profile);
  // Flat images may hold bytes for RAM too, as debuggers load them.
  for (const emulator::Segment& segment : image.segments) {
    const emulator::Bus::Memory* memory = machine.bus().find_memory(segment.address);
    if (memory != nullptr && !memory->writable) profile.memory.flash_used += segment.bytes.size();
  }
  profile.memory.ram_used = image.ram_used;
  measure_stack(machine, image, profile.memory);
  // Without an allocator in the image there is no heap; one that is not known is not followed.
  if (heap.works() || (!image.symbols.empty() && image.find_symbol("_sbrk") == nullptr)) {
    profile.memory.heap_peak = heap.peak();
  }
  profile.not_modelled = machine.not_modelled();
  const std::vector<std::string> of_machine = machine.warnings();
  profile.warnings.insert(profile.warnings.end(), of_machine.begin(), of_machine.end());
  std::vector<std::string> hazards;
  if (!profile.inference_cycles.empty()) {
    hazards = inferences->hazards();
  } else if (profile.stop.reason != StopReason::fault) {
    hazards = machine.hazards(image, profile.end_pc());
  }
  profile.warnings.insert(profile.warnings.end(), hazards.begin(), hazards.end());
  return profile;
}

}  // namespace mcusim::profiler
