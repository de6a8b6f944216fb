#include "emulator/clock_tree/family_table.h"

namespace mcusim::emulator::clock_tree {
namespace {

/// Divisors of the four resonators at 48, 4, 3.072 and 0.4 MHz.
constexpr Hertz kMsiRanges[] = {48'000'000, 24'000'000, 16'000'000, 12'000'000, 4'000'000, 2'000'000,
                                1'333'333,  1'000'000,  3'072'000,  1'536'000,  1'024'000, 768'000,
                                400'000,    200'000,    133'333,    100'000};
constexpr Oscillator kOscillators[] = {
    {.source = Source::msi,
     .on = {"CR", 0},
     .ranges = kMsiRanges,
     .range_select = {"ICSCR1", 23},
     .range = {"ICSCR1", 28, 4},
     .standby_range = {"CSR", 12, 4}},
    {.source = Source::msik,
     .on = {"CR", 4},
     .ranges = kMsiRanges,
     .range_select = {"ICSCR1", 23},
     .range = {"ICSCR1", 24, 4},
     .standby_range = {"CSR", 8, 4}},
    {.source = Source::hsi, .on = {"CR", 8}, .frequency = 16'000'000},
    {.source = Source::hse, .on = {"CR", 16}},
    {.source = Source::lse, .on = {"BDCR", 0}, .frequency = 32'768},
    {.source = Source::lsi, .on = {"BDCR", 26}, .frequency = 32'000},
};

constexpr Choice kPllInputs[] = {{Source::none}, {Source::msi}, {Source::hsi}, {Source::hse}};
constexpr PllOutput kPllOutputs[] = {
    {.source = Source::pll1,
     .enable = {"PLL1CFGR", 18},
     .divisor = {.field = {"PLL1DIVR", 24, 7}, .encoding = Encoding::plus_one, .least = 1, .most = 128}},
};
constexpr Pll kPlls[] = {
    {.on = {"CR", 24},
     .input = {{"PLL1CFGR", 0, 2}, kPllInputs},
     .m = {.field = {"PLL1CFGR", 8, 4}, .encoding = Encoding::plus_one, .least = 1, .most = 16},
     .n = {.field = {"PLL1DIVR", 0, 9}, .encoding = Encoding::plus_one, .least = 4, .most = 512},
     .fraction_enable = {"PLL1CFGR", 4},
     .fraction = {"PLL1FRACR", 3, 13},
     .highest_vco = 544'000'000,
     .outputs = kPllOutputs},
};

constexpr Choice kSystem[] = {{Source::msi}, {Source::hsi}, {Source::hse}, {Source::pll1}};
constexpr PeripheralBus kBuses[] = {
    {"APB1", 0x40000000, 0x10000, {"CFGR2", 4, 3}},
    {"APB2", 0x40010000, 0x10000, {"CFGR2", 8, 3}},
    {"APB3", 0x46000000, 0x10000, {"CFGR3", 4, 3}},
};
constexpr Choice kUart[] = {{Source::bus}, {Source::system}, {Source::hsi}, {Source::lse}};
constexpr Choice kLpuart[] = {{Source::bus}, {Source::system}, {Source::hsi}, {Source::lse}, {Source::msik}};
constexpr KernelMultiplexer kKernels[] = {
    {"USART1", {{"CCIPR1", 0, 2}, kUart}}, {"USART2", {{"CCIPR1", 2, 2}, kUart}},
    {"USART3", {{"CCIPR1", 4, 2}, kUart}}, {"UART4", {{"CCIPR1", 6, 2}, kUart}},
    {"UART5", {{"CCIPR1", 8, 2}, kUart}},  {"LPUART1", {{"CCIPR3", 0, 3}, kLpuart}},
};
constexpr Choice kSysTick[] = {{Source::core, 8}, {Source::lsi}, {Source::lse}};

}  // namespace

constexpr FamilyTable kStm32U5 = {
    .name = "stm32u5",
    .source = "RM0456 ch. 11 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 4'000'000,
    .system = {{"CFGR1", 0, 2}, kSystem},
    .core_prescaler = {"CFGR2", 0, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {},
    .oscillators = kOscillators,
    .plls = kPlls,
    .buses = kBuses,
    .kernels = kKernels,
    .systick_external = {{"CCIPR1", 22, 2}, kSysTick},
};

}  // namespace mcusim::emulator::clock_tree
