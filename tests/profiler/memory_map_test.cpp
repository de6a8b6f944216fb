#include "profiler/memory_map.h"

#include <gtest/gtest.h>

namespace mcusim::profiler {
namespace {

mcu_models::McuModel part() {
  mcu_models::McuModel mcu;
  mcu.memory = {{"FLASH", mcu_models::MemoryKind::flash, 0x08000000, 4096, true, {}},
                {"SRAM", mcu_models::MemoryKind::ram, 0x20000000, 4096, true, {}}};
  return mcu;
}

emulator::Image image() {
  emulator::Image image;
  image.segments = {{0x08000000, std::vector<std::uint8_t>(100)}};
  image.symbols = {{"table", 0x20000000, 64}, {"task_stack", 0x20000040, 128}, {"end", 0x200000c0, 0}};
  return image;
}

TEST(MemoryMap, PeaksAddWhatStacksAndHeapTookBeyondTheStaticData) {
  Profile profile;
  profile.memory.heap_peak = 40;
  profile.stacks = {{"main", 0x20001000, 96, std::nullopt}, {"thread 2", 0x200000c0, 32, std::nullopt}};
  fill_regions(part(), image(), profile);
  ASSERT_EQ(profile.memory.regions.size(), 2u);
  EXPECT_EQ(profile.memory.regions[0].used, 100u);
  EXPECT_EQ(profile.memory.regions[0].peak, 100u);
  EXPECT_EQ(profile.memory.regions[1].used, 192u);
  EXPECT_EQ(profile.memory.regions[1].peak, 192u + 40 + 96) << "a stack inside an object counts once";
}

TEST(MemoryMap, WithoutCallsThatWereFollowedPeaksAreUnknown) {
  Profile profile;
  fill_regions(part(), image(), profile);
  EXPECT_FALSE(profile.memory.regions[1].peak.has_value());
}

}  // namespace
}  // namespace mcusim::profiler
