#include "emulator/unicorn/page_map.h"

#include <gtest/gtest.h>

namespace mcusim::emulator {
namespace {

struct Silent : Device {
  std::uint32_t read(std::uint32_t, unsigned) override { return 0; }
  void write(std::uint32_t, unsigned, std::uint32_t) override {}
};

using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Pairs slow(const PageMap& map) {
  Pairs pairs;
  for (const PageMap::Slow& range : map.slow) pairs.emplace_back(range.begin, range.end);
  return pairs;
}

Pairs direct(const PageMap& map) {
  Pairs pairs;
  for (const PageMap::Direct& range : map.direct) pairs.emplace_back(range.begin, range.end);
  return pairs;
}

TEST(PageMap, WholePagesAreDirectAndTheRestOfAMemoryIsSlow) {
  Bus bus;
  std::uint8_t* storage = bus.add_memory("RAM", 0x20000200, 0xc00, true);
  const PageMap map = make_page_map(bus, 0x400);
  EXPECT_EQ(direct(map), (Pairs{{0x20000400, 0x20000c00}}));
  EXPECT_EQ(slow(map), (Pairs{{0x20000000, 0x20000400}, {0x20000c00, 0x20001000}}));
  EXPECT_EQ(map.direct[0].storage, storage + 0x200);
}

TEST(PageMap, AMemorySmallerThanAPageIsSlow) {
  Bus bus;
  bus.add_memory("OTP", 0x1fff7800, 512, false);
  const PageMap map = make_page_map(bus, 0x400);
  EXPECT_TRUE(map.direct.empty());
  EXPECT_EQ(slow(map), (Pairs{{0x1fff7800, 0x1fff7c00}}));
}

TEST(PageMap, OverlappingDevicesMakeOneRangeAndSpareMemories) {
  Bus bus;
  Silent device;
  bus.add_memory("BKPSRAM", 0x40024000, 0x1000, true);
  bus.add_device("USART1", 0x40011000, 0x400, &device);
  bus.add_device("not modelled", 0x40000000, 0x20000000, &device);
  const PageMap map = make_page_map(bus, 0x400);
  std::uint64_t at = 0x40000000;
  for (const auto& [begin, end] : slow(map)) {
    EXPECT_EQ(begin, at);
    EXPECT_TRUE(end <= 0x40024000 || begin >= 0x40025000);
    at = end == 0x40024000 ? 0x40025000 : end;
  }
  EXPECT_EQ(at, 0x60000000u);
}

TEST(PageMap, ADeviceAtTheEndOfTheAddressSpaceFits) {
  Bus bus;
  Silent device;
  bus.add_device("last", 0xfffff000, 0x1000, &device);
  EXPECT_EQ(slow(make_page_map(bus, 0x400)), (Pairs{{0xfffff000, 0x100000000}}));
}

TEST(PageMap, FlashIsNotWritable) {
  Bus bus;
  bus.add_memory("FLASH", 0x08000000, 0x1000, false);
  const PageMap map = make_page_map(bus, 0x400);
  ASSERT_EQ(map.direct.size(), 1u);
  EXPECT_FALSE(map.direct[0].writable);
}

}  // namespace
}  // namespace mcusim::emulator
