#include <fmt/format.h>

#include <algorithm>

#include "common/error.h"
#include "common/files.h"
#include "profiler/profile_file.h"
#include "profiler/profile_format.h"
#include "profiler/stop_names.h"

namespace mcusim::profiler {
namespace {

// A hostile file may refer to one table, string or column many times. The limits keep memory and time in
// proportion to the file: our own files never share, so a reader that has copied more than the file holds
// is being fooled.
constexpr flatbuffers::uoffset_t kDeepestTable = 16;
constexpr flatbuffers::uoffset_t kMostTables = 500'000;
constexpr Bytes kLargestProfile = 64ull << 20;

class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, std::string_view name) : name_(name), budget_(bytes.size()) {
    if (bytes.size() > kLargestProfile) fail("larger than any profile; give a file of mcusim run --profile");
    if (bytes.size() < 8 || !file::ProfileBufferHasIdentifier(bytes.data())) {
      fail("not a profile; give a file that mcusim run --profile wrote");
    }
    flatbuffers::Verifier verifier(bytes.data(), bytes.size(), kDeepestTable, kMostTables);
    if (!file::VerifyProfileBuffer(verifier)) damaged();
    root_ = file::GetProfile(bytes.data());
    if (root_->version() > kProfileVersion) {
      fail(fmt::format("version {} of the profile format is newer than this program; update mcusim",
                       root_->version()));
    }
  }

  Profile read() {
    Profile profile;
    profile.file = text(root_->file());
    profile.mcu = text(root_->mcu());
    profile.board = text(root_->board());
    profile.core = text(root_->core());
    profile.engine = text(root_->engine());
    profile.timing = text(root_->timing());
    profile.clock = root_->clock();
    if (root_->network() != nullptr && root_->network()->size() != 0)
      profile.network = text(root_->network());
    if (root_->stop() != nullptr) read_stop(*root_->stop(), profile);
    profile.work = counters(root_->work());
    profile.run = counters(root_->run());
    profile.run_seconds = root_->run_seconds();
    profile.skipped_known = root_->skipped_known();
    profile.stall_causes = texts(root_->stall_causes());
    causes_ = profile.stall_causes.size();
    caches_ = rows_of(root_->caches());
    profile.stalls = by_cause(root_->stalls());
    profile.inference_cycles = numbers(root_->inference_cycles());
    profile.caches = all<CacheProfile>(root_->caches(), [&](const file::Cache& in) { return cache(in); });
    profile.layers = all<LayerProfile>(root_->layers(), [&](const file::Layer& in) { return layer(in); });
    profile.functions =
        all<FunctionProfile>(root_->functions(), [&](const file::Function& in) { return function(in); });
    profile.source_places = all<emulator::SourceLocation>(
        root_->source_places(), [&](const file::SourcePlace& in) { return place(&in).value_or(kNowhere); });
    if (root_->call_paths() != nullptr) read_call_paths(*root_->call_paths(), profile);
    if (root_->instructions() != nullptr) read_instructions(*root_->instructions(), profile);
    if (root_->timeline() != nullptr) read_timeline(*root_->timeline(), profile);
    profile.allocations = all<AllocationSite>(root_->allocations(), [&](const file::AllocationSite& in) {
      if (in.function() != CallPath::kRoot) check(in.function() < profile.functions.size());
      return AllocationSite{in.caller(), in.function(),         in.allocations(),
                            in.bytes(),  in.live_allocations(), in.live_bytes()};
    });
    profile.stacks = all<StackProfile>(root_->stacks(), [&](const file::StackUse& in) {
      return StackProfile{text(in.name()), in.highest(), in.peak(), optional(in.limit())};
    });
    profile.segments = all<AddressSpan>(root_->segments(), [&](const file::Span& in) { return span(&in); });
    profile.symbols = all<emulator::Symbol>(root_->symbols(), [&](const file::Symbol& in) {
      return emulator::Symbol{text(in.name()), in.address(), in.size(), in.is_function()};
    });
    if (root_->memory() != nullptr) profile.memory = memory(*root_->memory());
    profile.not_modelled = texts(root_->not_modelled());
    profile.warnings = texts(root_->warnings());
    profile.limits = all<CheckedLimit>(root_->limits(), [&](const file::Limit& in) {
      return CheckedLimit{text(in.text()), text(in.failure())};
    });
    profile.activations = all<ActivationProfile>(root_->activations(), [&](const file::Activation& in) {
      const auto layers = static_cast<std::int64_t>(profile.layers.size());
      check(in.first() >= -1 && in.first() <= in.last() && in.last() <= layers);
      const std::vector<std::int64_t> shape =
          in.shape() == nullptr ? std::vector<std::int64_t>{} : numbers(in.shape()->dimensions());
      return ActivationProfile{span(in.span()), text(in.type()), shape, in.first(), in.last()};
    });
    if (root_->running() != nullptr) {
      profile.running = RunningState{optional(root_->running()->layer())};
      check(!profile.running->layer || *profile.running->layer < profile.layers.size());
    }
    if (root_->trace() != nullptr) profile.trace = trace(*root_->trace());
    profile.checks = all<CheckResult>(root_->checks(), [&](const file::Check& in) {
      return CheckResult{
          text(in.name()),
          all<AccessFinding>(in.findings(), [&](const file::Finding& entry) { return finding(entry); }),
          in.places(), in.accesses()};
    });
    profile.source_files = all<SourceFileCode>(root_->source_files(),
                                               [&](const file::SourceFile& in) { return source_file(in); });
    profile.recorded = all<RecordedInference>(root_->recorded(), [&](const file::Recorded& in) {
      const auto read_one = [&](const file::Tensor& entry) { return tensor(entry); };
      return RecordedInference{in.inference(), all<RecordedTensor>(in.inputs(), read_one),
                               all<RecordedTensor>(in.outputs(), read_one)};
    });
    return profile;
  }

