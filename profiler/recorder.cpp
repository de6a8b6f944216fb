#include "profiler/recorder.h"

#include <fmt/format.h>

#include <chrono>
#include <cstring>
#include <map>
#include <vector>

#include "common/byte_order.h"
#include "common/error.h"
#include "profiler/attribution.h"
#include "profiler/stack_peak.h"

namespace mcusim::profiler {
namespace {

using emulator::Counters;
using emulator::Image;
using emulator::Machine;
using emulator::Stop;
using emulator::StopReason;

Counters operator-(const Counters& a, const Counters& b) {
  return {a.instructions - b.instructions, a.skipped - b.skipped, a.cycles - b.cycles};
}

CyclesByCause by_cause(const std::optional<emulator::StallCycles>& stalls) {
  if (!stalls) return {};
  return {stalls->by_cause.begin(), stalls->by_cause.end()};
}

/// What the caches did since `before`; of reset without it.
std::vector<CacheProfile> cache_profiles(const std::vector<emulator::CacheUse>& now,
                                         const std::vector<emulator::CacheUse>& before = {}) {
  std::vector<CacheProfile> profiles;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const emulator::CacheCounters spent =
        now[i].counters - (i < before.size() ? before[i].counters : emulator::CacheCounters{});
    CacheProfile& profile = profiles.emplace_back();
    profile.level = now[i].name;
    profile.accesses = spent.accesses;
    profile.misses = spent.misses;
    profile.writebacks = spent.writebacks;
  }
  return profiles;
}

std::optional<std::uint64_t> misses_of(const std::vector<CacheProfile>& caches, std::string_view level) {
  for (const CacheProfile& cache : caches)
    if (cache.level == level) return cache.misses;
  return std::nullopt;
}

Address address_of(const Image& image, const std::string& symbol) {
  const emulator::Symbol* found = image.find_symbol(symbol);
  if (found == nullptr) {
    throw InputError(
        fmt::format("{}: its network note names symbol '{}', which it does not have; build it again",
                    image.file, symbol));
  }
  return found->address;
}

/// Follows the entries and returns of the run function and the layer functions by probes.
class InferenceRecorder {
 public:
  InferenceRecorder(Machine& machine, const Image& image, const NetworkInputs& inputs,
                    Attribution* attribution, Profile& profile)
      : machine_(machine),
        image_(image),
        note_(*image.note),
        inputs_(inputs),
        attribution_(attribution),
        profile_(profile) {
    profile_.network = note_.name;
    run_ = address_of(image, note_.run_function);
    add_probe(run_);
    for (std::size_t i = 0; i < note_.layers.size(); ++i) {
      const Address address = address_of(image, note_.layers[i].function);
      if (!layer_at_.emplace(address, i).second) {
        throw InputError(
            fmt::format("{}: layers {} and {} share function {}; a layer needs a function of its own",
                        image.file, layer_at_[address], i, note_.layers[i].function));
      }
      add_probe(address);
      current_.push_back({note_.layers[i], 0, 0, {}, {}, {}});
    }
    for (const NoteTensor& tensor : note_.inputs)
      input_addresses_.push_back(address_of(image, tensor.symbol) + tensor.offset);
    for (const NoteTensor& tensor : note_.outputs)
      output_addresses_.push_back(address_of(image, tensor.symbol) + tensor.offset);
    if (!note_.inference_count.empty()) count_address_ = address_of(image, note_.inference_count);
  }

  void at_probe(Address pc) {
    const emulator::Registers registers = machine_.engine().registers();
    // A return first: the call that ends here may be followed by another entry at the same address.
    while (!open_.empty() && open_.back().return_address == pc && open_.back().stack == registers.r[13])
      leave();
    if (pc == run_) {
      provide_inputs();
      // What holds during the inference counts, and the last inference is the one that the profile describes.
      hazards_ = machine_.hazards(image_, pc);
      enter(kRun, registers);
      if (attribution_ != nullptr) attribution_->begin_window();
    } else if (const auto layer = layer_at_.find(pc); layer != layer_at_.end()) {
      enter(static_cast<int>(layer->second), registers);
    }
  }

  /// Of the last inference that was begun.
  const std::vector<std::string>& hazards() const { return hazards_; }

 private:
  static constexpr int kRun = -1;

  struct OpenCall {
    int what = kRun;  ///< Layer index or kRun.
    Address return_address = 0;
    std::uint32_t stack = 0;
    Counters start;
    std::optional<emulator::StallCycles> start_stalls;
    std::vector<emulator::CacheUse> start_caches;
  };

