#include "tests/codegen/toolchain/fixtures.h"

#include <fmt/format.h>

#include "codegen/emit/kernel_files.h"

namespace mcusim::codegen {
namespace {

constexpr const char* kNetwork = R"(#include "net.h"
#include "mcusim_attributes.h"

unsigned char net_arena[NET_ARENA_BYTES] MCUSIM_ARENA("net_arena");
extern const unsigned char net_weights[];

MCUSIM_NOIPA static void net_layer_0_double(void) {
  const signed char *in = (const signed char *)net_arena;
  signed char *out = (signed char *)net_arena + 8;
  for (int i = 0; i < 4; ++i) {
    const int value = in[i] * net_weights[0];
    out[i] = (signed char)(value > 127 ? 127 : value < -128 ? -128 : value);
  }
}

MCUSIM_NOIPA static void net_layer_1_negate(void) {
  const signed char *in = (const signed char *)net_arena + 8;
  signed char *out = (signed char *)net_arena + 12;
  for (int i = 0; i < 4; ++i) out[i] = (signed char)(in[i] == -128 ? 127 : -in[i]);
}

void net_run(void) {
  MCUSIM_LAYER_BEGIN(0);
  net_layer_0_double();
  MCUSIM_LAYER_END(0);
  MCUSIM_LAYER_BEGIN(1);
  net_layer_1_negate();
  MCUSIM_LAYER_END(1);
}
)";

NoteTensor tensor(const std::string& name, std::uint32_t offset) {
  return {name, "net_arena", offset, DataType::int8, {1, 4}, 0.5, 0};
}

NetworkNote tiny_note() {
  NetworkNote note;
  note.name = "tiny";
  note.signature = "0123abcd";
  note.run_function = "net_run";
  note.layers = {{0, "double it", "MUL", {{1, 4}}, {1, 4}, 4, "net_layer_0_double"},
                 {1, "negate", "NEG", {{1, 4}}, {1, 4}, 0, "net_layer_1_negate"}};
  note.inputs = {tensor("in", 0)};
  note.outputs = {tensor("out", 12)};
  return note;
}

mcu_models::StartupStep step(mcu_models::StartupStep::Kind kind, const std::string& name, Address address,
                             std::uint32_t mask, std::uint32_t value, const std::string& why) {
  return {kind, "RCC", name, address, mask, value, why};
}

}  // namespace

EmittedNetwork network_of_size(std::size_t arena_bytes, std::size_t weights_bytes) {
  EmittedNetwork network;
  network.files = {
      {"net.h", fmt::format("#define NET_ARENA_BYTES {}\nvoid net_run(void);\n"
                            "extern unsigned char net_arena[NET_ARENA_BYTES];\n",
                            arena_bytes)},
      {"net.c", kNetwork},
      {"net_weights.c", fmt::format("extern const unsigned char net_weights[{0}];\n"
                                    "const unsigned char net_weights[{0}] = {{2}};\n",
                                    weights_bytes)},
  };
  for (SourceFile& file : kernel_files({})) network.files.push_back(std::move(file));  // Headers.
  network.note = tiny_note();
  network.arena_bytes = arena_bytes;
  network.weights_bytes = weights_bytes;
  return network;
}

EmittedNetwork tiny_network() { return network_of_size(16, 4); }

mcu_models::McuModel hand_made_mcu() {
  using mcu_models::MemoryKind;
  mcu_models::McuModel mcu;
  mcu.name = "stm32h743";
  mcu.core.name = "cortex-m7";
  mcu.core.dwt_lock = true;
  mcu.fpu = mcu_models::Fpu::fpv5_dp;
  mcu.interrupt_count = 150;
  mcu.memory = {{"FLASH", MemoryKind::flash, 0x08000000, 2 << 20, true, {}},
                {"ITCM", MemoryKind::itcm, 0, 64 << 10, true, {}},
                {"DTCM", MemoryKind::dtcm, 0x20000000, 128 << 10, true, {}},
                {"AXI_SRAM", MemoryKind::ram, 0x24000000, 512 << 10, true, {}},
                {"SRAM1", MemoryKind::ram, 0x30000000, 128 << 10, true, {}},
                {"SRAM2", MemoryKind::ram, 0x30020000, 128 << 10, true, {}},
                {"BKPSRAM", MemoryKind::backup, 0x38800000, 4 << 10, true, {}}};
  mcu.peripherals = {{"USART3", "usart_v2", 0x40004800, 0x400, 39, {}, {}, {}},
                     {"LPUART1", "lpuart", 0x58000c00, 0x400, 142, {}, {}, {}},
                     {"TIM2", "timer", 0x40000000, 0x400, 28, {}, {}, {}}};
  return mcu;
}

mcu_models::BoardModel hand_made_board() {
  using Kind = mcu_models::StartupStep::Kind;
  mcu_models::BoardModel board;
  board.name = "bench";
  board.title = "A bench";
  board.mcu = "stm32h743";
  board.core_clock = 400'000'000;
  board.console = {"USART3", "PD8", "PD9", 7, 115200, 100'000'000};
  board.startup = {step(Kind::modify, "CR", 0x58024400, 0x1, 0x1, "HSI on"),
                   step(Kind::wait, "CR", 0x58024400, 0x4, 0x4, "HSIRDY"),
                   step(Kind::write, "CFGR", 0x58024410, ~0u, 0x3, "*/ not the end /* of \\ the comment")};
  return board;
}

}  // namespace mcusim::codegen