 private:
  static inline const emulator::SourceLocation kNowhere{};

  [[noreturn]] void fail(std::string_view fault_and_remedy) const {
    throw InputError(fmt::format("{}: {}", name_, fault_and_remedy));
  }
  [[noreturn]] void damaged() const { fail("damaged profile; copy it again or repeat the run"); }
  void check(bool holds) const {
    if (!holds) damaged();
  }
  void spend(Bytes bytes) {
    check(bytes <= budget_);
    budget_ -= bytes;
  }

  std::string text(const flatbuffers::String* in) {
    if (in == nullptr) return "";
    spend(in->size());
    return in->str();
  }
  std::vector<std::string> texts(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>* in) {
    std::vector<std::string> out;
    if (in == nullptr) return out;
    spend(in->size() * sizeof(flatbuffers::uoffset_t));
    for (const flatbuffers::String* entry : *in) out.push_back(text(entry));
    return out;
  }
  template <typename T>
  std::vector<T> numbers(const flatbuffers::Vector<T>* in) {
    if (in == nullptr) return {};
    // The verifier looks at where a vector's length lies, not at its first element.
    check(reinterpret_cast<std::uintptr_t>(in->Data()) % alignof(T) == 0);
    spend(in->size() * sizeof(T));
    return {in->begin(), in->end()};
  }
  /// A column of a table with `rows` rows.
  template <typename T>
  std::vector<T> column(const flatbuffers::Vector<T>* in, std::size_t rows) {
    check((in == nullptr ? 0 : in->size()) == rows);
    return numbers(in);
  }
  template <typename Out, typename In, typename Convert>
  std::vector<Out> all(const flatbuffers::Vector<flatbuffers::Offset<In>>* in, Convert convert) {
    std::vector<Out> out;
    if (in == nullptr) return out;
    spend(in->size() * sizeof(flatbuffers::uoffset_t));
    for (const In* entry : *in) out.push_back(convert(*entry));
    return out;
  }
  template <typename T>
  static std::size_t rows_of(const flatbuffers::Vector<T>* in) {
    return in == nullptr ? 0 : in->size();
  }
  template <typename T>
  static std::optional<T> optional(flatbuffers::Optional<T> in) {
    return in ? std::optional<T>(*in) : std::nullopt;
  }

  CyclesByCause by_cause(const flatbuffers::Vector<std::uint64_t>* in) {
    CyclesByCause out = numbers(in);
    check(out.empty() || out.size() == causes_);
    return out;
  }
  static emulator::Counters counters(const file::Counters* in) {
    if (in == nullptr) return {};
    return {in->instructions(), in->skipped(), in->cycles()};
  }
  AddressSpan span(const file::Span* in) {
    if (in == nullptr) return {};
    return {text(in->name()), in->begin(), in->size()};
  }
  emulator::SourceLine line(const file::SourceLine* in) {
    if (in == nullptr) return {};
    return {text(in->function()), text(in->file()), in->line()};
  }
  AccessFinding finding(const file::Finding& in) {
    return {in.pc(),    line(in.source()), in.writes(), in.address(),    in.width(),
            in.wrong(), text(in.object()), in.offset(), text(in.rule()), in.count()};
  }
  std::optional<emulator::SourceLocation> place(const file::SourcePlace* in) {
    if (in == nullptr || in->lines() == nullptr || in->lines()->size() == 0) return std::nullopt;
    auto lines =
        all<emulator::SourceLine>(in->lines(), [&](const file::SourceLine& entry) { return line(&entry); });
    emulator::SourceLocation out{lines.front(), {}};
    out.inlined_into.assign(lines.begin() + 1, lines.end());
    return out;
  }

