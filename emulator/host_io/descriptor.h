#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcusim::emulator::host_io {

/// An open file descriptor; closed on destruction.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return value_; }
  bool valid() const { return value_ >= 0; }
  void reset(int value = -1);

 private:
  int value_;
};

/// What has come from a descriptor and was not taken yet. Reads only what is there, so that the descriptor
/// may belong to others too and need not be non-blocking.
class InputBuffer {
 public:
  enum class State : std::uint8_t { open, ended };

  /// The next byte; looks at `descriptor` when there is none.
  std::optional<std::uint8_t> take(int descriptor);
  /// `ended` after end of file or an error, once all bytes are taken.
  State state() const { return ended_ && position_ == bytes_.size() ? State::ended : State::open; }
  void clear();

 private:
  std::string bytes_;
  std::size_t position_ = 0;
  bool ended_ = false;
};

/// Output that the other side has not taken yet. Beyond kLongest the newest is lost, as on a line that nobody
/// listens to.
class OutputBuffer {
 public:
  static constexpr std::size_t kLongest = 1 << 20;

  void add(std::string_view bytes);
  /// Hands over what `descriptor` takes at once; false when the other side is gone.
  bool flush(int descriptor);
  /// flush() until all is taken, for so long at most.
  void drain(int descriptor, std::chrono::milliseconds longest);
  bool empty() const { return bytes_.empty(); }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

}  // namespace mcusim::emulator::host_io
