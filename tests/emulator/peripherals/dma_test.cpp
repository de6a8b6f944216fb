#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "emulator/peripherals/bus_master.h"
#include "emulator/peripherals/dma/dma_controller.h"
#include "emulator/peripherals/dma/dma_requests.h"
#include "emulator/peripherals/factory.h"
#include "interrupt_recorder.h"
#include "mcu_models/mcu_model.h"

// The DMA controllers of the families by their registers, with a UART as the peripheral.

namespace mcusim::emulator {
namespace {

constexpr Address kRam = 0x20000000, kSource = 0x20000100, kTarget = 0x20000200;
constexpr Cycles kItem = DmaController::kCyclesPerItem;

struct Chip {
  explicit Chip(const std::string& name) : mcu(mcu_models::load_mcu(name)) {
    ram = bus.add_memory("RAM", kRam, 0x1000, true);
  }

  Device& add(const std::string& peripheral) {
    const mcu_models::PeripheralModel& model = *mcu.find_peripheral(peripheral);
    Wiring wiring{.output = [this](std::string_view text) { sent += text; },
                  .interrupts = &lines,
                  .scheduler = &scheduler,
                  .memory = &master,
                  .requests = &requests};
    devices.push_back(is_uart(model) ? make_usart(model, wiring) : make_peripheral(model, wiring));
    bus.add_device(peripheral, model.base, model.size, devices.back().get());
    return *devices.back();
  }

  Address at(const std::string& peripheral, const std::string& reg) const {
    const mcu_models::PeripheralModel& model = *mcu.find_peripheral(peripheral);
    for (const mcu_models::RegisterModel& candidate : model.registers) {
      if (candidate.name == reg) return model.base + candidate.offset;
    }
    ADD_FAILURE() << peripheral << " has no " << reg;
    return 0;
  }
  std::uint32_t get(const std::string& peripheral, const std::string& reg) {
    return bus.read(at(peripheral, reg), 4).value;
  }
  void set(const std::string& peripheral, const std::string& reg, std::uint32_t value) {
    bus.write(at(peripheral, reg), 4, value);
  }

  void run(Cycles cycles) {
    const Cycles end = scheduler.now() + cycles;
    while (scheduler.next() <= end) {
      scheduler.set_now(scheduler.next());
      scheduler.serve();
    }
    scheduler.set_now(end);
  }
  void fill(const std::string& text) {
    text.copy(reinterpret_cast<char*>(ram) + (kSource - kRam), text.size());
  }
  std::string target(std::size_t size) const {
    return {reinterpret_cast<const char*>(ram) + (kTarget - kRam), size};
  }