  void read_stop(const file::Stop& in, Profile& profile) {
    const auto reason = stop_reason(text(in.reason()));
    check(reason.has_value());
    profile.stop = {*reason, in.pc(), in.exit_code(), text(in.detail()), {}};
    if (in.fault() != nullptr) profile.stop.fault = fault(*in.fault());
    profile.stop_function = text(in.function());
    profile.stop_source = place(in.source());
    profile.call_chain = all<emulator::CallFrame>(in.call_chain(), [&](const file::Frame& frame) {
      const auto origin = frame_origin(text(frame.origin()));
      check(origin.has_value());
      return emulator::CallFrame{frame.pc(), frame.sp(), *origin, place(frame.source())};
    });
    if (const file::Stack* stack = in.stack(); stack != nullptr) {
      profile.stack = {stack->sp(), text(stack->name()), stack->in_memory(), optional(stack->limit())};
    }
  }

  emulator::FaultRecord fault(const file::Fault& in) {
    emulator::FaultRecord out;
    out.exception = text(in.exception());
    out.cause = text(in.cause());
    out.pc = in.pc();
    out.interrupted = text(in.interrupted());
    out.escalated = in.escalated();
    out.lockup = in.lockup();
    if (in.registers() == nullptr) return out;
    for (const file::NamedValue* value : *in.registers()) {
      const std::string name = text(value->name());
      for (const FaultRegister& entry : kFaultRegisters)
        if (name == entry.name) out.*entry.member = value->value();
    }
    return out;
  }

  LayerProfile layer(const file::Layer& in) {
    LayerProfile out;
    out.layer.index = in.index();
    out.layer.name = text(in.name());
    out.layer.op = text(in.operator_name());
    const auto shape = [&](const file::Shape& dimensions) { return numbers(dimensions.dimensions()); };
    out.layer.input_shapes = all<std::vector<std::int64_t>>(in.input_shapes(), shape);
    if (in.output_shape() != nullptr) out.layer.output_shape = shape(*in.output_shape());
    out.layer.macc = in.macc();
    out.layer.function = text(in.function());
    out.cycles = in.cycles();
    out.instructions = in.instructions();
    out.stalls = by_cause(in.stalls());
    out.l1i_misses = optional(in.l1i_misses());
    out.l1d_misses = optional(in.l1d_misses());
    for (const auto& [from, to] :
         {std::pair(in.inputs(), &out.layer.inputs), std::pair(in.outputs(), &out.layer.outputs)}) {
      *to = numbers(from);
      for (const std::uint32_t tensor : *to) check(tensor < rows_of(root_->activations()));
    }
    out.caches = shares(in.caches());
    check(out.caches.empty() || out.caches.size() == caches_);
    return out;
  }

  FunctionProfile function(const file::Function& in) {
    return {text(in.name()),
            in.address(),
            in.size(),
            text(in.file()),
            in.line(),
            in.is_handler(),
            in.calls(),
            in.self_cycles(),
            in.total_cycles(),
            in.self_instructions(),
            in.total_instructions(),
            optional(in.stack_peak())};
  }

  RecordedTensor tensor(const file::Tensor& in) {
    const std::optional<DataType> type = data_type_of(text(in.type()));
    check(type.has_value());
    RecordedTensor out{text(in.name()), {*type, {}, numbers(in.data())}};
    if (in.shape() != nullptr) out.array.shape = numbers(in.shape()->dimensions());
    // Dimensions of a hostile file may be anything; what they claim must be there.
    std::uint64_t bytes = size_of(*type);
    for (const std::int64_t dimension : out.array.shape) {
      check(dimension > 0 && static_cast<std::uint64_t>(dimension) <= out.array.bytes.size());
      bytes *= static_cast<std::uint64_t>(dimension);
      check(bytes <= out.array.bytes.size());
    }
    check(bytes == out.array.bytes.size());
    return out;
  }
  void read_call_paths(const file::CallPaths& in, Profile& profile) {
    const std::size_t rows = rows_of(in.parent());
    const auto parent = column(in.parent(), rows), function = column(in.function(), rows),
               call_site = column(in.call_site(), rows);
    const auto calls = column(in.calls(), rows), self_cycles = column(in.self_cycles(), rows),
               self_instructions = column(in.self_instructions(), rows);
    for (std::size_t i = 0; i < rows; ++i) {
      check(parent[i] == CallPath::kRoot || parent[i] < i);
      check(function[i] < profile.functions.size());
      profile.call_paths.push_back(
          {parent[i], function[i], call_site[i], calls[i], self_cycles[i], self_instructions[i]});
    }
  }

