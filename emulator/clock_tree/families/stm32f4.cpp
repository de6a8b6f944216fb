#include "emulator/clock_tree/family_table.h"

// F4 and F7 share PLL, prescalers and bus addresses; the F7 has multiplexers for its UARTs.

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Oscillator kOscillators[] = {
    {.source = Source::hsi, .on = {"CR", 0}, .frequency = 16'000'000},
    {.source = Source::hse, .on = {"CR", 16}},
    {.source = Source::lse, .on = {"BDCR", 0}, .frequency = 32'768},
};

constexpr Choice kPllInputs[] = {{Source::hsi}, {Source::hse}};
constexpr PllOutput kPllOutputs[] = {
    {.source = Source::pll1,
     .enable = {},
     .divisor = {.field = {"PLLCFGR", 16, 2}, .encoding = Encoding::plus_one_doubled, .least = 2, .most = 8}},
    // R can drive SYSCLK on the F446 only.
    {.source = Source::pll1_second,
     .enable = {},
     .divisor = {.field = {"PLLCFGR", 28, 3}, .encoding = Encoding::plain, .least = 2, .most = 7}},
};
constexpr Pll kPlls[] = {
    {.on = {"CR", 24},
     .input = {{"PLLCFGR", 22}, kPllInputs},
     .m = {.field = {"PLLCFGR", 0, 6}, .least = 2, .most = 63},
     .n = {.field = {"PLLCFGR", 6, 9}, .least = 50, .most = 432},
     .fraction_enable = {},
     .fraction = {},
     .highest_vco = 432'000'000,
     .outputs = kPllOutputs},
};

constexpr Choice kF4System[] = {{Source::hsi}, {Source::hse}, {Source::pll1}, {Source::pll1_second}};
constexpr Choice kF7System[] = {{Source::hsi}, {Source::hse}, {Source::pll1}};
constexpr PeripheralBus kBuses[] = {
    {"APB1", 0x40000000, 0x10000, {"CFGR", 10, 3}},
    {"APB2", 0x40010000, 0x10000, {"CFGR", 13, 3}},
};
constexpr Choice kSysTick[] = {{Source::core, 8}};

constexpr Choice kUart[] = {{Source::bus}, {Source::system}, {Source::hsi}, {Source::lse}};
constexpr Choice kLowPowerTimer[] = {{Source::bus}, {Source::lsi}, {Source::hsi}, {Source::lse}};
constexpr KernelMultiplexer kF7Kernels[] = {
    {"USART1", {{"DCKCFGR2", 0, 2}, kUart}},
    {"USART2", {{"DCKCFGR2", 2, 2}, kUart}},
    {"USART3", {{"DCKCFGR2", 4, 2}, kUart}},
    {"UART4", {{"DCKCFGR2", 6, 2}, kUart}},
    {"UART5", {{"DCKCFGR2", 8, 2}, kUart}},
    {"USART6", {{"DCKCFGR2", 10, 2}, kUart}},
    {"UART7", {{"DCKCFGR2", 12, 2}, kUart}},
    {"UART8", {{"DCKCFGR2", 14, 2}, kUart}},
    {"LPTIM1", {{"DCKCFGR2", 24, 2}, kLowPowerTimer}},
};

}  // namespace

constexpr FamilyTable kStm32F4 = {
    .name = "stm32f4",
    .source =
        "RM0090 ch. 7, RM0383 ch. 6, RM0390 ch. 6 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 16'000'000,
    .system = {{"CFGR", 0, 2}, kF4System},
    .core_prescaler = {"CFGR", 4, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {"DCKCFGR", 24, 1, true},  // Not on F405 and F407.
    .oscillators = kOscillators,
    .plls = kPlls,
    .buses = kBuses,
    .kernels = {},
    .systick_external = {{}, kSysTick},
};

constexpr FamilyTable kStm32F7 = {
    .name = "stm32f7",
    .source = "RM0385 ch. 5 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 16'000'000,
    .system = {{"CFGR", 0, 2}, kF7System},
    .core_prescaler = {"CFGR", 4, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {"DCKCFGR1", 24},
    .oscillators = kOscillators,
    .plls = kPlls,
    .buses = kBuses,
    .kernels = kF7Kernels,
    .systick_external = {{}, kSysTick},
};

}  // namespace mcusim::emulator::clock_tree
