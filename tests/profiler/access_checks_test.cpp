#include <gtest/gtest.h>

#include <algorithm>

#include "common/error.h"
#include "profiled_run.h"
#include "profiler/checks/finding_log.h"
#include "profiler/checks/written_memory.h"
#include "profiler/reports/check_report.h"

// programs/checks.c.
namespace mcusim::profiler {
namespace {

const emulator::Image& image() {
  static const emulator::Image kImage = emulator::load_image(MCUSIM_TEST_PROGRAMS "/checks.elf");
  return kImage;
}

CheckResult check(const std::string& timing, const std::vector<std::string>& names = {"uninit"}) {
  RecordOptions options;
  options.checks = names;
  return profile_of(image(), timing, recursion, options).checks.at(0);
}

const AccessFinding* finding_in(const CheckResult& result, const std::string& function) {
  const auto found = std::ranges::find(result.findings, function,
                                       [](const AccessFinding& finding) { return finding.source.function; });
  return found == result.findings.end() ? nullptr : &*found;
}

TEST(Uninit, ReadsOfWhatNothingWroteAreFoundByInstruction) {
  for (const std::string timing : {"off", "table", "full"}) {
    const CheckResult result = check(timing);
    EXPECT_TRUE(result.failed());
    const AccessFinding* const fresh = finding_in(result, "reads_fresh");
    ASSERT_NE(fresh, nullptr) << timing;
    EXPECT_EQ(fresh->count, 3u);
    EXPECT_EQ(fresh->object, "words");
    EXPECT_EQ(fresh->offset, 8u) << "the first of three";
    EXPECT_EQ(fresh->width, 4u);
    EXPECT_EQ(fresh->wrong, 4u);
    EXPECT_FALSE(fresh->writes);
    EXPECT_NE(fresh->source.line, 0u);
    EXPECT_EQ(finding_in(result, "reads_written"), nullptr);
  }
}

TEST(Uninit, EachByteCountsByItself) {
  const CheckResult result = check("table");
  const AccessFinding* const byte = finding_in(result, "reads_fourth");
  ASSERT_NE(byte, nullptr) << "its three neighbours were written, it was not";
  EXPECT_FALSE(byte->is_partial());
  const AccessFinding* const word = finding_in(result, "reads_all_four");
  ASSERT_NE(word, nullptr);
  EXPECT_TRUE(word->is_partial());
  EXPECT_EQ(word->wrong, 1u);
}

TEST(Uninit, CopyingPaddingIsNoFindingAndReadingItIs) {
  const CheckResult result = check("table");
  EXPECT_EQ(finding_in(result, "memcpy"), nullptr);
  EXPECT_EQ(finding_in(result, "reads_copy"), nullptr);
  EXPECT_NE(finding_in(result, "reads_padding"), nullptr)
      << "what was never written was not written by a copy";
}

TEST(Uninit, FramesAndBitBandWritesAreWrites) {
  const CheckResult result = check("table");
  EXPECT_EQ(finding_in(result, "supervisor_call"), nullptr);
  EXPECT_EQ(finding_in(result, "sets_a_bit"), nullptr);
  EXPECT_EQ(finding_in(result, "reset_handler"), nullptr);
  EXPECT_EQ(result.places, 4u) << "nothing else was found";
  EXPECT_EQ(result.accesses, 6u);
}

TEST(Uninit, CostsNoCycleAndChangesNone) {
  RecordOptions options;
  options.checks = {"uninit"};
  for (const std::string timing : {"table", "full"}) {
    EXPECT_EQ(profile_of(image(), timing, recursion, options).run.cycles,
              profile_of(image(), timing).run.cycles);
  }
}

TEST(Uninit, IsReportedWithPlaceAndTimes) {
  RecordOptions options;
  options.checks = {"uninit"};
  const std::string text = check_report(profile_of(image(), "table", recursion, options));
  EXPECT_TRUE(text.starts_with("check        uninit: 4 instructions, 6 accesses\n")) << text;
  EXPECT_NE(text.find(" (words+8), never written: 0x0800"), std::string::npos) << text;
  EXPECT_NE(text.find(" in reads_fresh (checks.c:23), 3 times\n"), std::string::npos) << text;
  EXPECT_NE(text.find(" (bytes+0), 1 B of them never written: "), std::string::npos) << text;
}

TEST(Checks, UnknownOnesAndThoseWithoutAPlanAreRefused) {
  EXPECT_THROW(check("table", {"nothing"}), InputError);
  EXPECT_THROW(check("table", {"tensors"}), InputError) << "the image has no note";
}

TEST(WrittenMemory, AliasesShareTheirBytesAndFlashIsWritten) {
  emulator::Bus bus;
  bus.add_memory("flash", 0x08000000, 4096, false);
  bus.add_memory("RAM", 0x20000000, 4096, true);
  bus.add_alias("RAM alias", 0x10000000, 0x20000000);
  WrittenMemory memory(bus);
  EXPECT_TRUE(memory.written(0x08000000));
  EXPECT_TRUE(memory.written(0x40000000)) << "a device";
  memory.set_all(0x10000010, 2);
  EXPECT_FALSE(memory.written(0x2000000f));
  EXPECT_TRUE(memory.written(0x20000010));
  EXPECT_TRUE(memory.written(0x20000011));
  EXPECT_FALSE(memory.written(0x20000012));
  memory.set(0x20000010, false);
  EXPECT_FALSE(memory.written(0x10000010));
}

TEST(FindingLog, ListsTheFirstAndCountsAll) {
  FindingLog log("uninit", image());
  const auto most = static_cast<Address>(FindingLog::kMostFindings);
  for (Address i = 0; i < most + 5; ++i)
    log.add({0x08001000 + i * 2, 0x20000000, 4, 1, false}, "never written");
  log.add({0x08001000, 0x20000100, 4, 4, false}, "never written");
  log.add({0x08001000, 0x20000200, 4, 2, false}, "never written");
  EXPECT_EQ(log.result().findings.size(), most);
  EXPECT_EQ(log.result().places, most + 5);
  EXPECT_EQ(log.result().accesses, most + 7);
  const AccessFinding& first = log.result().findings.front();
  EXPECT_EQ(first.count, 3u);
  EXPECT_EQ(first.address, 0x20000100u) << "the one that was wrong as a whole is shown";
}

}  // namespace
}  // namespace mcusim::profiler