  void read_instructions(const file::Instructions& in, Profile& profile) {
    const std::size_t rows = rows_of(in.address());
    const auto address = column(in.address(), rows), place = column(in.place(), rows);
    const auto size = column(in.size(), rows);
    const auto count = column(in.count(), rows), cycles = column(in.cycles(), rows);
    const auto lines = texts(in.text());
    const auto stalls = numbers(in.stalls());
    check(lines.size() == rows);
    check(stalls.empty() || (causes_ != 0 && stalls.size() == rows * causes_));
    const auto misses = numbers(in.misses());
    check(misses.empty() || (caches_ != 0 && misses.size() == rows * caches_));
    for (std::size_t i = 0; i < rows; ++i) {
      check(place[i] == InstructionProfile::kNoPlace || place[i] < profile.source_places.size());
      InstructionProfile entry{address[i], size[i], count[i], cycles[i], {}, lines[i], place[i]};
      if (!stalls.empty()) {
        const auto first = stalls.begin() + static_cast<std::ptrdiff_t>(i * causes_);
        entry.stalls.assign(first, first + static_cast<std::ptrdiff_t>(causes_));
      }
      if (!misses.empty()) {
        const auto first = misses.begin() + static_cast<std::ptrdiff_t>(i * caches_);
        entry.misses.assign(first, first + static_cast<std::ptrdiff_t>(caches_));
      }
      profile.instructions.push_back(std::move(entry));
    }
  }

