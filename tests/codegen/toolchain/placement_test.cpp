#include "codegen/toolchain/placement.h"

#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/codegen/toolchain/fixtures.h"

namespace mcusim::codegen {
namespace {

using mcu_models::McuModel;
using mcu_models::MemoryKind;

Placement place_arena(std::size_t bytes, const McuModel& mcu) {
  return place(network_of_size(bytes, 4), 0, mcu);
}

std::string error_of(const EmittedNetwork& network, Bytes samples, const McuModel& mcu) {
  try {
    place(network, samples, mcu);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

McuModel tiny_mcu() {
  McuModel mcu = hand_made_mcu();
  mcu.name = "stm32f103";
  mcu.memory = {{"FLASH", MemoryKind::flash, 0x08000000, 128 << 10, true, {}},
                {"SRAM", MemoryKind::ram, 0x20000000, 20 << 10, true, {}}};
  return mcu;
}

TEST(Placement, SmallArenaSharesTheTightlyCoupledMemoryWithTheStack) {
  const Placement placement = place_arena(16 << 10, hand_made_mcu());
  EXPECT_EQ(placement.arena.name, "DTCM");
  EXPECT_EQ(placement.system.name, "DTCM");
  EXPECT_EQ(placement.stack_size, 4096u);
}

TEST(Placement, ArenaThatFillsTheTightlyCoupledMemoryMovesTheStackOut) {
  const Placement placement = place_arena(127 << 10, hand_made_mcu());
  EXPECT_EQ(placement.arena.name, "DTCM");
  EXPECT_EQ(placement.system.name, "AXI_SRAM");
}

TEST(Placement, LargeArenaGoesToTheLargestSramAndTheStackToTheFastest) {
  const Placement placement = place_arena(300 << 10, hand_made_mcu());
  EXPECT_EQ(placement.arena.name, "AXI_SRAM");
  EXPECT_EQ(placement.system.name, "DTCM");
}

TEST(Placement, NeighboursOfOneKindAreOneSpan) {
  McuModel mcu = hand_made_mcu();
  std::erase_if(mcu.memory, [](const auto& region) { return region.name == "AXI_SRAM"; });
  const Placement placement = place_arena(200 << 10, mcu);
  EXPECT_EQ(placement.arena.name, "SRAM1+SRAM2");
  EXPECT_EQ(placement.arena.base, 0x30000000u);
  EXPECT_EQ(placement.arena.size, Bytes{256 << 10});
}

TEST(Placement, NeighboursOfDifferentKindsAreJoinedWhenNothingElseFits) {
  McuModel mcu = tiny_mcu();
  mcu.memory.push_back({"DTCM", MemoryKind::dtcm, 0x20005000, 16 << 10, true, {}});
  const Placement placement = place_arena(30 << 10, mcu);
  EXPECT_EQ(placement.arena.name, "SRAM+DTCM");
  EXPECT_EQ(placement.system, placement.arena) << "overlapping spans must not both be used";
}

TEST(Placement, StackShrinksToTwoKilobytesBeforeANetworkIsRefused) {
  EXPECT_EQ(place_arena(15 << 10, tiny_mcu()).stack_size, 4096u);
  EXPECT_EQ(place_arena(17 << 10, tiny_mcu()).stack_size, 2048u);
}

TEST(Placement, RefusalTellsWhatIsNeededAndWhatThereIs) {
  EXPECT_EQ(error_of(network_of_size(410 << 10, 4), 0, tiny_mcu()),
            "tiny: the network needs 412.5 KB of RAM (410 KB for its tensors, 2.5 KB for stack and data), "
            "the largest region of stm32f103, SRAM, has 20 KB; "
            "choose a larger MCU, quantise the network to int8 or make it smaller");
  EXPECT_EQ(error_of(network_of_size(16, 100 << 10), 40 << 10, tiny_mcu()),
            "tiny: the network needs 140 KB of flash (100 KB for weights, 40 KB for sample inputs) "
            "besides its code, the flash of stm32f103, FLASH, has 128 KB; "
            "choose a larger MCU, fewer samples or a smaller network");
}

}  // namespace
}  // namespace mcusim::codegen
