#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

#include "cli/build_model.h"
#include "cli/command.h"
#include "cli/limits.h"
#include "cli/live_view.h"
#include "cli/number.h"
#include "cli/semihosting_console.h"
#include "cli/uart_ends.h"
#include "codegen/toolchain/toolchain.h"
#include "common/error.h"
#include "common/files.h"
#include "emulator/gdb/server.h"
#include "emulator/image/debug_info.h"
#include "emulator/image/elf_image.h"
#include "profiler/memory_map.h"
#include "profiler/profile_file.h"
#include "profiler/recorder.h"
#include "profiler/reports/fault_report.h"
#include "profiler/reports/json_report.h"
#include "profiler/reports/text_report.h"

namespace mcusim::cli {
namespace {

namespace fs = std::filesystem;
using emulator::StopReason;

struct RunArguments {
  std::string file;
  std::string mcu;
  std::string board;
  std::string engine = emulator::MachineOptions{}.engine;
  bool lockstep = false;
  std::string timing;  ///< Empty: default_timing().
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<std::string> dumps;
  std::vector<std::string> limits;
  std::vector<std::string> uarts;
  std::string send_after;
  bool dwt_lock = false;
  std::string semihost_dir;
  std::optional<std::uint16_t> gdb_port;
  std::string base;
  std::string until;
  std::uint64_t max_cycles = std::numeric_limits<std::uint64_t>::max();
  std::optional<double> max_seconds;
  std::vector<std::string> regions;
  std::string heap;
  std::string trace_window;
  bool caches = false;
  bool live = false;
  std::vector<std::string> checks;
  bool record_io = false;
  std::string json;
  std::string profile;
};

/// Emulated; enough for any benchmark, and a run-away program still ends.
constexpr double kUsualSeconds = 60;

/// --dump ADDR:LEN:FILE
struct Dump {
  Address address = 0;
  Bytes size = 0;
  std::string file;
};

Dump parse_dump(const std::string& text, emulator::Machine& machine) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  if (second != std::string::npos && second + 1 < text.size()) {
    const auto address = parse_whole(text.substr(0, first));
    const auto size = parse_whole(text.substr(first + 1, second - first - 1));
    if (address && size && *address <= 0xffffffff && *size >= 1) {
      if (machine.bus().find_memory(static_cast<Address>(*address), *size) == nullptr) {
        throw InputError(fmt::format("--dump {}: not inside one memory of this MCU; see mcusim mcus", text));
      }
      return {static_cast<Address>(*address), *size, text.substr(second + 1)};
    }
  }
  throw InputError(
      fmt::format("--dump {}: not understood; give ADDRESS:LENGTH:FILE, as 0x20000000:256:ram.bin", text));
}

/// Watches the firmware's console for the text of --until uart:, and writes it to standard output.
class Console {
 public:
  Console(std::string until, bool prints) : until_(std::move(until)), prints_(prints) {}

  void write(std::string_view text, emulator::Machine& machine) {
    if (prints_) std::fwrite(text.data(), 1, text.size(), stdout);
    watch(text, machine);
  }
  /// What comes over semihosting or the ITM has no other end.
  void write_always(std::string_view text, emulator::Machine& machine) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    watch(text, machine);
  }

 private:
  void watch(std::string_view text, emulator::Machine& machine) {
    if (until_.empty()) return;
    tail_ += text;
    if (!seen_) {
      const std::size_t found = tail_.find(until_);
      seen_ = found != std::string::npos;
      tail_.erase(0, seen_ ? found + until_.size() : tail_.size() - std::min(tail_.size(), until_.size()));
      if (seen_) stop_soon(machine);
    }
    // What stands behind the text in its line belongs to it: "Total Cycles: 9515717".
    if (seen_ && tail_.find('\n') != std::string::npos) machine.engine().request_stop();
  }

  /// A prompt has no end of line: waits 10 ms of emulated time at the most.
  static void stop_soon(emulator::Machine& machine) {
    emulator::Scheduler& scheduler = machine.scheduler();
    scheduler.at(scheduler.now() + machine.clock() / 100, [&machine] { machine.engine().request_stop(); });
  }

