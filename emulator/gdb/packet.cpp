#include "emulator/gdb/packet.h"

#include <fmt/format.h>

#include <algorithm>

namespace mcusim::emulator::gdb {
namespace {

constexpr char kEscape = '}';
constexpr char kEscapeBit = 0x20;
constexpr char kInterrupt = 0x03;

int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

void PacketReader::store(char byte) {
  if (payload_.size() < kLongest)
    payload_ += byte;
  else
    too_long_ = true;
}

PacketReader::Event PacketReader::finish(char second_digit) {
  state_ = State::outside;
  const int high = digit_value(digit_), low = digit_value(second_digit);
  const bool right = high >= 0 && low >= 0 && high * 16 + low == sum_;
  return right && !too_long_ ? Event::packet : Event::damaged;
}

PacketReader::Event PacketReader::add(char byte) {
  // A frame that is cut off by the next one is lost.
  if (byte == '$' && state_ != State::escaped) {
    const bool cut_off = state_ != State::outside;
    state_ = State::inside;
    payload_.clear();
    too_long_ = false;
    sum_ = 0;
    return cut_off ? Event::damaged : Event::nothing;
  }
  switch (state_) {
    case State::outside:
      if (byte == kInterrupt) return Event::interrupt;
      return byte == '-' ? Event::resend : Event::nothing;
    case State::inside:
      if (byte == '#') {
        state_ = State::first_digit;
        return Event::nothing;
      }
      sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(byte));
      if (byte == kEscape)
        state_ = State::escaped;
      else
        store(byte);
      return Event::nothing;
    case State::escaped:
      sum_ = static_cast<std::uint8_t>(sum_ + static_cast<std::uint8_t>(byte));
      store(static_cast<char>(byte ^ kEscapeBit));
      state_ = State::inside;
      return Event::nothing;
    case State::first_digit:
      digit_ = byte;
      state_ = State::second_digit;
      return Event::nothing;
    case State::second_digit:
      return finish(byte);
  }
  return Event::nothing;
}

std::string frame(std::string_view payload) {
  std::string result = "$";
  std::uint8_t sum = 0;
  const auto put = [&](char byte) {
    result += byte;
    sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(byte));
  };
  for (const char byte : payload) {
    // '*' begins a run length.
    if (byte == '$' || byte == '#' || byte == kEscape || byte == '*') {
      put(kEscape);
      put(static_cast<char>(byte ^ kEscapeBit));
    } else {
      put(byte);
    }
  }
  return result + fmt::format("#{:02x}", sum);
}

std::string to_hex(std::string_view bytes) {
  std::string result;
  for (const char byte : bytes) result += fmt::format("{:02x}", static_cast<std::uint8_t>(byte));
  return result;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string result;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_value(digits[i]), low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
  }
  return result;
}

std::string word_to_hex(std::uint64_t value, unsigned bytes, std::endian order) {
  std::string little;
  for (unsigned i = 0; i < bytes; ++i) little += static_cast<char>(value >> (8 * i));
  if (order == std::endian::big) std::ranges::reverse(little);
  return to_hex(little);
}

std::optional<std::uint64_t> word_from_hex(std::string_view digits, std::endian order) {
  std::optional<std::string> bytes = from_hex(digits);
  if (!bytes || bytes->empty() || bytes->size() > 8) return std::nullopt;
  if (order == std::endian::big) std::ranges::reverse(*bytes);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>((*bytes)[i])} << (8 * i);
  }
  return value;
}

void Fields::fail() {
  failed_ = true;
  text_ = {};
}

std::uint64_t Fields::number() {
  std::uint64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text_.size() && digit_value(text_[digits]) >= 0; ++digits) {
    value = value << 4 | static_cast<unsigned>(digit_value(text_[digits]));
  }
  if (digits == 0 || digits > 16) {
    fail();
    return 0;
  }
  text_.remove_prefix(digits);
  return value;
}

void Fields::expect(char character) {
  if (next_is(character))
    text_.remove_prefix(1);
  else
    fail();
}

}  // namespace mcusim::emulator::gdb
