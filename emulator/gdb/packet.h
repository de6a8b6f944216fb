#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcusim::emulator::gdb {

/// Frames of GDB's remote serial protocol (GDB manual, appendix E): "$payload#checksum", '}' as the escape,
/// one '+' or '-' per frame until acknowledgements are switched off, and a lone 0x03 for an interrupt.
///
/// Takes bytes as they come and is safe against any of them: a frame longer than kLongest is refused like one
/// with a wrong checksum.
class PacketReader {
 public:
  /// What GDB is told as PacketSize, and the most that is ever stored.
  static constexpr std::size_t kLongest = 0x4000;

  enum class Event : std::uint8_t {
    nothing,    ///< More bytes are needed.
    packet,     ///< payload() is complete.
    damaged,    ///< Checksum wrong or too long: answer '-'.
    interrupt,  ///< Ctrl-C.
    resend,     ///< The other side answered '-'.
  };

  Event add(char byte);
  const std::string& payload() const { return payload_; }

 private:
  enum class State : std::uint8_t { outside, inside, escaped, first_digit, second_digit };

  Event finish(char second_digit);
  void store(char byte);

  State state_ = State::outside;
  std::string payload_;
  bool too_long_ = false;
  std::uint8_t sum_ = 0;
  char digit_ = 0;
};

/// The frame that carries `payload`, any bytes.
std::string frame(std::string_view payload);

std::string to_hex(std::string_view bytes);
/// Empty on an odd number of digits or anything that is none.
std::optional<std::string> from_hex(std::string_view digits);
/// Bytes of a word in the target's order.
std::string word_to_hex(std::uint64_t value, unsigned bytes, std::endian order = std::endian::little);
std::optional<std::uint64_t> word_from_hex(std::string_view digits, std::endian order = std::endian::little);

/// Reads the fields of a packet from left to right. After a mistake everything is empty and failed() true.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}

  /// A number in hexadecimal digits of up to 64 bits.
  std::uint64_t number();
  /// The character that must come next.
  void expect(char character);
  bool next_is(char character) const { return !text_.empty() && text_.front() == character; }
  std::string_view rest() const { return text_; }
  /// Nothing is left and nothing was wrong.
  bool complete() const { return !failed_ && text_.empty(); }
  bool failed() const { return failed_; }

 private:
  void fail();

  std::string_view text_;
  bool failed_ = false;
};

}  // namespace mcusim::emulator::gdb