  std::string until_;
  bool prints_;
  std::string tail_;
  bool seen_ = false;
};

/// Each output tensor over all inferences; a leading axis of samples where the inputs had one.
void write_outputs(const std::vector<std::string>& files, const profiler::Profile& profile,
                   bool sample_axis) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    NpyArray all = profile.outputs.back()[i];
    if (sample_axis) {
      const bool batch_of_one = !all.shape.empty() && all.shape[0] == 1;
      const auto samples = static_cast<std::int64_t>(profile.outputs.size());
      if (batch_of_one) {
        all.shape[0] = samples;
      } else {
        all.shape.insert(all.shape.begin(), samples);
      }
      all.bytes.clear();
      for (const auto& outputs : profile.outputs) {
        all.bytes.insert(all.bytes.end(), outputs[i].bytes.begin(), outputs[i].bytes.end());
      }
    }
    write_file(files[i], to_npy(all));
  }
}

int status_of(const profiler::Profile& profile) {
  switch (profile.stop.reason) {
    case StopReason::fault:
      return kFirmwareFault;
    case StopReason::cycle_limit:
      return kStoppedByMaximum;
    default:
      return kDone;
  }
}

profiler::RecordOptions record_options(const RunArguments& arguments, const emulator::Image& image,
                                       bool interactive) {
  profiler::RecordOptions options;
  if ((!arguments.inputs.empty() || !arguments.outputs.empty()) && !image.note) {
    throw InputError(
        fmt::format("{}: has no network note, so --input and --output do not apply; "
                    "build the ELF with mcusim build",
                    image.file));
  }
  if (!arguments.inputs.empty()) {
    std::vector<NpyArray> arrays;
    for (const std::string& file : arguments.inputs) arrays.push_back(read_npy(file));
    options.inputs = profiler::convert_inputs(*image.note, arrays, arguments.inputs);
  }
  if (!arguments.outputs.empty() && arguments.outputs.size() != image.note->outputs.size()) {
    throw InputError(
        fmt::format("--output: {} given, but network '{}' has {} output(s); give one file per output",
                    arguments.outputs.size(), image.note->name, image.note->outputs.size()));
  }
  if (!arguments.regions.empty() && image.note) {
    throw InputError(fmt::format(
        "{}: has a network note, which gives its layers; --region is for other firmware", image.file));
  }
  options.regions_by_cycle_reads = arguments.regions == std::vector<std::string>{"dwt"};
  for (const std::string& text : arguments.regions)
    if (!options.regions_by_cycle_reads) options.regions.push_back(profiler::parse_region(text, image));
  if (!arguments.heap.empty()) options.heap = profiler::parse_heap(arguments.heap);
  if (!arguments.trace_window.empty()) {
    if (arguments.gdb_port || arguments.profile.empty()) {
      throw InputError(fmt::format("--trace-window {}: {}", arguments.trace_window,
                                   arguments.gdb_port ? "a debugger steps by itself; leave out --gdb"
                                                      : "has no place to go; add --profile FILE.mcuprof"));
    }
    options.trace = profiler::parse_trace_window(arguments.trace_window, image);
  }
  options.checks = arguments.checks;
  if (arguments.caches && arguments.profile.empty() && arguments.json.empty() && !arguments.live)
    throw InputError("--caches: has no place to go; add --profile FILE.mcuprof or --json FILE");
  options.watch_caches = arguments.caches;
  if (arguments.record_io && !image.note) {
    throw InputError(
        fmt::format("{}: has no network note, which tells where tensors are, so --record-io does not apply; "
                    "build the ELF with mcusim build",
                    image.file));
  }
  options.record_io = arguments.record_io;
  options.attribute = !arguments.json.empty() || !arguments.profile.empty() || arguments.live;
  options.max_cycles = arguments.max_cycles;
  if (arguments.max_seconds || !interactive) {
    options.max_seconds = arguments.max_seconds.value_or(kUsualSeconds);
  }
  if (::isatty(STDERR_FILENO) != 0) {
    options.progress = [](Cycles now) {
      std::fprintf(stderr, "\r%.0f million cycles", static_cast<double>(now) / 1e6);
    };
  }
  return options;
}

