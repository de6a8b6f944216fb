#include "emulator/clock_tree/family_table.h"

// H742 to H753, and H7A3 to H7B3: the same tree; the second names its domains CD and SRD instead of D1 to D3.

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Oscillator kOscillators[] = {
    {.source = Source::hsi,
     .on = {"CR", 0},
     .frequency = 64'000'000,
     .divisor = {.field = {"CR", 3, 2}, .encoding = Encoding::power_of_two, .least = 1, .most = 8}},
    {.source = Source::csi, .on = {"CR", 7}, .frequency = 4'000'000},
    {.source = Source::hse, .on = {"CR", 16}},
    {.source = Source::lse, .on = {"BDCR", 0}, .frequency = 32'768},
};

constexpr Choice kPllInputs[] = {{Source::hsi}, {Source::csi}, {Source::hse}};

constexpr PllOutput kPll1Outputs[] = {
    {.source = Source::pll1,
     .enable = {"PLLCFGR", 16},
     .divisor = {.field = {"PLL1DIVR", 9, 7}, .encoding = Encoding::plus_one, .least = 1, .most = 128}},
};
constexpr PllOutput kPll2Outputs[] = {
    {.source = Source::pll2_q,
     .enable = {"PLLCFGR", 20},
     .divisor = {.field = {"PLL2DIVR", 16, 7}, .encoding = Encoding::plus_one, .least = 1, .most = 128}},
};
constexpr PllOutput kPll3Outputs[] = {
    {.source = Source::pll3_q,
     .enable = {"PLLCFGR", 23},
     .divisor = {.field = {"PLL3DIVR", 16, 7}, .encoding = Encoding::plus_one, .least = 1, .most = 128}},
};

struct PllLimits {
  unsigned least_n;
  unsigned highest_n;
  Hertz highest_vco;
};
constexpr PllLimits kH7Limits = {4, 512, 960'000'000};
constexpr PllLimits kH7AbLimits = {8, 420, 560'000'000};

/// `number`: 1 to 3; the registers of the three PLLs are alike.
constexpr Pll pll(unsigned number, std::string_view divr, std::string_view fracr,
                  std::span<const PllOutput> outputs, const PllLimits& limits) {
  return {
      .on = {"CR", 22 + 2 * number},
      .input = {{"PLLCKSELR", 0, 2}, kPllInputs},
      .m = {.field = {"PLLCKSELR", 8 * number - 4, 6}, .encoding = Encoding::plain, .least = 1, .most = 63},
      .n = {.field = {divr, 0, 9},
            .encoding = Encoding::plus_one,
            .least = limits.least_n,
            .most = limits.highest_n},
      .fraction_enable = {"PLLCFGR", 4 * (number - 1)},
      .fraction = {fracr, 3, 13},
      .highest_vco = limits.highest_vco,
      .outputs = outputs};
}
constexpr Pll kH7Plls[] = {pll(1, "PLL1DIVR", "PLL1FRACR", kPll1Outputs, kH7Limits),
                           pll(2, "PLL2DIVR", "PLL2FRACR", kPll2Outputs, kH7Limits),
                           pll(3, "PLL3DIVR", "PLL3FRACR", kPll3Outputs, kH7Limits)};
constexpr Pll kH7AbPlls[] = {pll(1, "PLL1DIVR", "PLL1FRACR", kPll1Outputs, kH7AbLimits),
                             pll(2, "PLL2DIVR", "PLL2FRACR", kPll2Outputs, kH7AbLimits),
                             pll(3, "PLL3DIVR", "PLL3FRACR", kPll3Outputs, kH7AbLimits)};

constexpr Choice kSystem[] = {{Source::hsi}, {Source::csi}, {Source::hse}, {Source::pll1}};
constexpr PeripheralBus kH7Buses[] = {
    {"APB1", 0x40000000, 0x10000, {"D2CFGR", 4, 3}},
    {"APB2", 0x40010000, 0x10000, {"D2CFGR", 8, 3}},
    {"APB3", 0x50000000, 0x10000, {"D1CFGR", 4, 3}},
    {"APB4", 0x58000000, 0x10000, {"D3CFGR", 4, 3}},
};
constexpr PeripheralBus kH7AbBuses[] = {
    {"APB1", 0x40000000, 0x10000, {"CDCFGR2", 4, 3}},
    {"APB2", 0x40010000, 0x10000, {"CDCFGR2", 8, 3}},
    {"APB3", 0x50000000, 0x10000, {"CDCFGR1", 4, 3}},
    {"APB4", 0x58000000, 0x10000, {"SRDCFGR", 4, 3}},
};

constexpr Choice kUart[] = {{Source::bus}, {Source::pll2_q}, {Source::pll3_q},
                            {Source::hsi}, {Source::csi},    {Source::lse}};
constexpr Multiplexer kH7Slow = {{"D2CCIP2R", 0, 3}, kUart};
constexpr Multiplexer kH7Fast = {{"D2CCIP2R", 3, 3}, kUart};
// PLL2's and PLL3's other outputs and the peripheral clock are not known here: stopped.
constexpr Choice kLowPowerTimer[] = {{Source::bus}, {}, {}, {Source::lse}, {Source::lsi}};
constexpr KernelMultiplexer kH7Kernels[] = {
    {"LPTIM1", {{"D2CCIP2R", 28, 3}, kLowPowerTimer}},
    {"LPTIM2", {{"D3CCIPR", 10, 3}, kLowPowerTimer}},
    {"LPTIM3", {{"D3CCIPR", 13, 3}, kLowPowerTimer}},
    {"LPTIM4", {{"D3CCIPR", 13, 3}, kLowPowerTimer}},
    {"LPTIM5", {{"D3CCIPR", 13, 3}, kLowPowerTimer}},
    {"USART1", kH7Fast},
    {"USART6", kH7Fast},
    {"USART2", kH7Slow},
    {"USART3", kH7Slow},
    {"UART4", kH7Slow},
    {"UART5", kH7Slow},
    {"UART7", kH7Slow},
    {"UART8", kH7Slow},
    {"LPUART1", {{"D3CCIPR", 0, 3}, kUart}},
};
constexpr Multiplexer kH7AbSlow = {{"CDCCIP2R", 0, 3}, kUart};
constexpr Multiplexer kH7AbFast = {{"CDCCIP2R", 3, 3}, kUart};
constexpr KernelMultiplexer kH7AbKernels[] = {
    {"LPTIM1", {{"CDCCIP2R", 28, 3}, kLowPowerTimer}},
    {"LPTIM2", {{"SRDCCIPR", 10, 3}, kLowPowerTimer}},
    {"LPTIM3", {{"SRDCCIPR", 13, 3}, kLowPowerTimer}},
    {"USART1", kH7AbFast},
    {"USART6", kH7AbFast},
    {"UART9", kH7AbFast},
    {"USART10", kH7AbFast},
    {"USART2", kH7AbSlow},
    {"USART3", kH7AbSlow},
    {"UART4", kH7AbSlow},
    {"UART5", kH7AbSlow},
    {"UART7", kH7AbSlow},
    {"UART8", kH7AbSlow},
    {"LPUART1", {{"SRDCCIPR", 0, 3}, kUart}},
};
constexpr Choice kSysTick[] = {{Source::core, 8}};

}  // namespace

constexpr FamilyTable kStm32H7 = {
    .name = "stm32h7",
    .source = "RM0433 ch. 8 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 64'000'000,
    .system = {{"CFGR", 0, 3}, kSystem},
    .core_prescaler = {"D1CFGR", 8, 4},
    .ahb_prescaler = {"D1CFGR", 0, 4},
    .timer_prescaler = {"CFGR", 15},
    .oscillators = kOscillators,
    .plls = kH7Plls,
    .buses = kH7Buses,
    .kernels = kH7Kernels,
    .systick_external = {{}, kSysTick},
};

constexpr FamilyTable kStm32H7Ab = {
    .name = "stm32h7ab",
    .source = "RM0455 ch. 8 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 64'000'000,
    .system = {{"CFGR", 0, 3}, kSystem},
    .core_prescaler = {"CDCFGR1", 8, 4},
    .ahb_prescaler = {"CDCFGR1", 0, 4},
    .timer_prescaler = {"CFGR", 15},
    .oscillators = kOscillators,
    .plls = kH7AbPlls,
    .buses = kH7AbBuses,
    .kernels = kH7AbKernels,
    .systick_external = {{}, kSysTick},
};

}  // namespace mcusim::emulator::clock_tree
