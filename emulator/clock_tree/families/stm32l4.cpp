#include "emulator/clock_tree/family_table.h"

// L4, L4+ and G4: one PLL design, the same multiplexers and bus addresses. The L4 has the MSI, the L4+ a
// wider PLLM and PLLN, the G4 neither MSI nor the L4's limits.

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Hertz kMsiRanges[] = {100'000,   200'000,   400'000,    800'000,    1'000'000,  2'000'000,
                                4'000'000, 8'000'000, 16'000'000, 24'000'000, 32'000'000, 48'000'000};
constexpr Oscillator kMsi = {.source = Source::msi,
                             .on = {"CR", 0},
                             .ranges = kMsiRanges,
                             .range_select = {"CR", 3},
                             .range = {"CR", 4, 4},
                             .standby_range = {"CSR", 8, 4}};
constexpr Oscillator kHsi16 = {.source = Source::hsi, .on = {"CR", 8}, .frequency = 16'000'000};
constexpr Oscillator kHse = {.source = Source::hse, .on = {"CR", 16}};
constexpr Oscillator kLse = {.source = Source::lse, .on = {"BDCR", 0}, .frequency = 32'768};
constexpr Oscillator kL4Oscillators[] = {kMsi, kHsi16, kHse, kLse};
constexpr Oscillator kG4Oscillators[] = {kHsi16, kHse, kLse};

constexpr Choice kL4PllInputs[] = {{Source::none}, {Source::msi}, {Source::hsi}, {Source::hse}};
constexpr Choice kG4PllInputs[] = {{Source::none}, {Source::none}, {Source::hsi}, {Source::hse}};
constexpr PllOutput kPllOutputs[] = {
    {.source = Source::pll1,
     .enable = {"PLLCFGR", 24},
     .divisor = {.field = {"PLLCFGR", 25, 2}, .encoding = Encoding::plus_one_doubled, .least = 2, .most = 8}},
};

constexpr Pll pll(std::span<const Choice> inputs, unsigned m_bits, unsigned highest_n) {
  return {.on = {"CR", 24},
          .input = {{"PLLCFGR", 0, 2}, inputs},
          .m = {.field = {"PLLCFGR", 4, m_bits}, .encoding = Encoding::plus_one, .least = 1, .most = 16},
          .n = {.field = {"PLLCFGR", 8, 7}, .encoding = Encoding::plain, .least = 8, .most = highest_n},
          .fraction_enable = {},
          .fraction = {},
          .highest_vco = 344'000'000,
          .outputs = kPllOutputs};
}
constexpr Pll kL4Plls[] = {pll(kL4PllInputs, 3, 86)};
constexpr Pll kL4PlusPlls[] = {pll(kL4PllInputs, 4, 127)};
constexpr Pll kG4Plls[] = {pll(kG4PllInputs, 4, 127)};

constexpr Choice kL4System[] = {{Source::msi}, {Source::hsi}, {Source::hse}, {Source::pll1}};
constexpr Choice kG4System[] = {{Source::none}, {Source::hsi}, {Source::hse}, {Source::pll1}};
constexpr PeripheralBus kBuses[] = {
    {"APB1", 0x40000000, 0x10000, {"CFGR", 8, 3}},
    {"APB2", 0x40010000, 0x10000, {"CFGR", 11, 3}},
};
constexpr Choice kUart[] = {{Source::bus}, {Source::system}, {Source::hsi}, {Source::lse}};
constexpr Choice kLowPowerTimer[] = {{Source::bus}, {Source::lsi}, {Source::hsi}, {Source::lse}};
constexpr KernelMultiplexer kKernels[] = {
    {"USART1", {{"CCIPR", 0, 2}, kUart}},
    {"USART2", {{"CCIPR", 2, 2}, kUart}},
    {"USART3", {{"CCIPR", 4, 2}, kUart}},
    {"UART4", {{"CCIPR", 6, 2}, kUart}},
    {"UART5", {{"CCIPR", 8, 2}, kUart}},
    {"LPUART1", {{"CCIPR", 10, 2}, kUart}},
    {"LPTIM1", {{"CCIPR", 18, 2}, kLowPowerTimer}},
    {"LPTIM2", {{"CCIPR", 20, 2}, kLowPowerTimer}},
};
constexpr Choice kSysTick[] = {{Source::core, 8}};

}  // namespace

constexpr FamilyTable kStm32L4 = {
    .name = "stm32l4",
    .source = "RM0351 ch. 6 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 4'000'000,
    .system = {{"CFGR", 0, 2}, kL4System},
    .core_prescaler = {"CFGR", 4, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {},
    .oscillators = kL4Oscillators,
    .plls = kL4Plls,
    .buses = kBuses,
    .kernels = kKernels,
    .systick_external = {{}, kSysTick},
};

constexpr FamilyTable kStm32L4Plus = {
    .name = "stm32l4plus",
    .source = "RM0432 ch. 6 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 4'000'000,
    .system = {{"CFGR", 0, 2}, kL4System},
    .core_prescaler = {"CFGR", 4, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {},
    .oscillators = kL4Oscillators,
    .plls = kL4PlusPlls,
    .buses = kBuses,
    .kernels = kKernels,
    .systick_external = {{}, kSysTick},
};

constexpr FamilyTable kStm32G4 = {
    .name = "stm32g4",
    .source = "RM0440 ch. 7 (RCC); fields compared with embassy-rs/stm32-data@871bfd30",
    .status = "documented",
    .reset_clock = 16'000'000,
    .system = {{"CFGR", 0, 2}, kG4System},
    .core_prescaler = {"CFGR", 4, 4},
    .ahb_prescaler = {},
    .timer_prescaler = {},
    .oscillators = kG4Oscillators,
    .plls = kG4Plls,
    .buses = kBuses,
    .kernels = kKernels,
    .systick_external = {{}, kSysTick},
};

}  // namespace mcusim::emulator::clock_tree
