#include "emulator/semihosting/semihosting.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mcusim::emulator::semihosting {
namespace {

constexpr std::uint32_t kFailed = 0xffffffffu;
constexpr std::uint32_t kLongestName = 1024;
constexpr Bytes kChunk = 4096;
constexpr Bytes kLongestString = 1u << 20;

/// Of SYS_OPEN: r, rb, r+, r+b, w, wb, w+, w+b, a, ab, a+, a+b.
constexpr int kOpenFlags[] = {O_RDONLY,
                              O_RDONLY,
                              O_RDWR,
                              O_RDWR,
                              O_WRONLY | O_CREAT | O_TRUNC,
                              O_WRONLY | O_CREAT | O_TRUNC,
                              O_RDWR | O_CREAT | O_TRUNC,
                              O_RDWR | O_CREAT | O_TRUNC,
                              O_WRONLY | O_CREAT | O_APPEND,
                              O_WRONLY | O_CREAT | O_APPEND,
                              O_RDWR | O_CREAT | O_APPEND,
                              O_RDWR | O_CREAT | O_APPEND};
constexpr std::uint32_t kModes = std::size(kOpenFlags);
constexpr std::uint32_t kFirstWriteMode = 4, kFirstAppendMode = 8;

constexpr std::string_view kConsole = ":tt";
/// A file that tells which extensions there are: a magic word, then SYS_EXIT_EXTENDED and a console for
/// errors (release 3.0, section 4).
constexpr std::string_view kFeaturesName = ":semihosting-features";
constexpr char kFeatures[] = {'S', 'H', 'F', 'B', 0x03};

}  // namespace

Semihosting::Semihosting(Options options, Bus& bus, DebugAccess& core, std::function<double()> seconds)
    : options_(std::move(options)), memory_(bus, core), core_(core), seconds_(std::move(seconds)) {
  if (!options_.directory.empty()) directory_.emplace(options_.directory);
}

std::uint32_t Semihosting::call(std::uint32_t operation, std::uint32_t argument) {
  switch (static_cast<Operation>(operation)) {
    case Operation::open:
      return open(argument);
    case Operation::close:
      return close(argument);
    case Operation::write_character:
      return write_character(argument);
    case Operation::write_string:
      return write_string(argument);
    case Operation::write:
      return write(argument);
    case Operation::read:
      return read(argument);
    case Operation::read_character:
      return read_character();
    case Operation::is_error: {
      const auto block = memory_.words<1>(argument);
      return block && (*block)[0] < 0x80000000u ? 0 : 1;
    }
    case Operation::is_terminal:
      return is_terminal(argument);
    case Operation::seek:
      return seek(argument);
    case Operation::file_length:
      return length(argument);
    case Operation::temporary_name:
    case Operation::system:
      return fail(EACCES);
    case Operation::remove:
      return remove(argument);
    case Operation::rename:
      return rename(argument);
    case Operation::clock:
      return static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds_() * 100));
    case Operation::time:
      return kTimeAtReset + static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds_()));
    case Operation::error_number:
      return static_cast<std::uint32_t>(error_);
    case Operation::command_line:
      return command_line(argument);
    case Operation::heap_info:
      return heap_info(argument);
    case Operation::exit:
      exit(argument, 0);
      return 0;
    case Operation::exit_extended:
      return exit_extended(argument);
    case Operation::elapsed:
      return elapsed(argument);
    case Operation::tick_frequency:
      return kTicksPerSecond;
  }
  return fail(ENOSYS);
}

std::uint32_t Semihosting::fail(int error) {
  error_ = error;
  return kFailed;
}

Semihosting::File* Semihosting::file(std::uint32_t handle) {
  return handle >= 1 && handle <= kMostFiles ? files_[handle - 1].get() : nullptr;
}

std::optional<std::string> Semihosting::name_at(Address address, std::uint32_t length) const {
  if (length > kLongestName) return std::nullopt;
  std::string name(length, '\0');
  if (!memory_.read(address, name.data(), length)) return std::nullopt;
  return name;
}

