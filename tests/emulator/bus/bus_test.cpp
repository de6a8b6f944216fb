#include "emulator/bus/bus.h"

#include <gtest/gtest.h>

namespace mcusim::emulator {
namespace {

struct Recorder : Device {
  std::uint32_t read(std::uint32_t offset, unsigned width) override { return offset * 16 + width; }
  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override {
    last = {offset, width, value};
  }
  struct {
    std::uint32_t offset;
    unsigned width;
    std::uint32_t value;
  } last{};
};

TEST(Bus, RamReadsBackLittleEndianAtAnyAlignment) {
  Bus bus;
  bus.add_memory("RAM", 0x20000000, 0x1800, true);
  EXPECT_EQ(bus.write(0x20000001, 4, 0x11223344), BusStatus::ok);
  EXPECT_EQ(bus.read(0x20000002, 2).value, 0x2233u);
  EXPECT_EQ(bus.read(0x20000000, 4).value, 0x22334400u);
}

TEST(Bus, ErasedFlashIsOnesAndOnlyTheHostWritesIt) {
  Bus bus;
  bus.add_memory("FLASH", 0x08000000, 0x2000, false);
  EXPECT_EQ(bus.read(0x08000000, 4).value, 0xffffffffu);
  EXPECT_EQ(bus.write(0x08000000, 4, 1), BusStatus::read_only);
  const std::uint32_t word = 0xcafe;
  EXPECT_TRUE(bus.load(0x08000ffe, &word, 4));
  EXPECT_EQ(bus.read(0x08000ffe, 4).value, 0xcafeu);
  EXPECT_EQ(bus.write_page(0x08000000), nullptr);
  EXPECT_NE(bus.read_page(0x08000000), nullptr);
}

TEST(Bus, AnAccessAcrossTheEndOfARegionIsUnmapped) {
  Bus bus;
  bus.add_memory("RAM", 0x20000000, 0x1800, true);
  EXPECT_EQ(bus.read(0x200017fc, 4).status, BusStatus::ok);
  EXPECT_EQ(bus.read(0x200017fd, 4).status, BusStatus::unmapped);
  EXPECT_EQ(bus.write(0x1fffffff, 2, 0), BusStatus::unmapped);
  EXPECT_EQ(bus.read(0xffffffff, 4).status, BusStatus::unmapped);
}

TEST(Bus, PagesThatAMemoryFillsInPartHaveNoHostPointer) {
  Bus bus;
  bus.add_memory("RAM", 0x20000000, 0x1800, true);
  EXPECT_NE(bus.write_page(0x20000fff), nullptr);
  EXPECT_EQ(bus.write_page(0x20001000), nullptr);
}

TEST(Bus, AnAliasShowsTheSameBytes) {
  Bus bus;
  bus.add_memory("SRAM2", 0x20030000, 0x1000, true);
  bus.add_alias("SRAM2 alias", 0x10000000, 0x20030000);
  bus.write(0x10000010, 4, 77);
  EXPECT_EQ(bus.read(0x20030010, 4).value, 77u);
  EXPECT_EQ(bus.read_page(0x10000000), bus.read_page(0x20030000));
}

TEST(Bus, DevicesSeeOffsetWidthAndValue) {
  Bus bus;
  Recorder device;
  bus.add_device("DEV", 0x40000000, 0x400, &device);
  EXPECT_EQ(bus.read(0x40000008, 2).value, 0x82u);
  EXPECT_EQ(bus.write(0x400003ff, 1, 9), BusStatus::ok);
  EXPECT_EQ(device.last.offset, 0x3ffu);
  EXPECT_EQ(device.last.width, 1u);
  EXPECT_EQ(bus.write(0x400003fe, 4, 9), BusStatus::unmapped);
}

TEST(Bus, TheDeviceAddedFirstAnswersAndAMemoryBeforeAny) {
  Bus bus;
  Recorder specific;
  Recorder rest;
  bus.add_device("specific", 0x40000400, 0x400, &specific);
  bus.add_device("rest", 0x40000000, 0x10000, &rest);
  bus.add_memory("BKPSRAM", 0x40001000, 0x1000, true);
  bus.write(0x40000404, 4, 1);
  bus.write(0x40000804, 4, 2);
  bus.write(0x40001004, 4, 3);
  EXPECT_EQ(specific.last.offset, 4u);
  EXPECT_EQ(specific.last.value, 1u);
  EXPECT_EQ(rest.last.offset, 0x804u);
  EXPECT_EQ(rest.last.value, 2u);
  EXPECT_EQ(bus.read(0x40001004, 4).value, 3u);
}

}  // namespace
}  // namespace mcusim::emulator