void fill_machine_facts(profiler::Profile& profile, const RunArguments& arguments,
                        const mcu_models::McuModel& mcu, const mcu_models::BoardModel& board,
                        const emulator::Image& image) {
  profile.file = arguments.file;
  profile.mcu = mcu.name;
  profile.board = board.name;
  profile.core = mcu.core.name;
  profile.engine = arguments.engine;
  profile.timing = arguments.timing;
  profile.skipped_known = arguments.engine != "unicorn";
  profiler::fill_regions(mcu, image, profile);
  for (const mcu_models::MemoryRegion& region : mcu.memory) {
    (region.kind == mcu_models::MemoryKind::flash ? profile.memory.flash_size : profile.memory.ram_size) +=
        region.size;
  }
}

emulator::LoadOptions load_options(const RunArguments& arguments, const mcu_models::McuModel& mcu) {
  emulator::LoadOptions options;
  const auto flash = std::ranges::find_if(mcu.memory, [](const mcu_models::MemoryRegion& region) {
    return region.kind == mcu_models::MemoryKind::flash && region.executable;
  });
  if (flash != mcu.memory.end()) options.flash = flash->base;
  if (!arguments.base.empty()) {
    const auto base = parse_whole(arguments.base);
    if (!base || *base > 0xffffffff) {
      throw InputError(fmt::format("--base {}: not an address; give one as 0x08000000", arguments.base));
    }
    options.base = static_cast<Address>(*base);
  }
  return options;
}

/// What comes closest to the part. Beside Unicorn, instructions have documented costs at best.
std::string default_timing(const RunArguments& arguments) {
  return arguments.lockstep || arguments.engine != "native" ? "table" : "full";
}

void print_not_modelled(const std::string& file, const profiler::Profile& profile) {
  for (const std::string& what : profile.not_modelled) {
    fmt::print(stderr, "mcusim: {}: not modelled: {}\n", file, what);
  }
}

