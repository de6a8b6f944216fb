#include "emulator/peripherals/usart.h"

namespace mcusim::emulator {
namespace {

void send(const UartOutput& output, std::uint32_t value) {
  const char byte = static_cast<char>(value);
  if (output) output({&byte, 1});
}

}  // namespace

namespace v1 {
constexpr std::uint32_t kSr = 0x00, kDr = 0x04, kCr1 = 0x0c;
constexpr std::uint32_t kSrTransmitted = 1u << 7 | 1u << 6;     // TXE, TC
constexpr std::uint32_t kCr1Transmitting = 1u << 13 | 1u << 3;  // UE, TE
}  // namespace v1

UsartV1::UsartV1(const mcu_models::PeripheralModel& model, UartOutput output)
    : RegisterFile(model), output_(std::move(output)) {}

std::uint32_t UsartV1::read(std::uint32_t offset, unsigned width) {
  // DR is two registers; the receive side stays empty.
  if ((offset & ~3u) == v1::kDr) return 0;
  return RegisterFile::read(offset, width);
}

void UsartV1::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  if (offset != v1::kDr) return RegisterFile::write(offset, width, value);
  if ((store_.word(v1::kCr1) & v1::kCr1Transmitting) == v1::kCr1Transmitting) send(output_, value);
}

std::uint32_t UsartV1::read_word(std::uint32_t offset) const {
  const std::uint32_t value = RegisterFile::read_word(offset);
  return offset == v1::kSr ? value | v1::kSrTransmitted : value;
}

namespace v2 {
constexpr std::uint32_t kCr1 = 0x00, kRqr = 0x18, kIsr = 0x1c, kIcr = 0x20, kRdr = 0x24, kTdr = 0x28;
constexpr std::uint32_t kCr1Transmitting = 1u << 3 | 1u << 0;  // TE, UE
constexpr std::uint32_t kCr1Te = 1u << 3, kCr1Re = 1u << 2;
constexpr std::uint32_t kIsrTransmitted = 1u << 7 | 1u << 6;  // TXE, TC
constexpr std::uint32_t kIsrTeack = 1u << 21, kIsrReack = 1u << 22;
}  // namespace v2

UsartV2::UsartV2(const mcu_models::PeripheralModel& model, UartOutput output)
    : RegisterFile(model), output_(std::move(output)) {}

void UsartV2::write(std::uint32_t offset, unsigned width, std::uint32_t value) {
  switch (offset & ~3u) {
    case v2::kTdr:
      if ((store_.word(v2::kCr1) & v2::kCr1Transmitting) == v2::kCr1Transmitting) send(output_, value);
      break;
    case v2::kRqr:
    case v2::kIsr:
    case v2::kIcr:
    case v2::kRdr:
      break;  // Requests and flags hold nothing; RDR is read-only.
    default:
      RegisterFile::write(offset, width, value);
  }
}

std::uint32_t UsartV2::read_word(std::uint32_t offset) const {
  if (offset != v2::kIsr) return RegisterFile::read_word(offset);
  const std::uint32_t cr1 = store_.word(v2::kCr1);
  return v2::kIsrTransmitted | ((cr1 & v2::kCr1Te) != 0 ? v2::kIsrTeack : 0) |
         ((cr1 & v2::kCr1Re) != 0 ? v2::kIsrReack : 0);
}

}  // namespace mcusim::emulator