  mcu_models::McuModel mcu;
  Scheduler scheduler;
  InterruptRecorder lines;
  Bus bus;
  std::vector<std::pair<Address, Bytes>> changed;
  BusMaster master{bus, [this](Address address, Bytes size) { changed.emplace_back(address, size); }};
  DmaRequests requests;
  std::string sent;
  std::vector<std::unique_ptr<Device>> devices;
  std::uint8_t* ram = nullptr;
};

// --- Memory to memory ---

TEST(ChannelDma, CopiesMemoryInItsTimeAndTellsHalfAndComplete) {
  Chip chip("stm32l476");
  chip.add("DMA1");
  chip.fill("0123456789abcdef");
  chip.set("DMA1", "CPAR1", kSource);
  chip.set("DMA1", "CMAR1", kTarget);
  chip.set("DMA1", "CNDTR1", 4);
  // Words, both increment, all interrupts, memory to memory.
  chip.set("DMA1", "CCR1", 1u << 14 | 2u << 10 | 2u << 8 | 3u << 6 | 0xe | 1);
  chip.run(2 * kItem - 1);
  EXPECT_EQ(chip.get("DMA1", "CNDTR1"), 3u);
  EXPECT_EQ(chip.get("DMA1", "ISR"), 0u);
  chip.run(1);
  EXPECT_EQ(chip.get("DMA1", "ISR"), 0x5u) << "half, and the global flag";
  EXPECT_TRUE(chip.lines.levels[11]);
  chip.set("DMA1", "IFCR", 0x4);
  EXPECT_EQ(chip.get("DMA1", "ISR"), 0u);
  EXPECT_FALSE(chip.lines.levels[11]);
  chip.run(2 * kItem);
  EXPECT_EQ(chip.get("DMA1", "ISR"), 0x3u);
  EXPECT_EQ(chip.target(16), "0123456789abcdef");
  EXPECT_EQ(chip.get("DMA1", "CNDTR1"), 0u);
  chip.run(100 * kItem);
  EXPECT_EQ(chip.target(17).back(), '\0') << "it moved no more than it was told";
  EXPECT_EQ(chip.changed.size(), 4u) << "the engine hears of each write";
}

TEST(StreamDma, CopiesMemoryAndSwitchesItselfOff) {
  for (const char* part : {"stm32f407", "stm32f746", "stm32h743"}) {
    Chip chip(part);
    chip.add("DMA2");
    chip.fill("0123456789abcdef");
    chip.set("DMA2", "S3PAR", kSource);
    chip.set("DMA2", "S3M0AR", kTarget);
    chip.set("DMA2", "S3NDTR", 8);
    chip.set("DMA2", "S3CR", 2u << 6 | 1u << 11 | 3u << 9 | 0x1c | 1);  // Half words.
    chip.run(4 * kItem);
    EXPECT_EQ(chip.get("DMA2", "LISR"), 1u << 4 << 22) << part << ": half, of stream 3";
    EXPECT_TRUE(chip.lines.levels[59]) << part;
    chip.run(4 * kItem);
    EXPECT_EQ(chip.get("DMA2", "LISR"), 3u << 4 << 22) << part;
    EXPECT_EQ(chip.get("DMA2", "S3CR") & 1, 0u) << part;
    EXPECT_EQ(chip.target(16), "0123456789abcdef") << part;
    chip.set("DMA2", "LIFCR", 0x3d << 22);
    EXPECT_EQ(chip.get("DMA2", "LISR"), 0u) << part;
    EXPECT_FALSE(chip.lines.levels[59]) << part;
  }
}

TEST(LinkedDma, MovesABlockAndThenTheOneItIsLinkedTo) {
  Chip chip("stm32u575");
  chip.add("GPDMA1");
  chip.fill("0123456789abcdef");
  // The list's second item: new block size, source and destination, no further link.
  const std::uint32_t node[] = {8, kSource + 8, kTarget + 0x40, 0};
  const Address node_at = kRam + 0x300;
  chip.bus.load(node_at, node, sizeof node);
  chip.set("GPDMA1", "C2TR1", 1u << 19 | 1u << 3 | 2u << 16 | 2u);  // Words, both increment.
  chip.set("GPDMA1", "C2TR2", 1u << 9);                             // By software.
  chip.set("GPDMA1", "C2BR1", 8);
  chip.set("GPDMA1", "C2SAR", kSource);
  chip.set("GPDMA1", "C2DAR", kTarget);
  chip.set("GPDMA1", "C2LBAR", node_at & 0xffff0000);
  chip.set("GPDMA1", "C2LLR", 7u << 27 | 1u << 16 | (node_at & 0xfffc));
  EXPECT_EQ(chip.get("GPDMA1", "C2SR"), 1u) << "idle";
  chip.set("GPDMA1", "C2CR", 1u << 8 | 1);
  EXPECT_EQ(chip.get("GPDMA1", "C2SR"), 0u);
  chip.run(kItem);
  EXPECT_EQ(chip.get("GPDMA1", "C2SR"), 1u << 9) << "half of the block";
  chip.run(kItem);
  EXPECT_EQ(chip.get("GPDMA1", "C2SR"), 3u << 8);
  EXPECT_EQ(chip.get("GPDMA1", "MISR"), 1u << 2);
  EXPECT_TRUE(chip.lines.levels[31]);
  chip.set("GPDMA1", "C2FCR", 0x7f00);
  EXPECT_FALSE(chip.lines.levels[31]);
  chip.run(10 * kItem);
  EXPECT_EQ(chip.get("GPDMA1", "C2SR"), 3u << 8 | 1u) << "the second block is done too";
  EXPECT_EQ(chip.get("GPDMA1", "C2CR") & 1, 0u);
  EXPECT_EQ(chip.target(8), "01234567");
  EXPECT_EQ(chip.target(0x48).substr(0x40), "89abcdef");
}

TEST(LinkedDma, ASuspendedChannelStandsAndAResetChannelIsIdle) {
  Chip chip("stm32u575");
  chip.add("GPDMA1");
  chip.set("GPDMA1", "C0TR1", 1u << 19 | 1u << 3);
  chip.set("GPDMA1", "C0TR2", 1u << 9);
  chip.set("GPDMA1", "C0BR1", 100);
  chip.set("GPDMA1", "C0SAR", kSource);
  chip.set("GPDMA1", "C0DAR", kTarget);
  chip.set("GPDMA1", "C0CR", 1);
  chip.run(10 * kItem);
  chip.set("GPDMA1", "C0CR", 1 | 1u << 2);
  EXPECT_NE(chip.get("GPDMA1", "C0SR") & 1u << 13, 0u);
  chip.run(10 * kItem);
  EXPECT_EQ(chip.get("GPDMA1", "C0BR1"), 90u);
  chip.set("GPDMA1", "C0CR", 1u << 1);
  EXPECT_EQ(chip.get("GPDMA1", "C0SR"), 1u);
  EXPECT_EQ(chip.get("GPDMA1", "C0CR"), 0u);
}

TEST(Dma, AnAddressWhereNothingIsEndsTheTransferWithItsErrorFlag) {
  Chip channels("stm32f103");
  channels.add("DMA1");
  channels.set("DMA1", "CPAR2", 0x90000000);
  channels.set("DMA1", "CMAR2", kTarget);
  channels.set("DMA1", "CNDTR2", 4);
  channels.set("DMA1", "CCR2", 1u << 14 | 8 | 1);
  channels.run(kItem);
  EXPECT_EQ(channels.get("DMA1", "ISR"), 9u << 4);
  EXPECT_EQ(channels.get("DMA1", "CCR2") & 1, 0u);
  EXPECT_TRUE(channels.lines.levels[12]);

  Chip streams("stm32f407");
  streams.add("DMA2");
  streams.set("DMA2", "S0PAR", kSource);
  streams.set("DMA2", "S0M0AR", kTarget + 1);  // Not aligned to the item.
  streams.set("DMA2", "S0NDTR", 4);
  streams.set("DMA2", "S0CR", 2u << 6 | 2u << 11 | 4 | 1);
  streams.run(kItem);
  EXPECT_EQ(streams.get("DMA2", "LISR"), 1u << 3);
  EXPECT_EQ(streams.get("DMA2", "S0CR") & 1, 0u);

  Chip linked("stm32u575");
  linked.add("GPDMA1");
  linked.set("GPDMA1", "C0TR2", 1u << 9);
  linked.set("GPDMA1", "C0BR1", 4);
  linked.set("GPDMA1", "C0SAR", kSource);
  linked.set("GPDMA1", "C0DAR", 0x90000000);
  linked.set("GPDMA1", "C0CR", 1);
  linked.run(kItem);
  EXPECT_EQ(linked.get("GPDMA1", "C0SR"), 1u << 10 | 1u);
}

TEST(Dma, MemoryThatOnlyTheCoreReachesIsAnError) {
  Chip chip("stm32f407");
  chip.add("DMA2");
  chip.master.forbid(kRam + 0x800, 0x800);
  chip.set("DMA2", "S0PAR", kSource);
  chip.set("DMA2", "S0M0AR", kRam + 0x800);
  chip.set("DMA2", "S0NDTR", 1);
  chip.set("DMA2", "S0CR", 2u << 6 | 1);
  chip.run(kItem);
  EXPECT_EQ(chip.get("DMA2", "LISR"), 1u << 3);
}

TEST(Dma, ASystemResetEndsWhatIsUnderWay) {
  Chip chip("stm32l476");
  Device& dma = chip.add("DMA1");
  chip.set("DMA1", "CPAR1", kSource);
  chip.set("DMA1", "CMAR1", kTarget);
  chip.set("DMA1", "CNDTR1", 100);
  chip.set("DMA1", "CCR1", 1u << 14 | 1);
  chip.run(3 * kItem);
  dma.reset();
  EXPECT_EQ(chip.get("DMA1", "CNDTR1"), 0u);
  EXPECT_EQ(chip.get("DMA1", "CCR1"), 0u);
  chip.changed.clear();
  chip.run(100 * kItem);
  EXPECT_TRUE(chip.changed.empty());
}

// --- With a UART ---

struct UartCase {
  const char* part;
  const char* uart;
  const char* dma;
  const char* mux;  ///< Empty: none.
  bool linked;
};

/// Sets channel or stream `n` up between the UART's data register and RAM, bytes, memory increments.
void start(Chip& chip, const UartCase& at, unsigned n, bool receive, std::uint32_t count, bool circular,
           std::uint32_t selection) {
  const bool v1 = chip.mcu.find_peripheral(at.uart)->model == "usart_v1";
  const Address data = chip.at(at.uart, v1 ? "DR" : receive ? "RDR" : "TDR");
  const std::string number = std::to_string(n);
  const Address memory = receive ? kTarget : kSource;
  if (*at.mux != '\0') chip.set(at.mux, "C" + number + "CR", selection);
  if (at.linked) {
    chip.set(at.dma, "C" + number + "TR1", receive ? 1u << 19 : 1u << 3);
    chip.set(at.dma, "C" + number + "TR2", selection | (receive ? 0 : 1u << 10));
    chip.set(at.dma, "C" + number + "BR1", count);
    chip.set(at.dma, "C" + number + "SAR", receive ? data : memory);
    chip.set(at.dma, "C" + number + "DAR", receive ? memory : data);
    chip.set(at.dma, "C" + number + "CR", 0x300 | 1);
  } else if (chip.mcu.find_peripheral(at.dma)->model == "dma_streams") {
    chip.set(at.dma, "S" + number + "PAR", data);
    chip.set(at.dma, "S" + number + "M0AR", memory);
    chip.set(at.dma, "S" + number + "NDTR", count);
    const std::uint32_t channel = *at.mux != '\0' ? 0 : selection << 25;
    chip.set(at.dma, "S" + number + "CR",
             channel | 1u << 10 | (circular ? 1u << 8 : 0) | (receive ? 0 : 1u << 6) | 0x18 | 1);
  } else {
    const std::string channel = std::to_string(n + 1);
    chip.set(at.dma, "CPAR" + channel, data);
    chip.set(at.dma, "CMAR" + channel, memory);
    chip.set(at.dma, "CNDTR" + channel, count);
    if (*at.mux == '\0') chip.set(at.dma, "CSELR", selection << (4 * n));
    chip.set(at.dma, "CCR" + channel, 1u << 7 | (circular ? 1u << 5 : 0) | (receive ? 0 : 1u << 4) | 6 | 1);
  }
}

struct Rig : UartCase {
  unsigned rx, rx_selection, tx, tx_selection;
};
const Rig kRigs[] = {
    {{"stm32f103", "USART1", "DMA1", "", false}, 4, 0, 3, 0},
    {{"stm32f407", "USART2", "DMA1", "", false}, 5, 4, 6, 4},
    {{"stm32f746", "USART1", "DMA2", "", false}, 2, 4, 7, 4},
    {{"stm32l476", "USART2", "DMA1", "", false}, 5, 2, 6, 2},
    {{"stm32l4r5", "LPUART1", "DMA1", "DMAMUX1", false}, 0, 34, 1, 35},
    {{"stm32g474", "USART2", "DMA1", "DMAMUX1", false}, 0, 26, 1, 27},
    {{"stm32g0b1", "USART2", "DMA1", "DMAMUX1", false}, 0, 52, 1, 53},
    {{"stm32h743", "USART3", "DMA1", "DMAMUX1", false}, 0, 45, 1, 46},
    {{"stm32h7a3", "USART3", "DMA1", "DMAMUX1", false}, 0, 45, 1, 46},
    {{"stm32u575", "USART1", "GPDMA1", "", true}, 0, 24, 1, 25},
};

struct Link {
  explicit Link(const Rig& rig) : chip(rig.part) {
    uart = dynamic_cast<Usart*>(&chip.add(rig.uart));
    if (*rig.mux != '\0') chip.add(rig.mux);
    chip.add(rig.dma);
    const bool v1 = chip.mcu.find_peripheral(rig.uart)->model == "usart_v1";
    chip.set(rig.uart, "BRR", chip.mcu.find_peripheral(rig.uart)->model == "lpuart" ? 256 * 100 : 100);
    chip.set(rig.uart, "CR1", 0xc | (v1 ? 1u << 13 : 1));
  }
  void receive(const std::string& text) {
    for (const char byte : text) {
      uart->receive(static_cast<std::uint8_t>(byte));
      chip.run(1000);  // A frame of ten bits.
    }
  }
  Chip chip;
  Usart* uart = nullptr;
};

TEST(DmaWithUart, EveryFamilyReceivesOneByteForEachRequest) {
  for (const Rig& rig : kRigs) {
    Link link(rig);
    start(link.chip, rig, rig.rx, true, 6, false, rig.rx_selection);
    link.chip.run(10'000);
    EXPECT_EQ(link.chip.target(6), std::string(6, '\0')) << rig.part << ": nothing was received";
    link.chip.set(rig.uart, link.chip.mcu.find_peripheral(rig.uart)->model == "usart_v1" ? "CR3" : "CR3",
                  1u << 6);
    link.receive("hello!");
    EXPECT_EQ(link.chip.target(6), "hello!") << rig.part;
    EXPECT_TRUE(link.uart->empty()) << rig.part;
    link.receive("x");
    EXPECT_FALSE(link.uart->empty()) << rig.part << ": the transfer is over";
  }
}

TEST(DmaWithUart, EveryFamilySendsAtTheBaudRate) {
  for (const Rig& rig : kRigs) {
    Link link(rig);
    link.chip.fill("hello!");
    start(link.chip, rig, rig.tx, false, 6, false, rig.tx_selection);
    link.chip.run(100);
    EXPECT_EQ(link.chip.sent, "") << rig.part << ": CR3.DMAT is off";
    link.chip.set(rig.uart, "CR3", 1u << 7);
    link.chip.run(2'500);
    EXPECT_EQ(link.chip.sent, "hel") << rig.part;
    link.chip.run(10'000);
    EXPECT_EQ(link.chip.sent, "hello!") << rig.part;
  }
}

TEST(DmaWithUart, AnotherRequestThanTheSelectedOneMovesNothing) {
  for (const Rig& rig : kRigs) {
    if (std::string(rig.part) == "stm32f103") continue;  // Its inputs are not selected.
    Link link(rig);
    start(link.chip, rig, rig.rx, true, 6, false, rig.rx_selection ^ 1);
    link.chip.set(rig.uart, "CR3", 1u << 6);
    link.receive("h");
    EXPECT_FALSE(link.uart->empty()) << rig.part;
  }
}

TEST(DmaWithUart, ACircularReceiverGoesOnAtItsStartAndTellsEachHalf) {
  const Rig& rig = kRigs[1];
  Link link(rig);
  start(link.chip, rig, rig.rx, true, 4, true, rig.rx_selection);
  link.chip.set(rig.uart, "CR3", 1u << 6);
  link.receive("ab");
  EXPECT_EQ(link.chip.get("DMA1", "HISR"), 1u << 4 << 6) << "half, of stream 5";
  link.chip.set("DMA1", "HIFCR", 0x3d << 6);
  link.receive("cdef");
  EXPECT_EQ(link.chip.get("DMA1", "HISR"), 3u << 4 << 6);
  EXPECT_EQ(link.chip.target(4), "efcd");
  EXPECT_EQ(link.chip.get("DMA1", "S5NDTR"), 2u);
  EXPECT_EQ(link.chip.get("DMA1", "S5CR") & 1, 1u);
}

TEST(StreamDma, DoubleBuffersTakeTurns) {
  const Rig& rig = kRigs[1];
  Link link(rig);
  link.chip.set("DMA1", "S5M1AR", kTarget + 0x10);
  link.chip.set("DMA1", "S5CR", 1u << 18);
  start(link.chip, rig, rig.rx, true, 2, false, rig.rx_selection);
  link.chip.set("DMA1", "S5CR", 0);
  link.chip.set("DMA1", "S5CR", rig.rx_selection << 25 | 1u << 18 | 1u << 10 | 1);
  link.chip.set(rig.uart, "CR3", 1u << 6);
  link.receive("abcd");
  EXPECT_EQ(link.chip.target(2), "ab");
  EXPECT_EQ(link.chip.target(0x12).substr(0x10), "cd");
  link.receive("e");
  EXPECT_EQ(link.chip.target(2), "eb");
}

}  // namespace
}  // namespace mcusim::emulator
