#include "emulator/hazards.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {
namespace {

using Lines = std::vector<std::string>;
const Lines kNone;

std::string off(const std::string& cache, const std::string& memory) {
  return fmt::format("cache {} is off while code runs from {}: switch it on before the work", cache, memory);
}
std::string too_few(unsigned programmed, unsigned mhz, unsigned needed, const std::string& range) {
  return fmt::format(
      "{} flash wait states are programmed, but {} MHz need {} ({}): a board may read wrong instructions",
      programmed, mhz, needed, range);
}

constexpr Address kFlash = 0x08000100;
constexpr Address kCcr = 0xe000ed14;
constexpr std::uint32_t kL1On = 3u << 16;

/// The address of a register as "FLASH", "ACR".
Address address_of(const mcu_models::McuModel& mcu, const std::string& peripheral, const std::string& name) {
  const mcu_models::PeripheralModel* found = mcu.find_peripheral(peripheral);
  for (const mcu_models::RegisterModel& reg : found->registers)
    if (reg.name == name) return found->base + reg.offset;
  ADD_FAILURE() << peripheral << "." << name;
  return 0;
}

/// A part whose firmware has written some registers.
struct Part {
  explicit Part(const std::string& name) : mcu(mcu_models::load_mcu(name)) {}

  Part& set(const std::string& peripheral, const std::string& name, std::uint32_t value) {
    registers[address_of(mcu, peripheral, name)] = value;
    return *this;
  }
  Part& set(Address address, std::uint32_t value) {
    registers[address] = value;
    return *this;
  }
  std::vector<std::string> found(Hertz flash_clock, Address code = kFlash) {
    return hazards({mcu, image, code, flash_clock, [this](Address address) { return registers[address]; }});
  }

  mcu_models::McuModel mcu;
  Image image;
  std::map<Address, std::uint32_t> registers;
};

Part l4r5(std::uint32_t acr) {
  Part part("stm32l4r5");
  part.set("FLASH", "ACR", acr).set("PWR", "CR1", 1 << 9);
  return part;
}

TEST(WaitStateHazard, TheTableOfTheProgrammedRangeDecides) {
  EXPECT_EQ(l4r5(0x705).found(120'000'000), kNone) << "5 at 120 MHz in range 1";
  EXPECT_EQ(l4r5(0x704).found(120'000'000), Lines{too_few(4, 120, 5, "range 1")});
  EXPECT_EQ(l4r5(0x704).found(100'000'000), kNone) << "the limit itself is allowed";
  EXPECT_EQ(l4r5(0x701).set("PWR", "CR1", 2 << 9).found(26'000'000), Lines{too_few(1, 26, 2, "range 2")});
}

TEST(WaitStateHazard, TwoConditionsTellBoostFromRange1) {
  Part part("stm32g474");
  part.set("FLASH", "ACR", 0x604).set("PWR", "CR1", 1 << 9).set("PWR", "CR5", 0);
  EXPECT_EQ(part.found(170'000'000), kNone);
  part.set("PWR", "CR5", 1 << 8);
  EXPECT_EQ(part.found(170'000'000),
            Lines{"flash clock 170 MHz is above the 150 MHz that the manual allows (range 1)"});
}

TEST(WaitStateHazard, WhereTheSupplyAloneDecidesTheMostFavourableCountsAndIsNamed) {
  Part part("stm32f407");
  part.set("FLASH", "ACR", 0x705);
  EXPECT_EQ(part.found(168'000'000), kNone);
  part.set("FLASH", "ACR", 0x704);
  EXPECT_EQ(part.found(168'000'000), Lines{too_few(4, 168, 5, "2.7 V, the most favourable supply")});
}

TEST(CacheHazard, ArtThatIsOffIsNamedUnlessTheFlashDoesNotWait) {
  EXPECT_EQ(l4r5(0x505).found(120'000'000), Lines{off("ART_I", "FLASH")});
  EXPECT_EQ(l4r5(0x005).found(120'000'000), (Lines{off("ART_D", "FLASH"), off("ART_I", "FLASH")}));
  EXPECT_EQ(l4r5(0x000).found(16'000'000), kNone) << "0 wait states";
  EXPECT_EQ(l4r5(0x005).found(120'000'000, 0x20000000), kNone) << "code in RAM does not pass it";
}

Part h743(std::uint32_t ccr) {
  Part part("stm32h743");
  part.set("FLASH", "ACR", 2).set("PWR", "D3CR", 3 << 14).set(kCcr, ccr);
  return part;
}

TEST(CacheHazard, L1IsNeededBehindTheBusAndNotInTcm) {
  EXPECT_EQ(h743(kL1On).found(200'000'000), kNone);
  EXPECT_EQ(h743(0).found(200'000'000), (Lines{off("L1D", "FLASH"), off("L1I", "FLASH")}));
  EXPECT_EQ(h743(1u << 16).found(200'000'000, 0x24000100), Lines{off("L1I", "AXI_SRAM")}) << "bit 16: data";
  EXPECT_EQ(h743(0).found(200'000'000, 0x00000100), kNone) << "ITCM";
}

TEST(CacheHazard, TheArtOfTheF7ServesTheAliasOnly) {
  Part part("stm32f746");
  part.set("FLASH", "ACR", 7).set(kCcr, kL1On);
  EXPECT_EQ(part.found(216'000'000), kNone);
  part.set(kCcr, 0);
  EXPECT_EQ(part.found(216'000'000, 0x00200100), Lines{off("ART", "FLASH")}) << "there L1 is not in the way";
}

TEST(CacheHazard, ABufferThatNothingSwitchesIsNeverOff) {
  Part part("stm32g0b1");
  part.set("FLASH", "ACR", 0x202).set("PWR", "CR1", 1 << 9);
  EXPECT_EQ(part.found(64'000'000), kNone);
  part.set("FLASH", "ACR", 0x002);
  EXPECT_EQ(part.found(64'000'000), Lines{off("ICACHE", "FLASH")});
}

TEST(CacheHazard, TheDataCacheOfTheU5IsForExternalMemory) {
  Part part("stm32u575");
  part.set("FLASH", "ACR", 4).set("PWR", "VOSR", 3 << 16).set("ICACHE", "CR", 1);
  EXPECT_EQ(part.found(160'000'000), kNone);
  part.set("ICACHE", "CR", 0);
  EXPECT_EQ(part.found(160'000'000), Lines{off("ICACHE", "FLASH")});
}

TEST(SlowMemoryHazard, UncachedCodeThatFitsIntoAFreeItcmIsTold) {
  Part part = h743(1u << 16);
  part.image.code = {{0x08000000, 20'000}};
  EXPECT_EQ(part.found(200'000'000),
            (Lines{off("L1I", "FLASH"),
                   "20000 bytes of code run uncached from FLASH while ITCM (65536 bytes) is "
                   "free: copy them there"}));
  part.image.code = {{0x08000000, 70'000}};
  EXPECT_EQ(part.found(200'000'000), Lines{off("L1I", "FLASH")}) << "too large";
  part.image.code = {{0x08000000, 20'000}, {0x00000000, 100}};
  EXPECT_EQ(part.found(200'000'000), Lines{off("L1I", "FLASH")}) << "ITCM is in use";
}

}  // namespace
}  // namespace mcusim::emulator
