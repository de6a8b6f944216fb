#include "emulator/semihosting/semihosting.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/error.h"
#include "common/files.h"

namespace mcusim::emulator::semihosting {
namespace {

namespace fs = std::filesystem;

constexpr Address kRam = 0x20000000, kFlash = 0x08000000;
constexpr Bytes kRamSize = 0x10000, kFlashSize = 0x1000;
constexpr Address kBlock = kRam, kName = kRam + 0x100, kOtherName = kRam + 0x800, kData = kRam + 0x1000;
constexpr std::uint32_t kRefused = 0xffffffffu;
enum Mode : std::uint32_t { mode_read = 0, mode_read_update = 2, mode_write = 4, mode_append = 8 };

/// Notes what the calls ask of the core.
class Core : public DebugAccess {
 public:
  void set_breakpoint_listener(std::function<bool(std::uint32_t)>) override {}
  void request_exit(int code) override { exit_code = code; }
  void memory_changed(Address address, Bytes size) override { changed = {address, size}; }
  Stop step() override { return {}; }
  void attach(bool) override {}
  void watch(std::vector<Watchpoint>) override {}
  WatchHit watch_hit() const override { return {}; }
  void restart() override {}

  std::optional<int> exit_code;
  std::pair<Address, Bytes> changed;
};

class SemihostingTest : public ::testing::Test {
 protected:
  SemihostingTest() {
    bus.add_memory("flash", kFlash, kFlashSize, false);
    bus.add_memory("ram", kRam, kRamSize / 2, true);
    bus.add_memory("ram2", kRam + kRamSize / 2, kRamSize / 2, true);
    Options options;
    options.command_line = "firmware.elf";
    options.output = [this](std::string_view text) { output += text; };
    options.errors = [this](std::string_view text) { errors += text; };
    options.input = [this](char* bytes, std::size_t size) {
      const std::size_t part = std::min(size, input.size());
      input.copy(bytes, part);
      input.erase(0, part);
      return part;
    };
    inside = folder.path() / "inside";
    fs::create_directory(inside);
    std::ofstream(folder.path() / "secret") << "secret";
    host.emplace(options, bus, core, [this] { return seconds; });
    options.directory = inside;
    with_files.emplace(options, bus, core, [this] { return seconds; });
  }

