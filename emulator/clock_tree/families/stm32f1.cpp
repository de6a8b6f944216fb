#include "emulator/clock_tree/family_table.h"

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Oscillator kOscillators[] = {
    {.source = Source::hsi, .on = {"CR", 0}, .frequency = 8'000'000},
    {.source = Source::hse, .on = {"CR", 16}},
};

/// PLLXTPRE and PLLSRC together: the divider of HSE does not act on HSI.
constexpr Choice kPllInputs[] = {{Source::hsi, 2}, {Source::hse, 1}, {Source::hsi, 2}, {Source::hse, 2}};
constexpr unsigned kPllMul[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16};
constexpr unsigned kOne[] = {1};
constexpr PllOutput kPllOutputs[] = {
    {.source = Source::pll1, .enable = {}, .divisor = {.field = {}, .values = kOne}}};
constexpr Pll kPlls[] = {
    {.on = {"CR", 24},
     .input = {{"CFGR", 16, 2}, kPllInputs},
     .m = {.field = {}, .values = kOne},
     .n = {.field = {"CFGR", 18, 4}, .least = 2, .most = 16, .values = kPllMul},
     .fraction_enable = {},
     .fraction = {},
     .highest_vco = 72'000'000,
     .outputs = kPllOutputs},
};

constexpr Choice kSystem[] = {{Source::hsi}, {Source::hse}, {Source::pll1}};
constexpr PeripheralBus kBuses[] = {
    {"APB1", 0x40000000, 0x10000, {"CFGR", 8, 3}},
    {"APB2", 0x40010000, 0x8000, {"CFGR", 11, 3}},
};
constexpr Choice kSysTick[] = {{Source::core, 8}};

}  // namespace

constexpr FamilyTable kStm32F1 = {
    .name = "stm32f1",
    .source = "RM0008 ch. 7 (RCC) and 3.3 (memory map); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 8'000'000,
    .system = {{"CFGR", 0, 2}, kSystem},
    .core_prescaler = {"CFGR", 4, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {},
    .oscillators = kOscillators,
    .plls = kPlls,
    .buses = kBuses,
    .kernels = {},
    .systick_external = {{}, kSysTick},
};

}  // namespace mcusim::emulator::clock_tree