// Null: error_ is set.
std::unique_ptr<Semihosting::File> Semihosting::open_file(std::string_view name, std::uint32_t mode) {
  auto file = std::make_unique<File>();
  if (name == kConsole) {
    file->kind = mode < kFirstWriteMode    ? File::Kind::input
                 : mode < kFirstAppendMode ? File::Kind::output
                                           : File::Kind::errors;
    return file;
  }
  if (name == kFeaturesName) {
    file->kind = File::Kind::features;
    if (mode < kFirstWriteMode) return file;
  }
  if (name.starts_with(':') || !directory_) {
    error_ = EACCES;
    return nullptr;
  }
  const int descriptor = directory_->open(name, kOpenFlags[mode]);
  if (descriptor < 0) {
    error_ = -descriptor;
    return nullptr;
  }
  file->descriptor.reset(descriptor);
  return file;
}

std::uint32_t Semihosting::open(Address block) {
  const auto words = memory_.words<3>(block);
  if (!words) return fail(EFAULT);
  const auto [address, mode, length] = *words;
  const std::optional<std::string> name = name_at(address, length);
  if (!name) return fail(EFAULT);
  if (mode >= kModes) return fail(EINVAL);
  const auto free = std::ranges::find_if(files_, [](const auto& file) { return file == nullptr; });
  if (free == files_.end()) return fail(EMFILE);
  *free = open_file(*name, mode);
  return *free ? static_cast<std::uint32_t>(free - files_.begin()) + 1 : kFailed;
}

std::uint32_t Semihosting::close(Address block) {
  const auto words = memory_.words<1>(block);
  if (!words) return fail(EFAULT);
  if (file((*words)[0]) == nullptr) return fail(EBADF);
  files_[(*words)[0] - 1].reset();
  return 0;
}

bool Semihosting::write_bytes(File& file, const char* bytes, std::size_t size) {
  switch (file.kind) {
    case File::Kind::output:
      if (options_.output) options_.output({bytes, size});
      return true;
    case File::Kind::errors:
      if (options_.errors) options_.errors({bytes, size});
      return true;
    case File::Kind::input:
    case File::Kind::features:
      error_ = EBADF;
      return false;
    case File::Kind::host:
      break;
  }
  if (written_ + size > kLargestOutput) {
    error_ = ENOSPC;
    return false;
  }
  const ssize_t written = ::write(file.descriptor.get(), bytes, size);
  if (written < 0) error_ = errno;
  if (written > 0) written_ += static_cast<Bytes>(written);
  return written == static_cast<ssize_t>(size);
}

// The result is what was not written.
std::uint32_t Semihosting::write(Address block) {
  const auto words = memory_.words<3>(block);
  if (!words) return fail(EFAULT);
  auto [handle, address, left] = *words;
  File* const to = file(handle);
  if (to == nullptr) return fail(EBADF);
  if (!memory_.readable(address, left)) return fail(EFAULT);
  char bytes[kChunk];
  while (left > 0) {
    const auto part = static_cast<std::uint32_t>(std::min<Bytes>(left, kChunk));
    memory_.read(address, bytes, part);
    if (!write_bytes(*to, bytes, part)) break;
    address += part, left -= part;
  }
  return left;
}

