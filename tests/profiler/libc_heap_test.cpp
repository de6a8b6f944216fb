#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "profiled_run.h"

// programs/libc_heap.c with the allocators of C libraries as Debian builds them.
namespace mcusim::profiler {
namespace {

class LibcHeap : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::filesystem::path elf =
        std::string(MCUSIM_TEST_PROGRAMS "/libc_heap_") + GetParam() + ".specs.elf";
    if (!std::filesystem::exists(elf)) GTEST_SKIP() << GetParam() << " is not installed";
    image_ = emulator::load_image(elf);
    profile_ = profile_of(image_, "table");
  }

  const AllocationSite* site_in(const std::string& name) const {
    const auto found = std::ranges::find_if(profile_.allocations, [&](const AllocationSite& site) {
      const emulator::Symbol* caller = image_.symbol_at(site.caller);
      return caller != nullptr && caller->name == name;
    });
    return found == profile_.allocations.end() ? nullptr : &*found;
  }

  emulator::Image image_;
  Profile profile_;
};

TEST_P(LibcHeap, PeakIsTheMostThatWasAskedForAtOnce) { EXPECT_EQ(profile_.memory.heap_peak, 360u); }

TEST_P(LibcHeap, EveryCallCountsOnce) {
  Bytes bytes = 0;
  std::uint64_t allocations = 0;
  for (const AllocationSite& site : profile_.allocations) {
    bytes += site.bytes;
    allocations += site.allocations;
  }
  EXPECT_EQ(allocations, 6u) << "not what calloc, realloc and strdup ask of malloc, and nothing that failed";
  EXPECT_EQ(bytes, 100u + 60 + 300 + 50 + 24 + 16);
}

TEST_P(LibcHeap, WhatIsNotFreedIsALeakOfItsSite) {
  Bytes live = 0;
  for (const AllocationSite& site : profile_.allocations) live += site.live_bytes;
  EXPECT_EQ(live, 24u);
  const AllocationSite* const leak = site_in("leaks");
  ASSERT_NE(leak, nullptr);
  EXPECT_EQ(leak->live_bytes, 24u);
  EXPECT_EQ(leak->live_allocations, 1u);
}

TEST_P(LibcHeap, AReallocationMovesItsBytesToItsOwnSite) {
  const AllocationSite *const first = site_in("takes"), *const grown = site_in("grows");
  ASSERT_NE(first, nullptr);
  ASSERT_NE(grown, nullptr);
  EXPECT_EQ(first->live_bytes, 0u);
  EXPECT_EQ(grown->allocations, 2u);
  EXPECT_EQ(grown->bytes, 350u);
}

TEST_P(LibcHeap, WithoutAnAllocatorTheBreakIsTheHeap) {
  // As firmware that has no allocator but the break: every growth counts, none of it comes back here.
  RecordOptions options;
  emulator::Image stripped = image_;
  std::erase_if(stripped.symbols, [](const emulator::Symbol& symbol) {
    return symbol.name.find("alloc") != std::string::npos || symbol.name.find("free") != std::string::npos;
  });
  const Profile profile = profile_of(stripped, "table", recursion, options);
  EXPECT_GE(profile.memory.heap_peak, 360u);
  EXPECT_LT(profile.memory.heap_peak, 8192u) << "one that was refused does not count";
}

INSTANTIATE_TEST_SUITE_P(Libraries, LibcHeap, testing::Values("nano", "nosys", "picolibc"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace mcusim::profiler