int run(const RunArguments& arguments) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu(arguments.mcu);
  const mcu_models::BoardModel board = mcu_models::load_board(mcu, arguments.board);
  std::vector<Limit> limits;
  for (const std::string& text : arguments.limits) limits.push_back(parse_limit(text));
  constexpr std::string_view kUart = "uart:";
  constexpr std::string_view kSymbol = "symbol:";
  const bool until_uart = arguments.until.starts_with(kUart) && arguments.until.size() > kUart.size();
  const bool until_symbol = arguments.until.starts_with(kSymbol) && arguments.until.size() > kSymbol.size();
  const bool until_idle = arguments.until == "idle";
  if (!arguments.until.empty() && !until_uart && !until_symbol && !until_idle) {
    throw InputError(
        fmt::format("--until {}: not understood; use uart:TEXT, symbol:NAME or idle", arguments.until));
  }

  const TemporaryDirectory folder;
  fs::path elf = arguments.file;
  if (!is_binary(arguments.file)) {
    elf = folder.path() / "net.elf";
    codegen::build_elf(generate(arguments.file), mcu, board, {}, elf);
  }
  emulator::Image image = emulator::load_image_for(mcu.core.architecture, elf, load_options(arguments, mcu));
  image.file = arguments.file;

  UartEnds ends(arguments.uarts, arguments.send_after, mcu);
  Console console(until_uart ? arguments.until.substr(kUart.size()) : "",
                  !ends.connects(board.console.peripheral));
  emulator::MachineOptions options;
  options.engine = arguments.engine;
  options.lockstep = arguments.lockstep;
  options.dwt_lock = arguments.dwt_lock;
  options.timing = arguments.timing;
  options.uarts = ends.by_name();
  options.stop_when_idle = until_idle;
  emulator::Machine* running = nullptr;
  options.console = [&](std::string_view text) { console.write(text, *running); };
  options.trace = [&](std::string_view text) { console.write_always(text, *running); };
  options.semihosting =
      semihosting_console({.directory = arguments.semihost_dir,
                           .command_line = fs::path(arguments.file).filename(),
                           .output = [&](std::string_view text) { console.write_always(text, *running); }},
                          ends.reads_standard_input());
  emulator::Machine machine(mcu, board, options);
  running = &machine;
  std::vector<Dump> dumps;
  for (const std::string& text : arguments.dumps) dumps.push_back(parse_dump(text, machine));
  profiler::RecordOptions record = record_options(arguments, image, ends.interactive() || arguments.gdb_port);
  if (until_symbol) record.until_symbol = arguments.until.substr(kSymbol.size());
  machine.load(image);
  std::optional<emulator::gdb::Server> debugger;
  if (arguments.gdb_port) {
    debugger.emplace(*arguments.gdb_port, machine, mcu);
    fmt::print(stderr, "mcusim: waiting for GDB: target remote 127.0.0.1:{}\n", debugger->port());
    debugger->wait_for_client();
    record.execute = [&](const emulator::RunLimits& limits_now) { return debugger->run(limits_now); };
  }
  std::optional<LiveView> live;
  if (arguments.live) {
    live.emplace(folder.path() / (fs::path(arguments.file).stem().string() + ".mcuprof"));
    record.ends_here = [&] { return live->is_snapshot(); };
  }
  profiler::Profile profile = profiler::record_run(machine, image, record);
  if (profile.running) {
    fill_machine_facts(profile, arguments, mcu, board, image);
    live->write_and_exit(profile);
  }
  if (debugger) debugger->finish(profile.stop);
  ends.finish();
  if (record.progress) std::fprintf(stderr, "\r\x1b[K");
  fill_machine_facts(profile, arguments, mcu, board, image);
  profile.limits = check_limits(limits, profile);
  if (live) live->show_last(profile);

  const int status = status_of(profile);
  if (!arguments.outputs.empty() && (status == kDone || !profile.outputs.empty())) {
    if (profile.outputs.empty()) {
      throw InputError(fmt::format(
          "{}: no inference ended, so there is no output to write; run it to its end", arguments.file));
    }
    write_outputs(arguments.outputs, profile, record.inputs.has_sample_axis);
  }
  for (const Dump& dump : dumps) {
    std::vector<std::uint8_t> bytes(dump.size);
    machine.bus().fetch(dump.address, bytes.data(), dump.size);
    write_file(dump.file, bytes);
  }
  if (!arguments.json.empty()) write_file(arguments.json, profiler::json_report(profile));
  if (!arguments.profile.empty()) profiler::write_profile(arguments.profile, profile);
  fmt::print("\n{}", profiler::text_report(profile));
  for (const std::string& line : profile.warnings)
    fmt::print(stderr, "mcusim: {}: warning: {}\n", arguments.file, line);

  if (status != kDone) {
    fmt::print(stderr, "mcusim: {}", profiler::fault_report(profile));
    if (image.debug != nullptr && !image.debug->warning().empty()) {
      fmt::print(stderr, "mcusim: {}\n", image.debug->warning());
    }
    print_not_modelled(arguments.file, profile);
    return status;
  }
  bool broken = false;
  for (const profiler::CheckedLimit& limit : profile.limits) {
    if (limit.failure.empty()) continue;
    broken = true;
    fmt::print(stderr, "mcusim: {}: {}\n", arguments.file, limit.failure);
  }
  for (const profiler::CheckResult& check : profile.checks) {
    if (!check.failed()) continue;
    broken = true;
    fmt::print(stderr, "mcusim: {}: check {} failed\n", arguments.file, check.name);
  }
  print_not_modelled(arguments.file, profile);
  return broken ? kLimitBroken : kDone;
}

}  // namespace