  void store(Address address, std::string_view text) { bus.load(address, text.data(), text.size()); }
  std::string fetch(Address address, std::size_t size) {
    std::string text(size, '\0');
    bus.fetch(address, text.data(), size);
    return text;
  }
  template <typename... Words>
  std::uint32_t call(Semihosting& to, Operation operation, Words... words) {
    const std::uint32_t block[] = {static_cast<std::uint32_t>(words)...};
    bus.load(kBlock, block, sizeof block);
    return to.call(static_cast<std::uint32_t>(operation), kBlock);
  }
  std::uint32_t open(Semihosting& to, std::string_view name, std::uint32_t mode) {
    store(kName, name);
    return call(to, Operation::open, kName, mode, name.size());
  }
  std::uint32_t error(Semihosting& of) { return of.call(0x13, 0); }
  std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  const TemporaryDirectory folder;
  fs::path inside;
  Bus bus;
  Core core;
  std::string output, errors, input;
  double seconds = 0;
  std::optional<Semihosting> host;        ///< Without a directory.
  std::optional<Semihosting> with_files;  ///< With `inside`.
};

TEST_F(SemihostingTest, TheConsoleHasInputOutputAndErrors) {
  const std::uint32_t in = open(*host, ":tt", mode_read), out = open(*host, ":tt", mode_write),
                      err = open(*host, ":tt", mode_append);
  ASSERT_NE(in, kRefused);
  EXPECT_EQ(call(*host, Operation::is_terminal, out), 1u);
  store(kData, "to the user");
  EXPECT_EQ(call(*host, Operation::write, out, kData, 6), 0u);
  EXPECT_EQ(call(*host, Operation::write, err, kData + 7, 4), 0u);
  EXPECT_EQ(output, "to the");
  EXPECT_EQ(errors, "user");
  input = "answer";
  EXPECT_EQ(call(*host, Operation::read, in, kData, 10), 4u) << "the result is what was not read";
  EXPECT_EQ(fetch(kData, 6), "answer");
  EXPECT_EQ(call(*host, Operation::read, in, kData, 10), 10u) << "end of the input";
}

TEST_F(SemihostingTest, CharactersAndStringsNeedNoFile) {
  store(kData, std::string_view("text\0more", 9));
  EXPECT_EQ(host->call(0x04, kData), 0u);
  EXPECT_EQ(host->call(0x03, kData + 5), 0u);
  EXPECT_EQ(output, "textm");
  input = "\xe4";
  EXPECT_EQ(host->call(0x07, 0), 0xe4u) << "a byte, not a signed character";
  EXPECT_EQ(host->call(0x07, 0), kRefused);
}

TEST_F(SemihostingTest, AFileIsWrittenSoughtReadAndRemoved) {
  const std::uint32_t file = open(*with_files, "log.txt", mode_write);
  ASSERT_NE(file, kRefused);
  store(kData, "0123456789");
  EXPECT_EQ(call(*with_files, Operation::write, file, kData, 10), 0u);
  EXPECT_EQ(call(*with_files, Operation::file_length, file), 10u);
  EXPECT_EQ(call(*with_files, Operation::is_terminal, file), 0u);
  EXPECT_EQ(call(*with_files, Operation::close, file), 0u);
  EXPECT_EQ(content(inside / "log.txt"), "0123456789");

  const std::uint32_t again = open(*with_files, "./log.txt", mode_read_update);
  EXPECT_EQ(call(*with_files, Operation::seek, again, 7), 0u);
  EXPECT_EQ(call(*with_files, Operation::seek, again, 11), kRefused) << "beyond the end";
  EXPECT_EQ(call(*with_files, Operation::read, again, kData + 16, 8), 5u);
  EXPECT_EQ(fetch(kData + 16, 3), "789");

  store(kName, "log.txt");
  store(kOtherName, "new.txt");
  EXPECT_EQ(call(*with_files, Operation::rename, kName, 7, kOtherName, 7), 0u);
  EXPECT_TRUE(fs::exists(inside / "new.txt"));
  EXPECT_EQ(call(*with_files, Operation::remove, kOtherName, 7), 0u);
  EXPECT_FALSE(fs::exists(inside / "new.txt"));
}

TEST_F(SemihostingTest, AppendingAddsAtTheEnd) {
  std::ofstream(inside / "log.txt") << "old ";
  const std::uint32_t file = open(*with_files, "log.txt", mode_append);
  store(kData, "new");
  EXPECT_EQ(call(*with_files, Operation::write, file, kData, 3), 0u);
  EXPECT_EQ(content(inside / "log.txt"), "old new");
}

TEST_F(SemihostingTest, WithoutADirectoryThereAreNoFiles) {
  for (const char* name : {"log.txt", "/etc/passwd", "../secret", ""}) {
    EXPECT_EQ(open(*host, name, mode_write), kRefused) << name;
    EXPECT_EQ(open(*host, name, mode_read), kRefused) << name;
  }
  store(kName, "secret");
  EXPECT_EQ(call(*host, Operation::remove, kName, 6), kRefused);
  EXPECT_EQ(call(*host, Operation::rename, kName, 6, kName, 6), kRefused);
  EXPECT_EQ(error(*host), static_cast<std::uint32_t>(EACCES));
}

TEST_F(SemihostingTest, NothingOutsideTheDirectoryIsReached) {
  fs::create_symlink("../secret", inside / "link");
  fs::create_symlink("..", inside / "up");
  fs::create_symlink("/", inside / "root");
  fs::create_directory(inside / "sub");
  ASSERT_EQ(::mkfifo((inside / "pipe").c_str(), 0600), 0);
  const std::string secret = folder.path() / "secret";
  using std::string_literals::operator""s;
  for (const std::string& name : {secret,
                                  "../secret"s,
                                  "sub/../../secret"s,
                                  "./../secret"s,
                                  "link"s,
                                  "up/secret"s,
                                  "root/etc/passwd"s,
                                  "sub/.."s,
                                  ".."s,
                                  "."s,
                                  "/"s,
                                  "sub"s,
                                  "up"s,
                                  "pipe"s,
                                  "link\0x"s,
                                  "secret\0"s,
                                  "/dev/tty"s,
                                  "sub/../link"s,
                                  std::string(5000, 'a'),
                                  ""s}) {
    for (std::uint32_t mode = 0; mode < 12; ++mode) {
      EXPECT_EQ(open(*with_files, name, mode), kRefused) << name << " in mode " << mode;
    }
    if (name == "link" || name == "up" || name == "pipe") continue;  // The link itself may be removed.
    store(kName, name);
    EXPECT_EQ(call(*with_files, Operation::remove, kName, name.size()), kRefused) << name;
    store(kOtherName, "stolen");
    EXPECT_EQ(call(*with_files, Operation::rename, kName, name.size(), kOtherName, 6),
              name == "sub" ? 0u : kRefused)
        << name;
    fs::create_directory(inside / "sub");
    fs::remove_all(inside / "stolen");
    std::ofstream(inside / "own") << "x";
    store(kOtherName, "own");
    if (name != "sub") {
      EXPECT_EQ(call(*with_files, Operation::rename, kOtherName, 3, kName, name.size()), kRefused) << name;
    }
  }
  EXPECT_EQ(content(folder.path() / "secret"), "secret");
  std::size_t outside = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.path())) ++outside;
  EXPECT_EQ(outside, 2u) << "only the secret and the directory itself";
}

