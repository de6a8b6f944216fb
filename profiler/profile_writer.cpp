#include <algorithm>
#include <memory>

#include "common/files.h"
#include "profiler/profile_file.h"
#include "profiler/profile_format.h"
#include "profiler/stop_names.h"

namespace mcusim::profiler {
namespace {

/// Packs what std::optional holds into FlatBuffers' own optional.
template <typename T>
flatbuffers::Optional<T> packed(const std::optional<T>& value) {
  return value ? flatbuffers::Optional<T>(*value) : flatbuffers::nullopt;
}

template <typename T, typename Pack>
auto pack_all(const std::vector<T>& values, Pack pack) {
  std::vector<decltype(pack(values.front()))> all;
  all.reserve(values.size());
  for (const T& value : values) all.push_back(pack(value));
  return all;
}

std::unique_ptr<file::SpanT> pack_span(const AddressSpan& span) {
  auto out = std::make_unique<file::SpanT>();
  out->name = span.name;
  out->begin = span.begin;
  out->size = span.size;
  return out;
}

std::unique_ptr<file::CountersT> pack_counters(const emulator::Counters& counters) {
  auto out = std::make_unique<file::CountersT>();
  out->instructions = counters.instructions;
  out->skipped = counters.skipped;
  out->cycles = counters.cycles;
  return out;
}

std::unique_ptr<file::SourceLineT> pack_line(const emulator::SourceLine& line) {
  auto out = std::make_unique<file::SourceLineT>();
  out->function = line.function;
  out->file = line.file;
  out->line = line.line;
  return out;
}

std::unique_ptr<file::SourcePlaceT> pack_place(const emulator::SourceLocation& place) {
  auto out = std::make_unique<file::SourcePlaceT>();
  out->lines.push_back(pack_line(place.at));
  for (const emulator::SourceLine& caller : place.inlined_into) out->lines.push_back(pack_line(caller));
  return out;
}

std::unique_ptr<file::SourcePlaceT> pack_place(const std::optional<emulator::SourceLocation>& place) {
  return place ? pack_place(*place) : nullptr;
}

std::unique_ptr<file::FaultT> pack_fault(const emulator::FaultRecord& fault) {
  auto out = std::make_unique<file::FaultT>();
  out->exception = fault.exception;
  out->cause = fault.cause;
  out->pc = fault.pc;
  out->interrupted = fault.interrupted;
  out->escalated = fault.escalated;
  out->lockup = fault.lockup;
  for (const FaultRegister& entry : kFaultRegisters) {
    if (!(fault.*entry.member)) continue;
    auto value = std::make_unique<file::NamedValueT>();
    value->name = entry.name;
    value->value = *(fault.*entry.member);
    out->registers.push_back(std::move(value));
  }
  return out;
}

std::unique_ptr<file::FrameT> pack_frame(const emulator::CallFrame& frame) {
  auto out = std::make_unique<file::FrameT>();
  out->pc = frame.pc;
  out->sp = frame.sp;
  out->origin = name_of(frame.origin);
  out->source = pack_place(frame.source);
  return out;
}

std::unique_ptr<file::StopT> pack_stop(const Profile& profile) {
  auto out = std::make_unique<file::StopT>();
  out->reason = name_of(profile.stop.reason);
  out->pc = profile.stop.pc;
  out->exit_code = profile.stop.exit_code;
  out->detail = profile.stop.detail;
  if (profile.stop.fault) out->fault = pack_fault(*profile.stop.fault);
  out->function = profile.stop_function;
  out->source = pack_place(profile.stop_source);
  out->call_chain = pack_all(profile.call_chain, pack_frame);
  out->stack = std::make_unique<file::StackT>();
  out->stack->sp = profile.stack.sp;
  out->stack->name = profile.stack.name;
  out->stack->in_memory = profile.stack.in_memory;
  out->stack->limit = packed(profile.stack.limit);
  return out;
}

std::unique_ptr<file::ShapeT> pack_shape(const std::vector<std::int64_t>& shape) {
  auto out = std::make_unique<file::ShapeT>();
  out->dimensions = shape;
  return out;
}

std::unique_ptr<file::SymbolMissesT> pack_share(const CacheShare& share) {
  auto out = std::make_unique<file::SymbolMissesT>();
  out->name = share.name;
  out->accesses = share.accesses;
  out->misses = share.misses;
  out->writebacks = share.writebacks;
  if (!share.classes) return out;
  out->compulsory = share.classes->compulsory;
  out->capacity = share.classes->capacity;
  out->conflict = share.classes->conflict;
  return out;
}

std::unique_ptr<file::LayerT> pack_layer(const LayerProfile& layer) {
  auto out = std::make_unique<file::LayerT>();
  out->index = layer.layer.index;
  out->name = layer.layer.name;
  out->operator_name = layer.layer.op;
  out->input_shapes = pack_all(layer.layer.input_shapes, pack_shape);
  out->output_shape = pack_shape(layer.layer.output_shape);
  out->macc = layer.layer.macc;
  out->function = layer.layer.function;
  out->cycles = layer.cycles;
  out->instructions = layer.instructions;
  out->stalls = layer.stalls;
  out->l1i_misses = packed(layer.l1i_misses);
  out->l1d_misses = packed(layer.l1d_misses);
  out->inputs = layer.layer.inputs;
  out->outputs = layer.layer.outputs;
  out->caches = pack_all(layer.caches, pack_share);
  return out;
}

std::unique_ptr<file::FunctionT> pack_function(const FunctionProfile& function) {
  auto out = std::make_unique<file::FunctionT>();
  out->name = function.name;
  out->address = function.address;
  out->size = function.size;
  out->file = function.file;
  out->line = function.line;
  out->is_handler = function.is_handler;
  out->calls = function.calls;
  out->self_cycles = function.self_cycles;
  out->total_cycles = function.total_cycles;
  out->self_instructions = function.self_instructions;
  out->total_instructions = function.total_instructions;
  out->stack_peak = packed(function.stack_peak);
  return out;
}

std::unique_ptr<file::CallPathsT> pack_call_paths(const std::vector<CallPath>& paths) {
  auto out = std::make_unique<file::CallPathsT>();
  for (const CallPath& path : paths) {
    out->parent.push_back(path.parent);
    out->function.push_back(path.function);
    out->call_site.push_back(path.call_site);
    out->calls.push_back(path.calls);
    out->self_cycles.push_back(path.self_cycles);
    out->self_instructions.push_back(path.self_instructions);
  }
  return out;
}

std::unique_ptr<file::InstructionsT> pack_instructions(const Profile& profile) {
  auto out = std::make_unique<file::InstructionsT>();
  const bool with_stalls = std::ranges::any_of(
      profile.instructions, [](const InstructionProfile& entry) { return !entry.stalls.empty(); });
  const bool with_misses = std::ranges::any_of(
      profile.instructions, [](const InstructionProfile& entry) { return !entry.misses.empty(); });
  for (const InstructionProfile& entry : profile.instructions) {
    out->address.push_back(entry.address);
    out->size.push_back(static_cast<std::uint8_t>(entry.size));
    out->count.push_back(entry.count);
    out->cycles.push_back(entry.cycles);
    if (with_stalls) {
      CyclesByCause stalls = entry.stalls;
      stalls.resize(profile.stall_causes.size());
      out->stalls.insert(out->stalls.end(), stalls.begin(), stalls.end());
    }
    out->text.push_back(entry.text);
    out->place.push_back(entry.place);
    if (with_misses) {
      std::vector<std::uint64_t> misses = entry.misses;
      misses.resize(profile.caches.size());
      out->misses.insert(out->misses.end(), misses.begin(), misses.end());
    }
  }
  return out;
}

std::unique_ptr<file::TimelineT> pack_timeline(const Timeline& timeline) {
  auto out = std::make_unique<file::TimelineT>();
  out->tracks = timeline.tracks;
  out->shortest_slice = timeline.shortest_slice;
  for (const Slice& slice : timeline.slices) {
    out->slice_kind.push_back(static_cast<file::SliceKind>(slice.kind));
    out->slice_what.push_back(slice.what);
    out->slice_track.push_back(slice.track);
    out->slice_depth.push_back(slice.depth);
    out->slice_begin.push_back(slice.begin);
    out->slice_end.push_back(slice.end);
  }
  out->window_cycles = timeline.window_cycles;
  for (const Window& window : timeline.windows) out->window_instructions.push_back(window.instructions);
  for (const WindowColumn& column : kWindowColumns) {
    const auto known = [&](const Window& window) { return (window.*column.member).has_value(); };
    if (std::ranges::none_of(timeline.windows, known)) continue;
    for (const Window& window : timeline.windows)
      ((*out).*column.written).push_back((window.*column.member).value_or(kUnknown));
  }
  return out;
}

std::unique_ptr<file::CacheT> pack_cache(const CacheProfile& cache) {
  auto out = std::make_unique<file::CacheT>();
  out->level = cache.level;
  out->accesses = cache.accesses;
  out->misses = cache.misses;
  out->compulsory = packed(cache.compulsory);
  out->capacity = packed(cache.capacity);
  out->conflict = packed(cache.conflict);
  out->writebacks = packed(cache.writebacks);
  out->set_misses = cache.set_misses;
  out->symbols = pack_all(cache.symbols, pack_share);
  out->ways = cache.ways;
  out->line = cache.line;
  out->set_accesses = cache.set_accesses;
  out->set_fills = cache.set_fills;
  out->way_accesses = cache.way_accesses;
  out->way_misses = cache.way_misses;
  out->way_fills = cache.way_fills;
  out->functions = pack_all(cache.functions, pack_share);
  out->conflicts = pack_all(cache.conflicts, [](const CacheProfile::Conflict& conflict) {
    auto packed_conflict = std::make_unique<file::CacheConflictT>();
    packed_conflict->evicted = conflict.evicted;
    packed_conflict->by = conflict.by;
    packed_conflict->misses = conflict.misses;
    packed_conflict->sets = conflict.sets;
    return packed_conflict;
  });
  out->heat_window = cache.heat.window;
  out->heat_accesses = cache.heat.accesses;
  out->heat_misses = cache.heat.misses;
  out->heat_way_accesses = cache.heat.way_accesses;
  out->heat_way_misses = cache.heat.way_misses;
  return out;
}

std::unique_ptr<file::AllocationSiteT> pack_site(const AllocationSite& site) {
  auto out = std::make_unique<file::AllocationSiteT>();
  out->caller = site.caller;
  out->function = site.function;
  out->allocations = site.allocations;
  out->bytes = site.bytes;
  out->live_allocations = site.live_allocations;
  out->live_bytes = site.live_bytes;
  return out;
}

std::unique_ptr<file::StackUseT> pack_stack(const StackProfile& stack) {
  auto out = std::make_unique<file::StackUseT>();
  out->name = stack.name;
  out->highest = stack.highest;
  out->peak = stack.peak;
  out->limit = packed(stack.limit);
  return out;
}

std::unique_ptr<file::LimitT> pack_limit(const CheckedLimit& limit) {
  auto out = std::make_unique<file::LimitT>();
  out->text = limit.text;
  out->failure = limit.failure;
  return out;
}

std::unique_ptr<file::ActivationT> pack_activation(const ActivationProfile& activation) {
  auto out = std::make_unique<file::ActivationT>();
  out->span = pack_span(activation.span);
  out->type = activation.type;
  out->shape = pack_shape(activation.shape);
  out->first = activation.first;
  out->last = activation.last;
  return out;
}

std::unique_ptr<file::TensorT> pack_tensor(const RecordedTensor& tensor) {
  auto out = std::make_unique<file::TensorT>();
  out->name = tensor.name;
  out->type = name_of(tensor.array.type);
  out->shape = pack_shape(tensor.array.shape);
  out->data = tensor.array.bytes;
  return out;
}

std::unique_ptr<file::RecordedT> pack_recorded(const RecordedInference& entry) {
  auto out = std::make_unique<file::RecordedT>();
  out->inference = entry.inference;
  out->inputs = pack_all(entry.inputs, pack_tensor);
  out->outputs = pack_all(entry.outputs, pack_tensor);
  return out;
}

std::unique_ptr<file::TraceWindowT> pack_trace(const TraceWindow& trace) {
  if (trace.steps.empty()) return nullptr;
  auto out = std::make_unique<file::TraceWindowT>();
  out->first_instruction = trace.first_instruction;
  out->begin = trace.begin;
  for (const TracedStep& step : trace.steps) {
    out->step_kind.push_back(static_cast<file::StepKind>(step.kind));
    out->step_address.push_back(step.address);
    out->step_cycles.push_back(step.cycles);
    out->step_causes.push_back(static_cast<std::uint8_t>(step.spent.size()));
    for (const TracedStep::Part& part : step.spent) {
      out->cause.push_back(part.cause);
      out->cause_cycles.push_back(part.cycles);
    }
  }
  for (const TraceWindow::Code& code : trace.code) {
    out->code_address.push_back(code.address);
    out->code_size.push_back(static_cast<std::uint8_t>(code.size));
    out->code_text.push_back(code.text);
  }
  return out;
}

std::unique_ptr<file::FindingT> pack_finding(const AccessFinding& finding) {
  auto out = std::make_unique<file::FindingT>();
  out->pc = finding.pc;
  out->source = pack_line(finding.source);
  out->writes = finding.writes;
  out->address = finding.address;
  out->width = static_cast<std::uint8_t>(finding.width);
  out->wrong = static_cast<std::uint8_t>(finding.wrong);
  out->object = finding.object;
  out->offset = finding.offset;
  out->rule = finding.rule;
  out->count = finding.count;
  return out;
}

std::unique_ptr<file::CheckT> pack_check(const CheckResult& check) {
  auto out = std::make_unique<file::CheckT>();
  out->name = check.name;
  out->findings = pack_all(check.findings, pack_finding);
  out->places = check.places;
  out->accesses = check.accesses;
  return out;
}

std::unique_ptr<file::SourceFileT> pack_source_file(const SourceFileCode& source) {
  auto out = std::make_unique<file::SourceFileT>();
  out->name = source.file;
  out->lines = source.lines;
  for (const SourceFileCode::Function& function : source.idle) {
    out->idle_functions.push_back(function.name);
    out->idle_lines.push_back(function.line);
  }
  return out;
}

std::unique_ptr<file::SymbolT> pack_symbol(const emulator::Symbol& symbol) {
  auto out = std::make_unique<file::SymbolT>();
  out->name = symbol.name;
  out->address = symbol.address;
  out->size = symbol.size;
  out->is_function = symbol.is_function;
  return out;
}

std::unique_ptr<file::RegionT> pack_region(const MemoryRegionUse& region) {
  auto out = std::make_unique<file::RegionT>();
  out->span = pack_span(region.span);
  out->kind = region.kind;
  out->used = region.used;
  out->peak = packed(region.peak);
  return out;
}

std::unique_ptr<file::MemoryT> pack_memory(const MemoryUse& memory) {
  auto out = std::make_unique<file::MemoryT>();
  out->flash_used = memory.flash_used;
  out->flash_size = memory.flash_size;
  out->ram_used = packed(memory.ram_used);
  out->ram_size = memory.ram_size;
  out->stack_peak = packed(memory.stack_peak);
  out->stack_size = packed(memory.stack_size);
  out->heap_peak = packed(memory.heap_peak);
  out->regions = pack_all(memory.regions, pack_region);
  return out;
}

}  // namespace

std::vector<std::uint8_t> to_bytes(const Profile& profile) {
  file::ProfileT out;
  out.version = kProfileVersion;
  out.file = profile.file;
  out.mcu = profile.mcu;
  out.board = profile.board;
  out.core = profile.core;
  out.engine = profile.engine;
  out.timing = profile.timing;
  out.clock = profile.clock;
  out.network = profile.network.value_or("");
  out.stop = pack_stop(profile);
  out.work = pack_counters(profile.work);
  out.run = pack_counters(profile.run);
  out.run_seconds = profile.run_seconds;
  out.skipped_known = profile.skipped_known;
  out.stall_causes = profile.stall_causes;
  out.stalls = profile.stalls;
  out.inference_cycles = profile.inference_cycles;
  out.layers = pack_all(profile.layers, pack_layer);
  out.functions = pack_all(profile.functions, pack_function);
  out.call_paths = pack_call_paths(profile.call_paths);
  out.instructions = pack_instructions(profile);
  out.source_places = pack_all(profile.source_places,
                               [](const emulator::SourceLocation& place) { return pack_place(place); });
  out.timeline = pack_timeline(profile.timeline);
  out.caches = pack_all(profile.caches, pack_cache);
  out.allocations = pack_all(profile.allocations, pack_site);
  out.stacks = pack_all(profile.stacks, pack_stack);
  out.segments = pack_all(profile.segments, pack_span);
  out.symbols = pack_all(profile.symbols, pack_symbol);
  out.memory = pack_memory(profile.memory);
  out.not_modelled = profile.not_modelled;
  out.warnings = profile.warnings;
  out.limits = pack_all(profile.limits, pack_limit);
  out.activations = pack_all(profile.activations, pack_activation);
  out.trace = pack_trace(profile.trace);
  if (profile.running) {
    out.running = std::make_unique<file::RunningT>();
    out.running->layer = packed(profile.running->layer);
  }
  out.checks = pack_all(profile.checks, pack_check);
  out.source_files = pack_all(profile.source_files, pack_source_file);
  out.recorded = pack_all(profile.recorded, pack_recorded);

  flatbuffers::FlatBufferBuilder builder(1 << 20);
  file::FinishProfileBuffer(builder, file::Profile::Pack(builder, &out));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

void write_profile(const std::filesystem::path& path, const Profile& profile) {
  write_file(path, to_bytes(profile));
}

}  // namespace mcusim::profiler
