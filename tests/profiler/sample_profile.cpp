#include "sample_profile.h"

#include <fstream>
#include <sstream>

namespace mcusim::profiler {
namespace {

void add_run(Profile& profile) {
  profile.file = "net.elf";
  profile.network = "net";
  profile.mcu = "stm32h743";
  profile.board = "nucleo-h743zi";
  profile.core = "cortex-m7";
  profile.engine = "native";
  profile.timing = "full";
  profile.clock = 400'000'000;
  profile.stop = {emulator::StopReason::self_branch, 0x0800040c, 0, "", {}};
  profile.stop_function = "main";
  profile.stop_source = {{"main", "src/main.c", 8}, {}};
  profile.stack = {0x20000ff0, "MSP", true, 0x20000c00};
  profile.work = {46, 0, 101};
  profile.run = {100, 0, 240};
  profile.run_seconds = 6e-7;
  profile.inference_cycles = {110, 101};
  profile.stall_causes = {"issue", "load_use", "branch", "exception"};
  profile.stalls = {46, 13, 30, 12};
  LayerProfile conv;
  conv.layer = {0, "conv/Relu;conv/BiasAdd", "CONV_2D", {{1, 4, 4, 1}}, {1, 2, 5, 1}, 10, "net_layer_0_conv"};
  conv.cycles = 64;
  conv.instructions = 32;
  conv.stalls = {32, 10, 22, 0};
  LayerProfile softmax;
  softmax.layer = {1, "softmax", "SOFTMAX", {{1, 10}}, {1, 10}, 0, "net_layer_1_softmax"};
  softmax.cycles = 14;
  softmax.instructions = 8;
  softmax.stalls = {8, 0, 6, 0};
  profile.layers = {conv, softmax};
}

void add_code(Profile& profile) {
  profile.functions = {{"main", 0x08000400, 16, "src/main.c", 5, false, 1, 7, 85, 4, 44, 40},
                       {"net_layer_0_conv", 0x08000440, 14, "src/conv.c", 9, false, 1, 64, 64, 32, 32, 16},
                       {"net_layer_1_softmax", 0x08000480, 8, "src/softmax.c", 2, false, 3, 14, 14, 8, 8, 24},
                       {"SysTick_Handler", 0x080004a0, 4, "", 0, true, 1, 16, 16, 2, 2, {}}};
  profile.call_paths = {{CallPath::kRoot, 0, 0, 1, 7, 4}, {0, 1, 0x08000406, 1, 64, 32},
                        {0, 2, 0x0800040a, 1, 5, 3},      {2, 2, 0x08000486, 1, 5, 3},
                        {3, 2, 0x08000486, 1, 4, 2},      {CallPath::kRoot, 3, 0, 1, 16, 2}};
  const auto line = [](const char* function, const char* file, unsigned number) {
    return emulator::SourceLine{function, file, number};
  };
  const emulator::SourceLine in_conv = line("net_layer_0_conv", "src/conv.c", 12);
  profile.source_places = {{line("main", "src/main.c", 5), {}},
                           {line("main", "src/main.c", 6), {}},
                           {line("main", "src/main.c", 7), {}},
                           {line("main", "src/main.c", 8), {}},
                           {line("net_layer_0_conv", "src/conv.c", 9), {}},
                           {line("mac", "src/mac.h", 3), {in_conv}},
                           {line("mac", "src/mac.h", 4), {in_conv}},
                           {line("net_layer_0_conv", "src/conv.c", 11), {}},
                           {line("net_layer_0_conv", "src/conv.c", 14), {}},
                           {line("net_layer_1_softmax", "src/softmax.c", 2), {}},
                           {line("net_layer_1_softmax", "src/softmax.c", 3), {}},
                           {line("net_layer_1_softmax", "src/softmax.c", 4), {}}};
  constexpr auto kNoPlace = InstructionProfile::kNoPlace;
  profile.instructions = {{0x08000400, 2, 1, 2, {1, 1, 0, 0}, "push {r4, lr}", 0},
                          {0x08000402, 4, 1, 1, {1, 0, 0, 0}, "bl #0x8000440", 1},
                          {0x08000406, 4, 1, 1, {1, 0, 0, 0}, "bl #0x8000480", 2},
                          {0x0800040a, 2, 1, 3, {1, 2, 0, 0}, "pop {r4, pc}", 3},
                          {0x08000440, 2, 1, 1, {1, 0, 0, 0}, "push {lr}", 4},
                          {0x08000442, 4, 10, 20, {10, 10, 0, 0}, "ldr r3, [r1], #4", 5},
                          {0x08000446, 4, 10, 10, {10, 0, 0, 0}, "mla r0, r3, r2, r0", 6},
                          {0x0800044a, 2, 10, 30, {10, 0, 20, 0}, "bne #0x8000442", 7},
                          {0x0800044c, 2, 1, 3, {1, 0, 2, 0}, "pop {pc}", 8},
                          {0x08000480, 2, 3, 3, {3, 0, 0, 0}, "push {r4, lr}", 9},
                          {0x08000482, 4, 2, 2, {2, 0, 0, 0}, "bl #0x8000480", 10},
                          {0x08000486, 2, 3, 9, {3, 0, 6, 0}, "pop {r4, pc}", 11},
                          {0x080004a0, 2, 1, 1, {1, 0, 0, 0}, "movs r0, #0", kNoPlace},
                          {0x080004a2, 2, 1, 3, {1, 0, 2, 0}, "bx lr", kNoPlace}};
}

/// What each of the instructions above missed in l1i, l1d and flash.
void add_misses(Profile& profile) {
  for (InstructionProfile& entry : profile.instructions) entry.misses = {0, 0, 0};
  profile.instructions[0].misses = {4, 0, 0};
  profile.instructions[4].misses = {3, 0, 0};
  profile.instructions[5].misses = {0, 5, 0};
  profile.layers[0].caches = {{"l1i", 32, 3, emulator::MissClasses{3, 0, 0}, 0},
                              {"l1d", 20, 5, emulator::MissClasses{3, 0, 2}, 1},
                              {"flash", 3, 3, std::nullopt, 0}};
  profile.layers[1].caches = {{"l1i", 8, 0, emulator::MissClasses{}, 0},
                              {"l1d", 4, 0, emulator::MissClasses{}, 0},
                              {"flash", 0, 0, std::nullopt, 0}};
  CacheProfile& data = profile.caches[1];
  data.symbols = {{"net_weights", 20, 5, emulator::MissClasses{3, 0, 2}, 0},
                  {"(stack)", 4, 0, emulator::MissClasses{}, 1}};
  data.ways = 2;
  data.line = 32;
  data.set_accesses = {10, 14};
  data.set_fills = {1, 4};
  data.functions = {{"net_layer_0_conv", 0, 5, emulator::MissClasses{3, 0, 2}, 1}};
  data.conflicts = {{"net_weights", "(stack)", 2, {1}}};
  data.heat = {128, {10, 4, 0, 10}, {1, 0, 0, 4}};
}

void add_source_files(Profile& profile) {
  profile.source_files = {{"src/main.c", {5, 6, 7, 8, 12, 13}, {{"unused", 12}}},
                          {"src/conv.c", {9, 11, 12, 14}, {}},
                          {"src/never.c", {3, 4}, {{"never", 3}}}};
}

void add_timeline(Profile& profile) {
  profile.timeline.tracks = {"main", "interrupts"};
  profile.timeline.slices = {{Slice::Kind::function, 0, 0, 0, 120, 221},
                             {Slice::Kind::layer, 0, 0, 1, 124, 204},
                             {Slice::Kind::function, 1, 0, 2, 124, 204},
                             {Slice::Kind::handler, 3, 1, 0, 140, 156},
                             {Slice::Kind::layer, 1, 0, 1, 205, 219}};
  profile.timeline.shortest_slice = 8;
  profile.timeline.window_cycles = 64;
  profile.timeline.windows = {
      {20, 8, {}, 4, 0}, {22, 40, {}, 2, 1}, {26, 40, 96, 1, 3}, {32, {}, 96, {}, {}}};
}

void add_memory(Profile& profile) {
  profile.caches = {{"l1i", 46, 7, 7, 0, 0, {}, {4, 3}, {{"main", 12, 4}, {"net_layer_0_conv", 32, 3}}},
                    {"l1d", 24, 5, 3, 0, 2, 1, {1, 4}, {{"net_weights", 20, 5}}},
                    {"flash", 12, 12, {}, {}, {}, {}, {}, {}}};
  profile.allocations = {{0x08000406, 0, 3, 96, 1, 32}};
  profile.segments = {{".text", 0x08000000, 4096}, {".data", 0x20000000, 256}};
  profile.symbols = {{"main", 0x08000400, 16, true}, {"net_weights", 0x20000000, 40, false}};
  profile.memory = {4352, 2 << 20, 1280, 1 << 20, 40, 1024, 96, {}};
  const auto region = [&](const char* name, Address begin, Bytes size, const char* kind, Bytes used) {
    MemoryRegionUse& added = profile.memory.regions.emplace_back();
    added.span = {name, begin, size};
    added.kind = kind;
    added.used = used;
  };
  region("flash", 0x08000000, 2 << 20, "flash", 4352);
  region("dtcm", 0x20000000, 128 << 10, "dtcm", 1280);
  profile.memory.regions.back().peak = 1416;
  profile.not_modelled = {"RNG at 0x48021800"};
  profile.warnings = {"the instruction cache is off"};
  profile.limits = {{"stack=64", ""}, {"cycles=90", "limit cycles=90 broken: 101 cycles"}};
}

}  // namespace

Profile sample_profile() {
  Profile profile;
  add_run(profile);
  add_code(profile);
  add_timeline(profile);
  add_memory(profile);
  add_misses(profile);
  add_source_files(profile);
  return profile;
}

std::string golden(const std::string& name) {
  std::ifstream stream(MCUSIM_SOURCE_DIR "/tests/profiler/golden/" + name, std::ios::binary);
  std::stringstream content;
  content << stream.rdbuf();
  return content.str();
}

}  // namespace mcusim::profiler