TEST_F(SemihostingTest, NamesThatBeginWithAColonAreNoFiles) {
  EXPECT_EQ(open(*with_files, ":tt2", mode_write), kRefused);
  EXPECT_TRUE(fs::is_empty(inside));
}

TEST_F(SemihostingTest, ReplacingALinkLeavesItsTargetAlone) {
  fs::create_symlink("../secret", inside / "link");
  std::ofstream(inside / "own") << "own";
  store(kName, "own");
  store(kOtherName, "link");
  EXPECT_EQ(call(*with_files, Operation::rename, kName, 3, kOtherName, 4), 0u);
  EXPECT_EQ(content(folder.path() / "secret"), "secret");
  EXPECT_FALSE(fs::is_symlink(inside / "link"));
}

TEST_F(SemihostingTest, AnUnusableDirectoryIsAnInputError) {
  Options options;
  options.directory = folder.path() / "secret";
  EXPECT_THROW(Semihosting(options, bus, core, [] { return 0.0; }), InputError);
}

TEST_F(SemihostingTest, PointersOutsideTheMemoriesAreRefused) {
  const std::uint32_t out = open(*host, ":tt", mode_write), in = open(*host, ":tt", mode_read);
  for (const Address bad : {0x40000000u, 0xe000e000u, 0xfffffffcu, kRam + 0x10000u, 0u}) {
    for (std::uint32_t operation = 0; operation < 0x40; ++operation) {
      if (operation == 0x10 || operation == 0x11 || operation == 0x13 || operation == 0x18 ||
          operation == 0x31) {
        continue;  // Their argument is no pointer.
      }
      const std::uint32_t result = host->call(operation, bad);
      if (operation == 0x07) continue;  // It has no argument.
      EXPECT_TRUE(result == kRefused || operation == 8) << operation << " at " << bad;
    }
    EXPECT_EQ(call(*host, Operation::write, out, bad, 4), kRefused);
    EXPECT_EQ(call(*host, Operation::read, in, bad, 4), kRefused);
    EXPECT_EQ(call(*host, Operation::open, bad, 0, 3), kRefused);
    EXPECT_EQ(call(*host, Operation::command_line, bad, 100), kRefused);
    EXPECT_EQ(call(*host, Operation::heap_info, bad), kRefused);
  }
  EXPECT_EQ(call(*host, Operation::read, in, kFlash, 4), kRefused) << "flash is not written";
  EXPECT_EQ(call(*host, Operation::write, out, kRam, 0xffffffffu), kRefused);
  EXPECT_EQ(call(*host, Operation::write, out, kRam + kRamSize - 2, 4), kRefused) << "reaches beyond the end";
  EXPECT_EQ(call(*host, Operation::write, out, kRam + kRamSize / 2 - 2, 4), 0u) << "adjoining memories";
  EXPECT_EQ(output.size(), 4u);
}