  void add_probe(Address address) {
    if (probes_[address]++ == 0) machine_.engine().add_probe(address);
  }
  void remove_probe(Address address) {
    if (--probes_[address] == 0) machine_.engine().remove_probe(address);
  }

  void enter(int what, const emulator::Registers& registers) {
    const Address return_address = registers.r[14] & ~1u;
    open_.push_back({what, return_address, registers.r[13], machine_.engine().counters(),
                     machine_.engine().stalls(), machine_.engine().caches()});
    add_probe(return_address);
  }

  void leave() {
    const OpenCall call = open_.back();
    open_.pop_back();
    remove_probe(call.return_address);
    const Counters spent = machine_.engine().counters() - call.start;
    std::optional<emulator::StallCycles> spent_on = machine_.engine().stalls();
    if (spent_on) *spent_on = *spent_on - *call.start_stalls;
    const CyclesByCause stalls = by_cause(spent_on);
    const std::vector<CacheProfile> caches = cache_profiles(machine_.engine().caches(), call.start_caches);
    if (call.what != kRun) {
      LayerProfile& layer = current_[static_cast<std::size_t>(call.what)];
      layer.cycles = spent.cycles;
      layer.instructions = spent.instructions;
      layer.stalls = stalls;
      layer.l1i_misses = misses_of(caches, "l1i");
      layer.l1d_misses = misses_of(caches, "l1d");
      return;
    }
    profile_.work = spent;
    profile_.stalls = stalls;
    profile_.inference_cycles.push_back(spent.cycles);
    profile_.layers = current_;
    profile_.caches = caches;
    if (attribution_ != nullptr) attribution_->end_window();
    collect_outputs();
  }

  /// From the order of files to that of the machine, or back.
  void order(std::vector<std::uint8_t>& bytes, std::size_t width) const {
    if (machine_.big_endian()) reverse_elements(bytes, width);
  }

  void provide_inputs() {
    const std::size_t inference = profile_.inference_cycles.size();
    if (inputs_.samples.empty()) return;
    if (inference == 0 && count_address_) {
      const auto count = static_cast<std::uint32_t>(inputs_.samples.size());
      std::vector<std::uint8_t> bytes(sizeof count);
      std::memcpy(bytes.data(), &count, sizeof count);
      order(bytes, sizeof count);
      machine_.bus().load(*count_address_, bytes.data(), bytes.size());
    }
    const auto& sample = inputs_.samples[inference % inputs_.samples.size()];
    for (std::size_t i = 0; i < sample.size(); ++i) {
      std::vector<std::uint8_t> bytes = sample[i];
      order(bytes, size_of(note_.inputs[i].type));
      if (!machine_.bus().load(input_addresses_[i], bytes.data(), bytes.size())) {
        throw InputError(fmt::format("input '{}' at 0x{:08x} lies outside the memory; build the ELF again",
                                     note_.inputs[i].name, input_addresses_[i]));
      }
    }
  }

  void collect_outputs() {
    std::vector<NpyArray> outputs;
    for (std::size_t i = 0; i < note_.outputs.size(); ++i) {
      const NoteTensor& tensor = note_.outputs[i];
      NpyArray array{tensor.type, tensor.shape, {}};
      std::size_t bytes = size_of(tensor.type);
      for (const std::int64_t dimension : tensor.shape) bytes *= static_cast<std::size_t>(dimension);
      if (machine_.bus().find_memory(output_addresses_[i], bytes) == nullptr) {
        throw InputError(fmt::format("output '{}' at 0x{:08x} lies outside the memory; build the ELF again",
                                     tensor.name, output_addresses_[i]));
      }
      array.bytes.resize(bytes);
      machine_.bus().fetch(output_addresses_[i], array.bytes.data(), bytes);
      order(array.bytes, size_of(tensor.type));
      outputs.push_back(std::move(array));
    }
    // Without samples of the user's own only the last outputs are of use.
    if (inputs_.samples.empty()) profile_.outputs.clear();
    profile_.outputs.push_back(std::move(outputs));
  }

