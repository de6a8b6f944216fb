#include "emulator/peripherals/gpio.h"

#include <gtest/gtest.h>

#include "mcu_models/mcu_model.h"

namespace mcusim::emulator {
namespace {

constexpr std::uint32_t kModer = 0x00, kPupdr = 0x0c, kIdr = 0x10, kOdr = 0x14, kBsrr = 0x18, kAfrh = 0x24,
                        kBrr = 0x28;

mcu_models::PeripheralModel port_of(const std::string& mcu, const std::string& port) {
  return *mcu_models::load_mcu(mcu).find_peripheral(port);
}

TEST(Gpio, BitSetAndResetChangeTheOutputAndReadZero) {
  Gpio port(port_of("stm32l476", "GPIOC"));
  port.write(kBsrr, 4, 0x0000'0081);
  EXPECT_EQ(port.read(kOdr, 4), 0x81u);
  EXPECT_EQ(port.read(kBsrr, 4), 0u);
  port.write(kBsrr + 2, 2, 0x0001);
  EXPECT_EQ(port.read(kOdr, 4), 0x80u) << "the upper half clears";
  port.write(kBsrr, 4, 0x0001'0001);
  EXPECT_EQ(port.read(kOdr, 4), 0x81u) << "setting goes before clearing";
  port.write(kBrr, 4, 0x80);
  EXPECT_EQ(port.read(kOdr, 4), 0x01u);
  port.write(kOdr, 4, 0xabcd1234);
  EXPECT_EQ(port.read(kOdr, 4), 0x1234u) << "sixteen pins";
}

TEST(Gpio, InputShowsOutputsAndPullUps) {
  Gpio port(port_of("stm32h743", "GPIOE"));
  port.write(kModer, 4, 0x0000'0001);  // Pin 0 output, the others inputs.
  port.write(kPupdr, 4, 0x0000'0024);  // Pin 1 pulled up, pin 2 pulled down.
  EXPECT_EQ(port.read(kIdr, 4), 0x2u);
  port.write(kBsrr, 4, 0xffff);
  EXPECT_EQ(port.read(kIdr, 4), 0x3u) << "an input does not follow ODR";
  port.write(kModer, 4, 0x0000'000d);  // Pin 1 analog.
  EXPECT_EQ(port.read(kIdr, 4), 0x1u);
  port.write(kIdr, 4, 0xffff);
  EXPECT_EQ(port.read(kIdr, 4), 0x1u) << "IDR is read-only";
  port.write(kAfrh, 4, 0x77);
  EXPECT_EQ(port.read(kAfrh, 4), 0x77u);
}

TEST(Gpio, TheOldPortsFollowTheirFourBitsPerPin) {
  Gpio port(port_of("stm32f103", "GPIOA"));
  constexpr std::uint32_t kF1Crl = 0x00, kF1Idr = 0x08, kF1Odr = 0x0c, kF1Bsrr = 0x10;
  EXPECT_EQ(port.read(kF1Idr, 4), 0u) << "floating inputs";
  port.write(kF1Crl, 4, 0x4444'4483);  // Pin 0 output, pin 1 input with pull.
  port.write(kF1Bsrr, 4, 0x7);
  EXPECT_EQ(port.read(kF1Odr, 4), 0x7u);
  EXPECT_EQ(port.read(kF1Idr, 4), 0x3u);
  port.write(kF1Crl, 4, 0x4444'448b);  // Pin 0 belongs to a peripheral.
  EXPECT_EQ(port.read(kF1Idr, 4), 0x2u);
}

TEST(Gpio, ARuleOfThePartGoesBeforeThePin) {
  Gpio port(port_of("stm32l4r5", "GPIOG"));
  EXPECT_EQ(port.read(kIdr, 4), 1u << 12) << "power-good of the external regulator";
}

}  // namespace
}  // namespace mcusim::emulator