TEST_F(SemihostingTest, AStringWithoutEndIsRefused) {
  store(kRam + kRamSize - 4, "abcd");
  EXPECT_EQ(host->call(0x04, kRam + kRamSize - 4), kRefused);
  EXPECT_EQ(output, "");
}

TEST_F(SemihostingTest, HandlesAreBoundedAndChecked) {
  for (const std::uint32_t handle : {0u, 1u, 33u, 0xffffffffu}) {
    EXPECT_EQ(call(*host, Operation::close, handle), kRefused);
    EXPECT_EQ(call(*host, Operation::write, handle, kData, 1), kRefused);
    EXPECT_EQ(call(*host, Operation::file_length, handle), kRefused);
  }
  unsigned opened = 0;
  while (opened < 1000 && open(*host, ":tt", mode_read) != kRefused) ++opened;
  EXPECT_EQ(opened, 32u);
  EXPECT_EQ(error(*host), static_cast<std::uint32_t>(EMFILE));
}

TEST_F(SemihostingTest, ShellAndTemporaryNamesAreRefused) {
  store(kData, "touch /tmp/x");
  EXPECT_EQ(call(*with_files, Operation::system, kData, 12), kRefused);
  EXPECT_EQ(call(*with_files, Operation::temporary_name, kData, 1, 64), kRefused);
  EXPECT_EQ(with_files->call(0x77, kData), kRefused) << "no such operation";
}

TEST_F(SemihostingTest, TimeIsEmulatedTime) {
  EXPECT_EQ(host->call(0x11, 0), Semihosting::kTimeAtReset);
  seconds = 2.5;
  EXPECT_EQ(host->call(0x10, 0), 250u) << "hundredths of a second";
  EXPECT_EQ(host->call(0x11, 0), Semihosting::kTimeAtReset + 2);
  EXPECT_EQ(host->call(0x31, 0), 1'000'000'000u);
  EXPECT_EQ(host->call(0x30, kData), 0u);
  std::uint64_t ticks = 0;
  bus.fetch(kData, &ticks, 8);
  EXPECT_EQ(ticks, 2'500'000'000u);
}

TEST_F(SemihostingTest, CommandLineNeedsItsRoom) {
  EXPECT_EQ(call(*host, Operation::command_line, kData, 12), kRefused) << "no room for the zero";
  EXPECT_EQ(call(*host, Operation::command_line, kData, 13), 0u);
  EXPECT_EQ(fetch(kData, 13), std::string("firmware.elf", 13));
  std::uint32_t length = 0;
  bus.fetch(kBlock + 4, &length, 4);
  EXPECT_EQ(length, 12u);
}

TEST_F(SemihostingTest, ExitTellsReasonAndCode) {
  host->call(0x18, kApplicationExit);
  EXPECT_EQ(core.exit_code, 0);
  host->call(0x18, 0x20023);
  EXPECT_EQ(core.exit_code, 1) << "a run-time error";
  call(*host, Operation::exit_extended, kApplicationExit, 42);
  EXPECT_EQ(core.exit_code, 42);
  call(*host, Operation::exit_extended, 0x20023, 42);
  EXPECT_EQ(core.exit_code, 1);
}

TEST_F(SemihostingTest, WrittenMemoryIsToldToTheCore) {
  const std::uint32_t in = open(*host, ":tt", mode_read);
  input = "code";
  call(*host, Operation::read, in, kData, 4);
  EXPECT_EQ(core.changed, std::make_pair(kData, Bytes{4}));
}

TEST_F(SemihostingTest, FeaturesAreAFile) {
  const std::uint32_t file = open(*host, ":semihosting-features", mode_read);
  ASSERT_NE(file, kRefused);
  EXPECT_EQ(call(*host, Operation::file_length, file), 5u);
  EXPECT_EQ(call(*host, Operation::read, file, kData, 5), 0u);
  EXPECT_EQ(fetch(kData, 5), "SHFB\x03");
  EXPECT_EQ(call(*host, Operation::seek, file, 4), 0u);
  EXPECT_EQ(call(*host, Operation::read, file, kData, 1), 0u);
  EXPECT_EQ(open(*host, ":semihosting-features", mode_write), kRefused);
}

}  // namespace
}  // namespace mcusim::emulator::semihosting