// Fewer bytes than asked for are the end of a file; of the console, what is there.
std::size_t Semihosting::read_bytes(File& file, char* bytes, std::size_t size) {
  switch (file.kind) {
    case File::Kind::input:
      return options_.input ? std::min(options_.input(bytes, size), size) : 0;
    case File::Kind::features: {
      const std::size_t part = std::min(size, sizeof kFeatures - file.position);
      std::memcpy(bytes, kFeatures + file.position, part);
      file.position += part;
      return part;
    }
    case File::Kind::host: {
      const ssize_t got = ::read(file.descriptor.get(), bytes, size);
      if (got < 0) error_ = errno;
      return got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    default:
      error_ = EBADF;
      return 0;
  }
}

// The result is what was not read.
std::uint32_t Semihosting::read(Address block) {
  const auto words = memory_.words<3>(block);
  if (!words) return fail(EFAULT);
  auto [handle, address, left] = *words;
  File* const from = file(handle);
  if (from == nullptr) return fail(EBADF);
  if (!memory_.writable(address, left)) return fail(EFAULT);
  char bytes[kChunk];
  while (left > 0) {
    const std::size_t wanted = std::min<Bytes>(left, kChunk);
    const std::size_t got = read_bytes(*from, bytes, wanted);
    memory_.write(address, bytes, got);
    address += static_cast<Address>(got), left -= static_cast<std::uint32_t>(got);
    if (got < wanted) break;
  }
  return left;
}

std::uint32_t Semihosting::write_character(Address text) {
  char character = 0;
  if (!memory_.read(text, &character, 1)) return fail(EFAULT);
  if (options_.output) options_.output({&character, 1});
  return 0;
}

std::uint32_t Semihosting::write_string(Address text) {
  const std::optional<std::string> string = memory_.text(text, kLongestString);
  if (!string) return fail(EFAULT);
  if (options_.output) options_.output(*string);
  return 0;
}

std::uint32_t Semihosting::read_character() {
  char character = 0;
  const bool got = options_.input && options_.input(&character, 1) == 1;
  return got ? static_cast<std::uint8_t>(character) : kFailed;
}

std::uint32_t Semihosting::is_terminal(Address block) {
  const auto words = memory_.words<1>(block);
  if (!words) return fail(EFAULT);
  const File* const which = file((*words)[0]);
  if (which == nullptr) return fail(EBADF);
  return which->console() ? 1 : 0;
}

// Not beyond the end: a file grows only by what is written.
std::uint32_t Semihosting::seek(Address block) {
  const auto words = memory_.words<2>(block);
  if (!words) return fail(EFAULT);
  File* const which = file((*words)[0]);
  if (which == nullptr) return fail(EBADF);
  const std::uint32_t position = (*words)[1];
  if (which->kind == File::Kind::features && position <= sizeof kFeatures) {
    which->position = position;
    return 0;
  }
  struct stat status {};
  if (which->kind != File::Kind::host) return fail(ESPIPE);
  if (::fstat(which->descriptor.get(), &status) != 0 || position > status.st_size) return fail(EINVAL);
  return ::lseek(which->descriptor.get(), position, SEEK_SET) < 0 ? fail(errno) : 0;
}

std::uint32_t Semihosting::length(Address block) {
  const auto words = memory_.words<1>(block);
  if (!words) return fail(EFAULT);
  const File* const which = file((*words)[0]);
  if (which == nullptr) return fail(EBADF);
  if (which->kind == File::Kind::features) return sizeof kFeatures;
  if (which->kind != File::Kind::host) return fail(ESPIPE);
  struct stat status {};
  if (::fstat(which->descriptor.get(), &status) != 0) return fail(errno);
  return status.st_size < 0x7fffffff ? static_cast<std::uint32_t>(status.st_size) : fail(EOVERFLOW);
}

std::uint32_t Semihosting::remove(Address block) {
  const auto words = memory_.words<2>(block);
  const auto name = words ? name_at((*words)[0], (*words)[1]) : std::nullopt;
  if (!name) return fail(EFAULT);
  return status(directory_ ? directory_->remove(*name) : -EACCES);
}

std::uint32_t Semihosting::rename(Address block) {
  const auto words = memory_.words<4>(block);
  const auto from = words ? name_at((*words)[0], (*words)[1]) : std::nullopt;
  const auto to = words ? name_at((*words)[2], (*words)[3]) : std::nullopt;
  if (!from || !to) return fail(EFAULT);
  return status(directory_ ? directory_->rename(*from, *to) : -EACCES);
}

std::uint32_t Semihosting::command_line(Address block) {
  const auto words = memory_.words<2>(block);
  if (!words) return fail(EFAULT);
  const auto size = static_cast<std::uint32_t>(options_.command_line.size());
  if (size >= (*words)[1]) return fail(E2BIG);
  if (!memory_.write((*words)[0], options_.command_line.c_str(), size + 1) ||
      !memory_.write(block + 4, &size, sizeof size)) {
    return fail(EFAULT);
  }
  return 0;
}

// Zeros mean that the layout which the image was linked with holds.
std::uint32_t Semihosting::heap_info(Address block) {
  const auto words = memory_.words<1>(block);
  const std::uint32_t layout[4] = {0, 0, 0, 0};
  if (!words || !memory_.write((*words)[0], layout, sizeof layout)) return fail(EFAULT);
  return 0;
}

void Semihosting::exit(std::uint32_t reason, std::uint32_t code) {
  core_.request_exit(reason == kApplicationExit ? static_cast<int>(code) : 1);
}

std::uint32_t Semihosting::exit_extended(Address block) {
  const auto words = memory_.words<2>(block);
  if (!words) return fail(EFAULT);
  exit((*words)[0], (*words)[1]);
  return 0;
}

std::uint32_t Semihosting::elapsed(Address block) {
  const auto ticks = static_cast<std::uint64_t>(seconds_() * kTicksPerSecond);
  return memory_.write(block, &ticks, sizeof ticks) ? 0 : fail(EFAULT);
}

}  // namespace mcusim::emulator::semihosting