  void read_timeline(const file::Timeline& in, Profile& profile) {
    Timeline& out = profile.timeline;
    out.tracks = texts(in.tracks());
    out.shortest_slice = in.shortest_slice();
    const std::size_t rows = rows_of(in.slice_begin());
    const auto what = column(in.slice_what(), rows), track = column(in.slice_track(), rows),
               depth = column(in.slice_depth(), rows);
    const auto begin = column(in.slice_begin(), rows), end = column(in.slice_end(), rows);
    check(rows_of(in.slice_kind()) == rows);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto kind = static_cast<std::uint8_t>(in.slice_kind()->Get(static_cast<unsigned>(i)));
      check(kind <= static_cast<std::uint8_t>(Slice::Kind::handler) && track[i] < out.tracks.size() &&
            begin[i] <= end[i]);
      const bool is_layer = static_cast<Slice::Kind>(kind) == Slice::Kind::layer;
      check(what[i] < (is_layer ? profile.layers.size() : profile.functions.size()));
      out.slices.push_back({static_cast<Slice::Kind>(kind), what[i], track[i], depth[i], begin[i], end[i]});
    }
    out.window_cycles = in.window_cycles();
    for (const std::uint64_t instructions : numbers(in.window_instructions()))
      out.windows.push_back({instructions, {}, {}, {}, {}});
    for (const WindowColumn& entry : kWindowColumns) {
      const auto values = numbers((in.*entry.read)());
      check(values.empty() || values.size() == out.windows.size());
      for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] != kUnknown) out.windows[i].*entry.member = values[i];
    }
  }

  TraceWindow trace(const file::TraceWindow& in) {
    TraceWindow out{in.first_instruction(), in.begin(), {}, {}};
    const std::size_t rows = rows_of(in.step_address()), part_rows = rows_of(in.cause());
    const auto address = column(in.step_address(), rows), cycles = column(in.step_cycles(), rows);
    const auto counts = column(in.step_causes(), rows), causes = column(in.cause(), part_rows);
    const auto cause_cycles = column(in.cause_cycles(), part_rows);
    check(rows_of(in.step_kind()) == rows);
    std::size_t used = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto kind = static_cast<std::uint8_t>(in.step_kind()->Get(static_cast<unsigned>(i)));
      check(kind <= static_cast<std::uint8_t>(TracedStep::Kind::exception) && used + counts[i] <= part_rows);
      TracedStep& step =
          out.steps.emplace_back(TracedStep{static_cast<TracedStep::Kind>(kind), address[i], cycles[i], {}});
      std::uint64_t sum = 0;
      for (const std::size_t end = used + counts[i]; used < end; ++used) {
        check(causes[used] < causes_ && cause_cycles[used] != 0);
        sum += cause_cycles[used];
        step.spent.push_back({causes[used], cause_cycles[used]});
      }
      check(step.spent.empty() || sum == step.cycles);
    }
    check(used == part_rows);
    const std::size_t lines = rows_of(in.code_address());
    const auto code_address = column(in.code_address(), lines);
    const auto code_size = column(in.code_size(), lines);
    const auto code_text = texts(in.code_text());
    check(code_text.size() == lines && std::ranges::is_sorted(code_address));
    for (std::size_t i = 0; i < lines; ++i) out.code.push_back({code_address[i], code_size[i], code_text[i]});
    return out;
  }

  CacheProfile cache(const file::Cache& in) {
    CacheProfile out{text(in.level()),          in.accesses(),           in.misses(),
                     optional(in.compulsory()), optional(in.capacity()), optional(in.conflict()),
                     optional(in.writebacks())};
    out.set_misses = numbers(in.set_misses());
    out.symbols = shares(in.symbols());
    out.ways = in.ways();
    out.line = in.line();
    const std::size_t sets = out.set_misses.size();
    out.set_accesses = numbers(in.set_accesses());
    out.set_fills = numbers(in.set_fills());
    check(out.set_accesses.empty() || out.set_accesses.size() == sets);
    check(out.set_fills.size() == out.set_accesses.size());
    out.functions = shares(in.functions());
    out.conflicts = all<CacheProfile::Conflict>(in.conflicts(), [&](const file::CacheConflict& entry) {
      CacheProfile::Conflict conflict{text(entry.evicted()), text(entry.by()), entry.misses(),
                                      numbers(entry.sets())};
      for (const std::uint32_t set : conflict.sets) check(set < sets);
      return conflict;
    });
    out.heat = {in.heat_window(), numbers(in.heat_accesses()), numbers(in.heat_misses()),
                numbers(in.heat_way_accesses()), numbers(in.heat_way_misses())};
    check(out.heat.misses.size() == out.heat.accesses.size());
    check(out.heat.accesses.empty() ||
          (out.heat.window != 0 && sets != 0 && out.heat.accesses.size() % sets == 0));
    ways(in, out);
    return out;
  }

  void ways(const file::Cache& in, CacheProfile& out) {
    out.way_accesses = numbers(in.way_accesses());
    out.way_misses = numbers(in.way_misses());
    out.way_fills = numbers(in.way_fills());
    const auto is_of_ways = [&](const auto& column, const auto& of_sets) {
      return column.empty() ||
             (out.ways != 0 && column.size() / out.ways == of_sets.size() && column.size() % out.ways == 0);
    };
    check(is_of_ways(out.way_accesses, out.set_misses));
    check(out.way_misses.size() == out.way_accesses.size());
    check(out.way_fills.size() == out.way_accesses.size());
    check(is_of_ways(out.heat.way_accesses, out.heat.accesses));
    check(out.heat.way_misses.size() == out.heat.way_accesses.size());
  }

  std::vector<CacheShare> shares(const flatbuffers::Vector<flatbuffers::Offset<file::SymbolMisses>>* in) {
    return all<CacheShare>(in, [&](const file::SymbolMisses& entry) {
      CacheShare share{text(entry.name()), entry.accesses(), entry.misses(), {}, entry.writebacks()};
      if (entry.compulsory() && entry.capacity() && entry.conflict())
        share.classes = {*entry.compulsory(), *entry.capacity(), *entry.conflict()};
      return share;
    });
  }

  SourceFileCode source_file(const file::SourceFile& in) {
    SourceFileCode out{text(in.name()), numbers(in.lines()), {}};
    const std::vector<std::string> names = texts(in.idle_functions());
    const auto lines = column(in.idle_lines(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) out.idle.push_back({names[i], lines[i]});
    return out;
  }

  MemoryUse memory(const file::Memory& in) {
    MemoryUse out{in.flash_used(),         in.flash_size(),           optional(in.ram_used()),
                  in.ram_size(),           optional(in.stack_peak()), optional(in.stack_size()),
                  optional(in.heap_peak())};
    out.regions = all<MemoryRegionUse>(in.regions(), [&](const file::Region& region) {
      return MemoryRegionUse{span(region.span()), text(region.kind()), region.used(),
                             optional(region.peak())};
    });
    return out;
  }

  std::string name_;
  Bytes budget_;
  const file::Profile* root_ = nullptr;
  std::size_t causes_ = 0, caches_ = 0;
};

}  // namespace

Profile from_bytes(std::span<const std::uint8_t> bytes, std::string_view file) {
  return Reader(bytes, file).read();
}

Profile read_profile(const std::filesystem::path& path) { return from_bytes(read_file(path), path.string()); }

}  // namespace mcusim::profiler