  Machine& machine_;
  const Image& image_;
  const NetworkNote& note_;
  const NetworkInputs& inputs_;
  Attribution* attribution_;  ///< Null: not asked for.
  Profile& profile_;
  Address run_ = 0;
  std::map<Address, std::size_t> layer_at_;
  std::map<Address, int> probes_;
  std::vector<Address> input_addresses_;
  std::vector<Address> output_addresses_;
  std::optional<Address> count_address_;
  std::vector<std::string> hazards_;
  std::vector<OpenCall> open_;
  std::vector<LayerProfile> current_;
};

/// Extended exception frame with padding (DDI 0403E B1.5.7).
constexpr std::uint32_t kLargestFrame = 0x6c;

/// The state of the stack at the innermost frame that is no exception handler's.
StackState stack_at_end(const Machine& machine, const Image& image, const Profile& profile,
                        const emulator::Registers& registers) {
  constexpr std::uint32_t kProcessStack = 2, kExceptionNumber = 0x1ff;
  StackState stack;
  stack.sp = registers.r[13];
  bool process = (registers.control & kProcessStack) != 0 && (registers.xpsr & kExceptionNumber) == 0;
  for (const emulator::CallFrame& frame : profile.call_chain) {
    if (profile.stop.fault && frame.origin == emulator::FrameOrigin::exception &&
        frame.pc == profile.stop.fault->pc) {
      // A frame on the process stack is not above the handler's on the main one.
      process = frame.sp > registers.psp && frame.sp - registers.psp <= kLargestFrame;
      stack.sp = frame.sp;
      break;
    }
  }
  stack.in_memory = machine.bus().find_memory(stack.sp) != nullptr ||
                    (stack.sp != 0 && machine.bus().find_memory(stack.sp - 1) != nullptr);
  stack.name = process ? "PSP" : "MSP";
  const emulator::Symbol* limit = image.find_symbol("__stack_limit");
  if (limit != nullptr && !process) stack.limit = limit->address;
  return stack;
}

/// Where and how the run ended, from the registers that it left.
void describe_end(Machine& machine, const Image& image, Profile& profile) {
  profile.stop_source = image.source_at(profile.end_pc());
  if (const emulator::Symbol* function = image.symbol_at(profile.end_pc())) {
    profile.stop_function = function->name;
  }
  const StopReason reason = profile.stop.reason;
  if (reason != StopReason::fault && reason != StopReason::cycle_limit) return;
  const emulator::Registers registers = machine.engine().registers();
  profile.call_chain =
      emulator::call_chain(registers, machine.bus(), image,
                           profile.stop.fault ? std::optional(profile.stop.fault->pc) : std::nullopt);
  profile.stack = stack_at_end(machine, image, profile, registers);
}

/// Cycles between two looks at the host's clock: a fraction of a second on any host.
constexpr Cycles kSlice = 20'000'000;

}  // namespace

Profile record_run(Machine& machine, const Image& image, const RecordOptions& options) {
  Profile profile;
  profile.file = image.file;
  profile.stall_causes.assign(emulator::kStallCauseNames.begin(), emulator::kStallCauseNames.end());
  std::optional<Attribution> attribution;
  if (options.attribute) attribution.emplace(machine, image);
  std::optional<InferenceRecorder> inferences;
  if (image.note) {
    inferences.emplace(machine, image, options.inputs, attribution ? &*attribution : nullptr, profile);
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

  const auto start = std::chrono::steady_clock::now();
  auto shown = start;
  while (true) {
    const Cycles now = machine.engine().counters().cycles;
    const Cycles slice = std::min(options.max_cycles, now + kSlice);
    const emulator::RunLimits limits{slice, options.max_seconds};
    profile.stop = options.execute ? options.execute(limits) : machine.run(limits);
    if (profile.stop.reason == StopReason::probe) {
      if (inferences) inferences->at_probe(profile.stop.pc);
      if (until && profile.stop.pc == *until) break;
    } else if (profile.stop.reason != StopReason::cycle_limit || slice == options.max_cycles ||
               machine.engine().counters().cycles < slice) {  // The limit was that of seconds.
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
    profile.work = profile.run;
    profile.stalls = by_cause(machine.engine().stalls());
    profile.caches = cache_profiles(machine.engine().caches());
  }
  if (attribution) attribution->finish(profile);
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
  // Without an allocator in the image there is no heap; with one, this version does not follow it.
  if (!image.symbols.empty() && image.find_symbol("malloc") == nullptr &&
      image.find_symbol("_sbrk") == nullptr) {
    profile.memory.heap_peak = 0;
  }
  profile.not_modelled = machine.not_modelled();
  profile.warnings = machine.warnings();
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
