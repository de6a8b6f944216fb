#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/units.h"
#include "emulator/engine.h"
#include "emulator/host_io/descriptor.h"
#include "emulator/guest_memory.h"
#include "emulator/semihosting/host_directory.h"
#include "emulator/semihosting/operations.h"

namespace mcusim::emulator::semihosting {

struct Options {
  std::string directory;                              ///< Where the firmware may use files; empty: nowhere.
  std::string command_line;                           ///< What SYS_GET_CMDLINE tells.
  std::function<void(std::string_view)> output = {};  ///< Of the console. Empty: discarded.
  std::function<void(std::string_view)> errors = {};
  /// Reads up to `size` bytes of the console, waits for the first; 0 at the end. Empty: at its end.
  std::function<std::size_t(char* bytes, std::size_t size)> input = {};
};

/// Serves the firmware's calls to its host (BKPT 0xAB). Deterministic: time is emulated time, and the clock
/// on the wall shows 2000-01-01 00:00:00 UTC at reset. Commands for the host's shell and names of temporary
/// files are refused.
class Semihosting {
 public:
  /// SYS_TIME at reset, in seconds since 1970.
  static constexpr std::uint32_t kTimeAtReset = 946'684'800;
  /// SYS_TICKFREQ: SYS_ELAPSED counts nanoseconds, so that changes of the core's clock do not matter.
  static constexpr std::uint32_t kTicksPerSecond = 1'000'000'000;
  /// What one run may write to files.
  static constexpr Bytes kLargestOutput = 256u << 20;

  /// `seconds` tells the emulated time. Throws InputError when the directory is none.
  Semihosting(Options options, Bus& bus, DebugAccess& core, std::function<double()> seconds);

  /// Executes the call in r0 and r1; the result is r0 afterwards.
  std::uint32_t call(std::uint32_t operation, std::uint32_t argument);

 private:
  /// An open file of the guest.
  struct File {
    enum class Kind : std::uint8_t { input, output, errors, features, host };
    Kind kind = Kind::host;
    host_io::Descriptor descriptor;  ///< Of a host file.
    std::size_t position = 0;        ///< In the features.
    bool console() const { return kind == Kind::input || kind == Kind::output || kind == Kind::errors; }
  };

  std::uint32_t fail(int error);
  /// 0, or -1 with the error number noted.
  std::uint32_t status(int negative_error) { return negative_error < 0 ? fail(-negative_error) : 0; }
  File* file(std::uint32_t handle);
  std::unique_ptr<File> open_file(std::string_view name, std::uint32_t mode);
  std::optional<std::string> name_at(Address address, std::uint32_t length) const;

  std::uint32_t open(Address block);
  std::uint32_t close(Address block);
  std::uint32_t write(Address block);
  std::uint32_t read(Address block);
  std::uint32_t seek(Address block);
  std::uint32_t length(Address block);
  std::uint32_t is_terminal(Address block);
  std::uint32_t remove(Address block);
  std::uint32_t rename(Address block);
  std::uint32_t write_character(Address text);
  std::uint32_t write_string(Address text);
  std::uint32_t read_character();
  std::uint32_t command_line(Address block);
  std::uint32_t heap_info(Address block);
  std::uint32_t exit_extended(Address block);
  std::uint32_t elapsed(Address block);

  bool write_bytes(File& file, const char* bytes, std::size_t size);
  std::size_t read_bytes(File& file, char* bytes, std::size_t size);
  void exit(std::uint32_t reason, std::uint32_t code);

  static constexpr std::size_t kMostFiles = 32;

  Options options_;
  GuestMemory memory_;
  DebugAccess& core_;
  std::function<double()> seconds_;
  std::optional<HostDirectory> directory_;
  std::array<std::unique_ptr<File>, kMostFiles> files_;  ///< Handle 1 is the first.
  Bytes written_ = 0;
  int error_ = 0;
};

}  // namespace mcusim::emulator::semihosting
