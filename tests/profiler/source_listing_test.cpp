#include "profiler/exports/source_listing.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "common/files.h"
#include "sample_profile.h"

namespace mcusim::profiler {
namespace {

class SourceListing : public testing::Test {
 protected:
  /// `name` in a folder of its own, of numbered lines; where the sample's source `of` came from from now on.
  void write(const std::string& of, const std::string& name, unsigned lines) {
    std::string text;
    for (unsigned line = 1; line <= lines; ++line) text += fmt::format("{} line {}\n", name, line);
    write_file(folder_.path() / name, text);
    for (emulator::SourceLocation& place : profile_.source_places)
      if (place.at.file == of) place.at.file = folder_.path() / name;
  }
  const ListedFile& file(const std::vector<ListedFile>& listing, const std::string& ending) {
    const auto found =
        std::ranges::find_if(listing, [&](const ListedFile& file) { return file.name.ends_with(ending); });
    if (found == listing.end()) throw std::runtime_error("no file " + ending);
    return *found;
  }
  static std::vector<unsigned> numbers(const ListedFile& file) {
    std::vector<unsigned> all;
    for (const ListedLine& line : file.lines) all.push_back(line.number);
    return all;
  }

  Profile profile_ = sample_profile();

 private:
  TemporaryDirectory folder_;
};

TEST_F(SourceListing, BeginsWithTheFileThatCostMost) {
  std::vector<std::string> names;
  for (const ListedFile& file : source_listing(profile_)) names.push_back(file.name);
  EXPECT_EQ(names, (std::vector<std::string>{"src/conv.c", "src/mac.h", "src/softmax.c", "src/main.c"}));
}

TEST_F(SourceListing, OfLinesAddsUpToTheInstructionsThatHaveAPlace) {
  Cycles lines = 0, instructions = 0;
  for (const ListedFile& file : source_listing(profile_))
    for (const ListedLine& line : file.lines) lines += line.cycles;
  for (const InstructionProfile& entry : profile_.instructions)
    if (entry.place != InstructionProfile::kNoPlace) instructions += entry.cycles;
  EXPECT_EQ(lines, instructions);
}

TEST_F(SourceListing, HasTheTextOfExecutedLinesAndOfThoseAroundThem) {
  write("src/mac.h", "mac.h", 20);
  const std::vector<ListedFile> listing = source_listing(profile_);
  const ListedFile& mac = file(listing, "mac.h");
  EXPECT_EQ(mac.no_text, "");
  EXPECT_EQ(numbers(mac), (std::vector<unsigned>{1, 2, 3, 4, 5, 6, 7, 8})) << "3 and 4 were executed";
  EXPECT_EQ(mac.lines[2].text, "mac.h line 3");
  EXPECT_EQ(mac.lines[2].cycles, 20u);
  EXPECT_EQ(mac.lines[2].count, 10u);
  EXPECT_EQ(mac.lines[4].cycles, 0u);
  EXPECT_EQ(mac.lines[4].text, "mac.h line 5");
}

TEST_F(SourceListing, OfAFileThatIsNotThereHasItsExecutedLinesAndSaysSo) {
  const std::vector<ListedFile> listing = source_listing(profile_);
  const ListedFile& mac = file(listing, "mac.h");
  EXPECT_EQ(mac.no_text, "cannot be read here");
  EXPECT_EQ(numbers(mac), (std::vector<unsigned>{3, 4}));
  EXPECT_EQ(mac.lines[1].cycles, 10u);
}

TEST_F(SourceListing, ReadsNoFileThatIsNoSourceByItsName) {
  write("src/mac.h", "passwords", 20);
  const std::vector<ListedFile> listing = source_listing(profile_);
  EXPECT_EQ(file(listing, "passwords").no_text, "not a source file by its name");
  EXPECT_EQ(file(listing, "passwords").lines[0].text, "");
}

TEST_F(SourceListing, LeavesOutTheTextThatHasNoRoom) {
  write("src/mac.h", "mac.h", 20);
  write("src/main.c", "main.c", 20);
  const std::vector<ListedFile> listing = source_listing(profile_, 100);
  EXPECT_EQ(file(listing, "mac.h").no_text, "") << "8 lines of 12 bytes";
  EXPECT_EQ(file(listing, "main.c").no_text, "left out, the listing is full");
  EXPECT_EQ(numbers(file(listing, "main.c")), (std::vector<unsigned>{5, 6, 7, 8}));
}

TEST_F(SourceListing, OfAFileThatIsShorterThanItsLinesKeepsThem) {
  write("src/mac.h", "mac.h", 2);
  const std::vector<ListedFile> listing = source_listing(profile_);
  const ListedFile& mac = file(listing, "mac.h");
  EXPECT_EQ(numbers(mac), (std::vector<unsigned>{1, 2, 3, 4}));
  EXPECT_EQ(mac.lines[3].text, "");
  EXPECT_EQ(mac.cycles, 30u);
}

}  // namespace
}  // namespace mcusim::profiler
