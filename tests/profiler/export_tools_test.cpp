// Exports as the tools that read them understand them. Each test is skipped where its tool is not installed.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <regex>

#include "common/files.h"
#include "profiler/exports/callgrind.h"
#include "sample_profile.h"

namespace mcusim::profiler {
namespace {

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome shell(const std::string& command) {
  Outcome outcome;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer;
  for (std::size_t size; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    outcome.output.append(buffer.data(), size);
  outcome.status = ::pclose(pipe);
  return outcome;
}

#define SKIP_WITHOUT(tool, package)                         \
  if (shell("command -v " tool " > /dev/null").status != 0) \
  GTEST_SKIP() << tool " is not installed (Debian package " package ")"

class ExportTool : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) {
    write_file(folder_.path() / name, bytes);
    return (folder_.path() / name).string();
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
};

/// First column of the lines that match: "64 (63.37%)  src/conv.c:net_layer_0_conv [net.elf]".
std::map<std::string, std::uint64_t> first_column(const std::string& text) {
  static const std::regex line(R"(^ *([0-9,]+) \([ 0-9.]+%\).*  (\S.*?)( \[.*\])?$)", std::regex::multiline);
  std::map<std::string, std::uint64_t> values;
  for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match) {
    std::string digits = (*match)[1];
    std::erase(digits, ',');
    values[(*match)[2]] += std::stoull(digits);
  }
  return values;
}

TEST_F(ExportTool, CallgrindAnnotateFindsTheCyclesOfTheProfile) {
  SKIP_WITHOUT("callgrind_annotate", "valgrind");
  const std::string file = write("callgrind.out", callgrind_export(sample_profile()));
  const Outcome self = shell("callgrind_annotate --auto=no --threshold=100 --show=cycles " + file);
  ASSERT_EQ(self.status, 0) << self.output;
  auto cycles = first_column(self.output);
  EXPECT_EQ(cycles["PROGRAM TOTALS"], 101u) << self.output;
  cycles.erase("PROGRAM TOTALS");
  std::uint64_t sum = 0;
  for (const auto& [name, value] : cycles) sum += value;
  EXPECT_EQ(sum, 101u) << self.output;
}

TEST_F(ExportTool, CallgrindAnnotateFindsInclusiveCyclesOfTheProfile) {
  SKIP_WITHOUT("callgrind_annotate", "valgrind");
  const std::string file = write("callgrind.out", callgrind_export(sample_profile()));
  const Outcome inclusive =
      shell("callgrind_annotate --auto=no --threshold=100 --inclusive=yes --show=cycles " + file);
  ASSERT_EQ(inclusive.status, 0) << inclusive.output;
  auto cycles = first_column(inclusive.output);
  for (const FunctionProfile& function : sample_profile().functions) {
    if (function.is_handler || function.calls > 1) continue;  // Entry is apart; recursion is one cycle there.
    EXPECT_EQ(cycles[function.file + ":" + function.name], function.total_cycles) << inclusive.output;
  }
}

}  // namespace
}  // namespace mcusim::profiler
