#include "emulator/peripherals/crc_unit.h"

#include <gtest/gtest.h>

#include <string_view>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kDr = 0x00, kCr = 0x08, kInit = 0x10, kPol = 0x14;
constexpr std::uint32_t kReset = 1, kReverseInBytes = 1u << 5, kReverseOut = 1u << 7;
constexpr std::string_view kCheck =
    "123456789";  // Of the catalogue of CRC algorithms (reveng.sourceforge.io).

CrcUnit unit_of(const std::string& mcu) { return CrcUnit(*mcu_models::load_mcu(mcu).find_peripheral("CRC")); }

TEST(CrcUnit, ComputesCrc32OfTheCatalogue) {
  CrcUnit crc = unit_of("stm32h743");
  crc.write(kCr, 4, kReset | kReverseInBytes | kReverseOut);
  EXPECT_EQ(crc.read(kCr, 4) & kReset, 0u) << "RESET clears itself";
  for (const char c : kCheck) crc.write(kDr, 1, static_cast<std::uint8_t>(c));
  EXPECT_EQ(~crc.read(kDr, 4), 0xcbf43926u);
}

TEST(CrcUnit, ComputesCrc32Mpeg2WithoutReflection) {
  CrcUnit crc = unit_of("stm32l4r5");
  for (const char c : kCheck) crc.write(kDr, 1, static_cast<std::uint8_t>(c));
  EXPECT_EQ(crc.read(kDr, 4), 0x0376e6e7u);
}

TEST(CrcUnit, TakesOtherPolynomialsAndInitialValues) {
  CrcUnit crc = unit_of("stm32g0b1");
  crc.write(kCr, 4, 1u << 3);  // 16 bits: CRC-16/XMODEM
  crc.write(kPol, 4, 0x1021);
  crc.write(kInit, 4, 0);
  for (const char c : kCheck) crc.write(kDr, 1, static_cast<std::uint8_t>(c));
  EXPECT_EQ(crc.read(kDr, 4), 0x31c3u);
  crc.write(kPol, 4, 0x8005);  // CRC-16/MODBUS
  crc.write(kInit, 4, 0xffff);
  crc.write(kCr, 4, 1u << 3 | kReverseInBytes | kReverseOut | kReset);
  for (const char c : kCheck) crc.write(kDr, 1, static_cast<std::uint8_t>(c));
  EXPECT_EQ(crc.read(kDr, 4), 0x4b37u);
  crc.write(kPol, 4, 0x07);  // CRC-8/SMBUS
  crc.write(kInit, 4, 0);
  crc.write(kCr, 4, 2u << 3 | kReset);
  for (const char c : kCheck) crc.write(kDr, 1, static_cast<std::uint8_t>(c));
  EXPECT_EQ(crc.read(kDr, 4), 0xf4u);
}

TEST(CrcUnit, AWordGoesInWithItsHighestByteFirst) {
  CrcUnit words = unit_of("stm32f407"), bytes = unit_of("stm32h743");
  words.write(kDr, 4, 0x31323334);
  for (const char c : kCheck.substr(0, 4)) bytes.write(kDr, 1, static_cast<std::uint8_t>(c));
  EXPECT_EQ(words.read(kDr, 4), bytes.read(kDr, 4));
  words.write(kCr, 4, kReset);
  EXPECT_EQ(words.read(kDr, 4), 0xffffffffu);
}

}  // namespace
}  // namespace mcusim::emulator