void add_run(CLI::App& app, int& status) {
  auto arguments = std::make_shared<RunArguments>();
  RunArguments& a = *arguments;
  CLI::App* command =
      app.add_subcommand("run", "Executes an ELF, or a network that is built first, and profiles it");
  command->add_option("FILE", a.file, "ELF, Intel HEX, S-record, raw .bin, or trained network (.tflite)")
      ->required();
  command->add_option("--mcu", a.mcu, "Microcontroller, or the path of a part's .toml file")->required();
  command->add_option("--board", a.board, "Board; default: the MCU's usual one");
  command->add_option("--engine", a.engine, "What executes the code")->capture_default_str();
  command->add_flag("--lockstep", a.lockstep,
                    "Check every instruction of the native engine by Unicorn; slow");
  command->add_option("--timing", a.timing,
                      "off: a cycle per instruction; table: documented costs; full: pipeline and memories. "
                      "Default: full; table with --lockstep or --engine unicorn");
  command->add_option("--input", a.inputs,
                      "Input tensors (.npy), one file each; a leading sample axis is allowed");
  command->add_option("--output", a.outputs, "Files for the output tensors (.npy)");
  command->add_option("--dump", a.dumps, "ADDRESS:LENGTH:FILE: save memory after the run");
  command->add_option("--limit", a.limits,
                      "cycles=N, time_ms=X, stack=B, heap=B, flash=B, ram=B: status 1 when broken");
  command->add_option("--base", a.base, "Address of a raw .bin; default: the MCU's flash");
  command->add_option("--uart", a.uarts, "NAME=stdio|pty|tcp:PORT|file:PATH: connect a UART");
  command->add_option("--send-after", a.send_after,
                      "Send nothing over a UART before the firmware has sent this text over it");
  command
      ->add_option("--dwt-lock", a.dwt_lock,
                   "on: the M7's cycle counter needs its key; default: off, as a debugger leaves it")
      ->type_name("on|off");
  command->add_option("--semihost-dir", a.semihost_dir,
                      "Folder in which the firmware may use files over semihosting; default: none");
  command->add_option("--gdb", a.gdb_port, "Wait for GDB on this port of 127.0.0.1; 0: any free one");
  command->add_option("--until", a.until, "uart:TEXT, symbol:NAME or idle: stop there");
  command->add_option("--max-cycles", a.max_cycles, "Stop after so many cycles: status 4");
  command
      ->add_option(
          "--max-seconds", a.max_seconds,
          "Stop after so many emulated seconds: status 4; default: 60, none with a pty, tcp or terminal")
      ->check(CLI::PositiveNumber);
  command->add_option(
      "--region", a.regions,
      "NAME=SYMBOL or NAME=FROM..TO: measure a function or a range of code as a layer; dwt: what "
      "lies between reads of DWT_CYCCNT");
  command->add_option("--heap", a.heap,
                      "alloc=SYMBOL,free=SYMBOL: an allocator that is not malloc or FreeRTOS'");
  command->add_option(
      "--trace-window", a.trace_window,
      "FROM:COUNT: keep so many instructions in the profile one by one, behind the first FROM "
      "or from the symbol FROM on");
  command->add_flag("--caches", a.caches,
                    "Find out who misses in the caches and why, for --profile and --json; takes two or "
                    "three times as long");
  command->add_flag("--live", a.live,
                    "Show the run in the viewer while it goes on; ends when its window is closed");
  command
      ->add_option("--check", a.checks,
                   "uninit: reads of RAM that was never written; tensors: accesses of a layer outside its "
                   "tensors; status 1 when found; slow")
      ->type_name("uninit|tensors");
  command->add_flag("--record-io", a.record_io,
                    "Keep the network's inputs and outputs in the report and the profile");
  command->add_option("--json", a.json, "Write the report as JSON to a file");
  command->add_option("--profile", a.profile, "Write everything that was measured to a .mcuprof file");
  command->callback([arguments, &status] {
    if (arguments->timing.empty()) arguments->timing = default_timing(*arguments);
    status = run(*arguments);
  });
}

}  // namespace mcusim::cli
