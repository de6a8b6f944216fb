#include "emulator/clock_tree/family_table.h"

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Oscillator kOscillators[] = {
    {.source = Source::hsi, .on = {"CR", 8}, .frequency = 16'000'000},
    // HSIDIV acts on SYSCLK only: the PLL and the UARTs take HSI16 itself.
    {.source = Source::hsi_system,
     .on = {"CR", 8},
     .frequency = 16'000'000,
     .divisor = {.field = {"CR", 11, 3}, .encoding = Encoding::power_of_two, .least = 1, .most = 128}},
    {.source = Source::hse, .on = {"CR", 16}},
    {.source = Source::lse, .on = {"BDCR", 0}, .frequency = 32'768},
    {.source = Source::lsi, .on = {"CSR", 0}, .frequency = 32'000},
};

constexpr Choice kPllInputs[] = {{Source::none}, {Source::none}, {Source::hsi}, {Source::hse}};
constexpr PllOutput kPllOutputs[] = {
    {.source = Source::pll1,
     .enable = {"PLLCFGR", 28},
     .divisor = {.field = {"PLLCFGR", 29, 3}, .encoding = Encoding::plus_one, .least = 2, .most = 8}},
};
constexpr Pll kPlls[] = {
    {.on = {"CR", 24},
     .input = {{"PLLCFGR", 0, 2}, kPllInputs},
     .m = {.field = {"PLLCFGR", 4, 3}, .encoding = Encoding::plus_one, .least = 1, .most = 8},
     .n = {.field = {"PLLCFGR", 8, 7}, .encoding = Encoding::plain, .least = 8, .most = 86},
     .fraction_enable = {},
     .fraction = {},
     .highest_vco = 344'000'000,
     .outputs = kPllOutputs},
};

constexpr Choice kSystem[] = {
    {Source::hsi_system}, {Source::hse}, {Source::pll1}, {Source::lsi}, {Source::lse}};
constexpr PeripheralBus kBuses[] = {{"APB", 0x40000000, 0x20000, {"CFGR", 12, 3}}};
constexpr Choice kUart[] = {{Source::bus}, {Source::system}, {Source::hsi}, {Source::lse}};
constexpr KernelMultiplexer kKernels[] = {
    {"USART1", {{"CCIPR", 0, 2}, kUart}},   {"USART2", {{"CCIPR", 2, 2}, kUart}},
    {"USART3", {{"CCIPR", 4, 2}, kUart}},   {"LPUART2", {{"CCIPR", 8, 2}, kUart}},
    {"LPUART1", {{"CCIPR", 10, 2}, kUart}},
};
constexpr Choice kSysTick[] = {{Source::core, 8}};

}  // namespace

constexpr FamilyTable kStm32G0 = {
    .name = "stm32g0",
    .source = "RM0444 ch. 5 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 16'000'000,
    .system = {{"CFGR", 0, 3}, kSystem},
    .core_prescaler = {"CFGR", 8, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {},
    .oscillators = kOscillators,
    .plls = kPlls,
    .buses = kBuses,
    .kernels = kKernels,
    .systick_external = {{}, kSysTick},
};

}  // namespace mcusim::emulator::clock_tree
