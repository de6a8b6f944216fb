#include "sample_profile.h"

#include <algorithm>

namespace mcusim::viewer {

using namespace profiler;

namespace {

constexpr std::uint32_t kMain = 0, kRun = 1, kConv = 2, kDense = 3, kSoftmax = 4, kDot = 5, kExp = 6,
                        kTick = 7;

emulator::SourceLocation place(unsigned line) { return {{"dot", "dot_product.c", line}, {}}; }

void add_functions(Profile& profile) {
  profile.functions = {
      {"main", 0x08000400, 0x40, "main.c", 12, false, 1, 500, 100'000, 400, 90'000, 1'024},
      {"net_run", 0x08000440, 0x60, "net.c", 30, false, 1, 1'500, 99'000, 1'100, 89'000, 960},
      {"net_layer_0_conv_2d", 0x080004a0, 0x120, "net.c", 60, false, 1, 40'000, 62'000, 35'000, 54'000, 800},
      {"net_layer_1_fully_connected", 0x080005c0, 0x80, "net.c", 90, false, 1, 10'000, 30'000, 8'000, 27'000,
       640},
      {"net_layer_2_softmax", 0x08000640, 0x60, "net.c", 120, false, 1, 2'000, 5'500, 1'800, 5'000, 320},
      {"dot", 0x080006a0, 0x10, "dot_product.c", 3, false, 40, 42'000, 42'000, 38'000, 38'000, 16},
      {"expf", 0x080006c0, 0x90, "", 0, false, 4, 3'500, 3'500, 3'200, 3'200, 32},
      {"SysTick_Handler", 0x08000750, 0x10, "main.c", 5, true, 10, 500, 500, 300, 300, 8}};
  profile.call_paths = {{CallPath::kRoot, kMain, 0, 1, 500, 400},   {0, kRun, 0x08000410, 1, 1'500, 1'100},
                        {1, kConv, 0x08000450, 1, 40'000, 35'000},  {1, kDense, 0x08000460, 1, 10'000, 8'000},
                        {1, kSoftmax, 0x08000470, 1, 2'000, 1'800}, {2, kDot, 0x08000500, 30, 22'000, 19'000},
                        {3, kDot, 0x080005e0, 10, 20'000, 19'000},  {4, kExp, 0x08000660, 4, 3'500, 3'200},
                        {CallPath::kRoot, kTick, 0, 10, 500, 300}};
}

void add_instructions(Profile& profile) {
  profile.source_places = {place(3), place(5), place(6), place(8)};
  for (const unsigned line : {60u, 64u, 67u, 70u, 71u, 75u})
    profile.source_places.push_back({{"net_layer_0_conv_2d", "net.c", line}, {}});
  // Causes: issue, load_use, mispredict, dcache_miss, flash_fetch.
  profile.instructions = {
      {0x08000410, 4, 1, 3, {1, 0, 2, 0, 0}, "bl #0x8000440", InstructionProfile::kNoPlace},
      {0x080004a0, 4, 1, 9, {1, 0, 0, 0, 8}, "push.w {r4, r5, r6, r7, r8, lr}", 4},
      {0x080004a4, 4, 1, 4, {1, 3, 0, 0, 0}, "ldr.w r8, [pc, #0xf8]", 4},
      {0x080004a8, 2, 196, 401, {196, 0, 0, 205, 0}, "ldrb r4, [r5]", 5},
      {0x080004aa, 4, 6'272, 18'976, {6'272, 6'144, 0, 6'560, 0}, "ldrsb.w r6, [r8], #1", 6},
      {0x080004ae, 2, 6'272, 6'272, {6'272, 0, 0, 0, 0}, "mov r0, r7", 7},
      {0x080004b0, 4, 30, 90, {30, 0, 60, 0, 0}, "bl #0x80006a0", 7},
      {0x080004b4, 2, 6'272, 6'272, {6'272, 0, 0, 0, 0}, "adds r4, #1", 8},
      {0x080004b6, 2, 6'272, 7'972, {4'572, 0, 3'400, 0, 0}, "bne #0x80004aa", 8},
      {0x080004b8, 4, 1, 4, {1, 0, 3, 0, 0}, "pop.w {r4, r5, r6, r7, r8, pc}", 9},
      {0x080006a0, 2, 40, 60, {40, 0, 0, 0, 20}, "push {r4, lr}", 0},
      {0x080006a2, 2, 8'000, 14'140, {8'000, 4'000, 0, 2'140, 0}, "ldrsb r3, [r0], #1", 1},
      {0x080006a4, 2, 8'000, 9'000, {8'000, 1'000, 0, 0, 0}, "ldrsb r4, [r1], #1", 1},
      {0x080006a6, 4, 8'000, 8'000, {8'000, 0, 0, 0, 0}, "smlabb r12, r3, r4, r12", 2},
      {0x080006aa, 2, 8'000, 8'000, {8'000, 0, 0, 0, 0}, "subs r2, #1", 1},
      {0x080006ac, 2, 5'920, 2'720, {1'920, 0, 800, 0, 0}, "bne #0x80006a2", 1},
      {0x080006ae, 2, 40, 80, {40, 0, 40, 0, 0}, "pop {r4, pc}", 3}};
}

void add_timeline(Profile& profile) {
  Timeline& timeline = profile.timeline;
  timeline.tracks = {"main", "interrupts"};
  timeline.shortest_slice = 200;
  timeline.window_cycles = 2'500;
  const auto function = [&](std::uint32_t what, std::uint32_t depth, Cycles begin, Cycles end) {
    timeline.slices.push_back({Slice::Kind::function, what, 0, depth, begin, end});
  };
  const auto layer = [&](std::uint32_t what, Cycles begin, Cycles end) {
    timeline.slices.push_back({Slice::Kind::layer, what, 0, 0, begin, end});
  };
  function(kMain, 0, 0, 210'000);
  for (const Cycles start : {5'000, 108'000}) {
    function(kRun, 1, start, start + 99'000);
    layer(0, start + 500, start + 62'500);
    function(kConv, 2, start + 500, start + 62'500);
    for (Cycles i = 0; i < 10; ++i) function(kDot, 3, start + 1'000 + i * 6'000, start + 3'200 + i * 6'000);
    layer(1, start + 62'600, start + 92'600);
    function(kDense, 2, start + 62'600, start + 92'600);
    for (Cycles i = 0; i < 5; ++i) function(kDot, 3, start + 63'000 + i * 5'500, start + 67'000 + i * 5'500);
    layer(2, start + 92'700, start + 98'200);
    function(kSoftmax, 2, start + 92'700, start + 98'200);
    function(kExp, 3, start + 93'000, start + 96'500);
  }
  for (Cycles begin = 10'000; begin < 210'000; begin += 20'000)
    timeline.slices.push_back({Slice::Kind::handler, kTick, 1, 0, begin, begin + 250});
  std::ranges::stable_sort(timeline.slices, {}, &Slice::begin);
  for (std::uint64_t i = 0; i < 84; ++i) {
    const std::uint64_t wave = (i * 7) % 20;
    timeline.windows.push_back({1'600 + 40 * wave, 512 + 32 * wave, 64 * (i / 20), 2 + wave, 30 + 3 * wave});
  }
}

void add_memory(Profile& profile) {
  profile.segments = {
      {".text", 0x08000000, 0x3000}, {".rodata", 0x08003000, 0x5000}, {".data", 0x20000000, 0x400}};
  profile.symbols = {{"main", 0x08000400, 0x40, true},
                     {"net_run", 0x08000440, 0x60, true},
                     {"dot", 0x080006a0, 0x10, true},
                     {"conv_weights", 0x08003000, 0x2400, false},
                     {"dense_weights", 0x08005400, 0x2000, false},
                     {"counters", 0x20000000, 0x80, false},
                     {"net_arena", 0x20000400, 0x3000, false},
                     {"__stack", 0x20004000, 0x1000, false}};
  profile.memory = {0x8400, 0x20000, 0x5000, 0x8000, 1'024, 4'096, 256};
  MemoryRegionUse& flash = profile.memory.regions.emplace_back();
  flash.span = {"flash", 0x08000000, 0x20000};
  flash.kind = "flash";
  flash.used = 0x8400;
  MemoryRegionUse& ram = profile.memory.regions.emplace_back();
  ram.span = {"sram", 0x20000000, 0x8000};
  ram.kind = "ram";
  ram.used = 0x5000;
  ram.peak = 0x5500;
}

void add_caches(Profile& profile) {
  CacheProfile& data = profile.caches.emplace_back();
  data.level = "l1d";
  data.accesses = 50'000;
  data.misses = 1'200;
  data.compulsory = 700;
  data.capacity = 300;
  data.conflict = 200;
  data.writebacks = 90;
  for (std::uint64_t set = 0; set < 128; ++set) data.set_misses.push_back(set % 16 < 2 ? 40 : set % 8);
  data.symbols = {{"conv_weights", 20'000, 600, {{250, 230, 120}}, 0},
                  {"net_arena", 25'000, 450, {{300, 70, 80}}, 90},
                  {"dense_weights", 5'000, 150, {{150, 0, 0}}, 0}};
  data.functions = {{"dot", 0, 900, {{450, 300, 150}}, 60},
                    {"net_layer_0_conv_2d", 0, 300, {{250, 0, 50}}, 30}};
  data.conflicts = {{"conv_weights", "net_arena", 120, {0, 1, 16, 17, 32, 33}},
                    {"net_arena", "conv_weights", 80, {0, 1, 16, 17}}};
  data.ways = 4;
  data.line = 32;
  data.heat.window = 2'500;
  for (std::uint32_t window = 0; window < 42; ++window) {
    for (std::uint32_t set = 0; set < 128; ++set) {
      // The convolution walks through its weights, the dense layer reads its own once.
      const bool is_weights = window < 26 && (set + 5 * window) % 64 < 12,
                 is_dense = window >= 28 && set > 90;
      data.heat.accesses.push_back(window < 26 ? 10 + set % 4 : is_dense ? 9 : 1);
      data.heat.misses.push_back((is_weights ? 3 : 0) + (is_dense ? 2 : 0) + (set % 16 < 2 ? 4 : 0));
      // Each line that is taken in goes to another way; the disputed sets use them in turn.
      const std::uint32_t chosen = set % 16 < 2 ? window % 4 : (set + window / 13) % 4;
      for (std::uint32_t way = 0; way < 4; ++way) {
        const std::uint32_t share = data.heat.accesses.back() / 4;
        data.heat.way_accesses.push_back(way == chosen ? data.heat.accesses.back() - 3 * share : share);
        data.heat.way_misses.push_back(way == chosen ? data.heat.misses.back() : 0);
      }
    }
  }
  CacheProfile& code = profile.caches.emplace_back();
  code.level = "l1i";
  code.accesses = 90'000;
  code.misses = 45;
}

/// Two rounds of the loop of dot, the first of which misses the data cache.
void add_trace(Profile& profile) {
  constexpr std::uint8_t kIssue = 0, kLoadUse = 1, kMispredict = 2, kMiss = 3, kFetch = 4;
  TraceWindow& trace = profile.trace;
  trace.first_instruction = 51'200;
  trace.begin = 60'340;
  trace.code = {{0x080006a0, 2, "push {r4, lr}"},      {0x080006a2, 2, "ldrsb r3, [r0], #1"},
                {0x080006a4, 2, "ldrsb r4, [r1], #1"}, {0x080006a6, 4, "smlabb r12, r3, r4, r12"},
                {0x080006aa, 2, "subs r2, #1"},        {0x080006ac, 2, "bne #0x80006a2"},
                {0x080006ae, 2, "pop {r4, pc}"},       {0x08000750, 2, "push {r4, lr}"}};
  const auto step = [&](Address address, std::vector<TracedStep::Part> spent,
                        TracedStep::Kind kind = TracedStep::Kind::issued) {
    std::uint32_t cycles = 0;
    for (const TracedStep::Part& part : spent) cycles += part.cycles;
    trace.steps.push_back({kind, address, cycles, std::move(spent)});
  };
  step(0x080006a0, {{kFetch, 3}, {kIssue, 1}});
  for (const std::uint32_t miss : {12u, 0u}) {
    std::vector<TracedStep::Part> load = {{kIssue, 1}};
    if (miss != 0) load.push_back({kMiss, miss});
    step(0x080006a2, load);
    step(0x080006a4, {});
    step(0x080006a6, {{kLoadUse, 2}, {kIssue, 1}});
    step(0x080006aa, {});
    step(0x080006ac, {{kIssue, 1}});
  }
  step(0x080006ae, {{kIssue, 1}, {kMispredict, 7}}, TracedStep::Kind::suppressed);
  step(0x080006a2, {{kMiss, 12}}, TracedStep::Kind::exception);
  step(0x08000750, {{kMispredict, 2}, {kIssue, 1}});
}

/// A chain with a tensor that passes by the second layer, as in a residual block.
void add_activations(Profile& profile) {
  const auto add = [&](const char* name, Address offset, std::vector<std::int64_t> shape, int first,
                       int last) {
    Bytes size = 1;
    for (const std::int64_t dimension : shape) size *= static_cast<Bytes>(dimension);
    const AddressSpan span{name, 0x20000400 + offset, size};
    profile.activations.push_back({span, "int8", std::move(shape), first, last});
  };
  add("image", 0, {1, 28, 28, 1}, -1, 0);
  add("conv_1/Relu", 0x400, {1, 14, 14, 8}, 0, 2);
  add("scratch of conv_1/Relu", 0xc00, {512}, 0, 0);
  add("dense_1/MatMul", 0, {1, 10}, 1, 2);
  add("Identity", 0x40, {1, 10}, 2, 3);
  profile.layers[0].layer.inputs = {0};
  profile.layers[0].layer.outputs = {1};
  profile.layers[1].layer.inputs = {1};
  profile.layers[1].layer.outputs = {3};
  profile.layers[2].layer.inputs = {3, 1};
  profile.layers[2].layer.outputs = {4};
}

}  // namespace

Profile sample_profile() {
  Profile profile;
  profile.file = "digits.elf";
  profile.mcu = "stm32h743";
  profile.board = "nucleo-h743zi";
  profile.core = "cortex-m7";
  profile.engine = "native";
  profile.timing = "full";
  profile.clock = 400'000'000;
  profile.stop = {emulator::StopReason::self_branch, 0x0800042e, 0, "", {}};
  profile.stop_function = "main";
  profile.network = "digits";
  profile.work = {87'000, 120, 100'000};
  profile.run = {176'000, 240, 210'000};
  profile.run_seconds = 0.000525;
  profile.inference_cycles = {104'000, 100'000};
  profile.stall_causes = {"issue", "load_use", "mispredict", "dcache_miss", "flash_fetch"};
  profile.stalls = {70'000, 14'000, 9'000, 5'000, 2'000};
  profile.layers = {
      {{0, "conv_1/Relu", "CONV_2D", {{1, 28, 28, 1}}, {1, 14, 14, 8}, 14'112, "net_layer_0_conv_2d"},
       62'000,
       54'000,
       {45'000, 8'000, 5'000, 3'000, 1'000}},
      {{1, "dense_1/MatMul", "FULLY_CONNECTED", {{1, 1568}}, {1, 10}, 15'680, "net_layer_1_fully_connected"},
       30'000,
       27'000,
       {20'000, 5'000, 3'000, 1'500, 500}},
      {{2, "Identity", "SOFTMAX", {{1, 10}}, {1, 10}, 0, "net_layer_2_softmax"},
       5'500,
       5'000,
       {4'000, 600, 500, 300, 100}}};
  add_functions(profile);
  add_instructions(profile);
  add_timeline(profile);
  add_memory(profile);
  add_caches(profile);
  add_trace(profile);
  add_activations(profile);
  profile.not_modelled = {"RNG at 0x48021800"};
  return profile;
}

Profile changed_profile() {
  Profile profile = sample_profile();
  profile.layers[0].cycles = 40'000;
  profile.layers[1].cycles = 33'000;
  profile.work.cycles = 81'000;
  profile.inference_cycles = {85'000, 81'000};
  return profile;
}

std::string sample_board_log() {
  return "mcusim-log 1\nnetwork: digits\nsignature: 00\nmcu: stm32h743\nboard: nucleo-h743zi\n"
         "clock_hz: 400000000\ninferences: 1\ninference_cycles: 103400\n"
         " index  name            op               macc   cycles     ms\n"
         "     0  conv_1/Relu     CONV_2D          14112   65100  0.163\n"
         "     1  dense_1/MatMul  FULLY_CONNECTED  15680   29400  0.074\n"
         "     2  Identity        SOFTMAX              0    6000  0.015\n"
         " total                                   29792  103400  0.259\nend\n";
}

}  // namespace mcusim::viewer
