// Damaged files: whatever is changed or cut off, the importer either refuses in one line or gives a graph
// that keeps its promises, without a large allocation. Run under the asan preset as well.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <random>
#include <string>

#include "codegen/graph/check.h"
#include "codegen/import/tflite_reader.h"
#include "codegen/plan/memory_plan.h"
#include "common/error.h"
#include "common/files.h"

namespace {

std::atomic<std::size_t> largest_allocation = 0;

void* allocate(std::size_t size) {
  std::size_t seen = largest_allocation;
  while (size > seen && !largest_allocation.compare_exchange_weak(seen, size)) {
  }
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace mcusim::codegen {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kSmall = 8192;  ///< Up to this size, every byte of a file is damaged once.

struct File {
  std::string name;
  Bytes bytes;
};

std::vector<File> files(bool small) {
  std::vector<File> found;
  for (const char* folder : {MCUSIM_SOURCE_DIR "/tests/reference", MCUSIM_SOURCE_DIR "/examples",
                             MCUSIM_MODELS_DIR "/tflite_micro"}) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".tflite" || entry.file_size() > (1 << 16)) continue;
      if ((entry.file_size() <= kSmall) == small)
        found.push_back({entry.path().string(), read_file(entry.path())});
    }
  }
  std::sort(found.begin(), found.end(), [](const File& a, const File& b) { return a.name < b.name; });
  return found;
}

/// What import_model() does with the bytes of a file, and what follows it. True: the file was accepted.
bool survive(const Bytes& bytes, const std::string& what) {
  try {
    const Graph graph = read_tflite(bytes, "f");
    check(graph, "f");
    for (const Node& node : graph.nodes) macc(graph, node);
    const MemoryPlan plan = plan_memory(graph);
    EXPECT_GE(plan.arena_bytes, arena_lower_bound(graph)) << what;
    return true;
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find("f: "), 0u) << what << ": " << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << what << ": " << text;
    return false;
  }
}

class Mutations : public testing::Test {
 protected:
  void SetUp() override { largest_allocation = 0; }
  void TearDown() override {
    // The graph's lists grow with a file's own size; 16 MiB is far above what 64 KiB of file justify.
    EXPECT_LT(largest_allocation, 16u << 20);
  }
  std::mt19937 random_{20240607};
};

TEST_F(Mutations, SamplesAreThere) { EXPECT_GT(files(true).size(), 100u); }

TEST_F(Mutations, EveryTruncationOfASmallFileIsSurvived) {
  for (const File& file : files(true)) {
    for (std::size_t length = 0; length < file.bytes.size(); length += length < 256 ? 1 : 3) {
      survive(Bytes(file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(length)),
              file.name + " cut to " + std::to_string(length));
    }
  }
}

TEST_F(Mutations, EveryByteOfASmallFileMayChange) {
  std::size_t accepted = 0, refused = 0;
  for (const File& file : files(true)) {
    Bytes bytes = file.bytes;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      const std::uint8_t before = bytes[at];
      constexpr std::uint8_t kFlips[] = {0x01, 0x80, 0xff, 0x40};
      bytes[at] ^= kFlips[random_() % std::size(kFlips)];
      ++(survive(bytes, file.name + " changed at " + std::to_string(at)) ? accepted : refused);
      bytes[at] = before;
    }
  }
  // Both must happen, or the test would look at one half of the code only.
  EXPECT_GT(accepted, 1000u);
  EXPECT_GT(refused, 1000u);
}

TEST_F(Mutations, EveryWordOfASmallFileMayTakeAnExtremeValue) {
  for (const File& file : files(true)) {
    Bytes bytes = file.bytes;
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
      constexpr std::uint32_t kWords[] = {0, 0xffffffff, 0x7fffffff, 0x80000000, 0x00010000, 0x7f800000, 5};
      const std::uint32_t word = kWords[random_() % std::size(kWords)];
      std::uint8_t before[4];
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 4, before);
      for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(word >> (8 * i));
      survive(bytes, file.name + " word at " + std::to_string(at));
      std::copy_n(before, 4, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
}

TEST_F(Mutations, LargerFilesSurviveRandomDamage) {
  for (const File& file : files(false)) {
    for (int round = 0; round < 500; ++round) {
      Bytes bytes = file.bytes;
      const std::size_t changes = 1 + random_() % 8;
      for (std::size_t i = 0; i < changes; ++i)
        bytes[random_() % bytes.size()] = static_cast<std::uint8_t>(random_());
      if (round % 4 == 0) bytes.resize(random_() % bytes.size());
      survive(bytes, file.name + " round " + std::to_string(round));
    }
  }
}

}  // namespace
}  // namespace mcusim::codegen
