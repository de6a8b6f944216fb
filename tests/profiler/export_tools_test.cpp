// Exports as the tools that read them understand them. Each test is skipped where its tool is not installed.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <regex>

#include "common/files.h"
#include "profiler/exports/callgrind.h"
#include "profiler/exports/lcov.h"
#include "profiler/exports/perfetto.h"
#include "profiler/exports/pprof.h"
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

TEST_F(ExportTool, CallgrindAnnotateFindsInclusiveCausesAndMisses) {
  SKIP_WITHOUT("callgrind_annotate", "valgrind");
  const std::string file = write("callgrind.out", callgrind_export(sample_profile()));
  const auto inclusive = [&](const std::string& event) {
    const Outcome shown =
        shell("callgrind_annotate --auto=no --threshold=100 --inclusive=yes --sort=" + event +
              " --show=" + event + " " + file);
    EXPECT_EQ(shown.status, 0) << shown.output;
    return first_column(shown.output);
  };
  auto issue = inclusive("issue"), data = inclusive("l1d_misses"), flash = inclusive("flash_misses");
  EXPECT_EQ(issue["src/main.c:main"], 44u);
  EXPECT_EQ(issue["src/conv.c:net_layer_0_conv"], 32u);
  EXPECT_EQ(data["src/main.c:main"], 5u);
  EXPECT_EQ(flash["PROGRAM TOTALS"], 12u) << "not known by instruction, and still there";
}

TEST_F(ExportTool, PprofFindsTheCyclesOfTheProfile) {
  SKIP_WITHOUT("go", "golang-go");
  const std::string file = write("net.pb.gz", pprof_export(sample_profile()));
  const Outcome top = shell("go tool pprof -top -nodecount=100 -nodefraction=0 " + file);
  ASSERT_EQ(top.status, 0) << top.output;
  EXPECT_NE(top.output.find("of 101 total"), std::string::npos) << top.output;
  // Flat and cumulative cycles: of main without what it called, and with it.
  EXPECT_TRUE(std::regex_search(top.output, std::regex(R"(\n +64 [^\n]* 64 [^\n]*net_layer_0_conv)")))
      << top.output;
  EXPECT_TRUE(std::regex_search(top.output, std::regex(R"(\n +7 [^\n]* 85 [^\n]*main)"))) << top.output;
}

TEST_F(ExportTool, GenhtmlTakesTheTracefile) {
  SKIP_WITHOUT("genhtml", "lcov");
  for (const char* name : {"main.c", "conv.c", "mac.h", "never.c", "softmax.c"}) {
    std::filesystem::create_directories(folder() / "src");
    write_file(folder() / "src" / name, std::string(20, '\n'));
  }
  write("net.info", lcov_export(sample_profile()));
  const Outcome made = shell("cd " + folder().string() + " && genhtml -o out net.info");
  ASSERT_EQ(made.status, 0) << made.output;
  EXPECT_NE(made.output.find("(12 of 17 lines)"), std::string::npos) << made.output;
  EXPECT_NE(made.output.find("(3 of 5 functions)"), std::string::npos) << made.output;
}

TEST_F(ExportTool, PerfettosOwnSchemaDecodesTheTrace) {
  const std::string module = "perfetto.protos.perfetto.trace.perfetto_trace_pb2";
  if (shell("python3 -c 'import " + module + "'").status != 0)
    GTEST_SKIP() << "the Python module perfetto is not installed (pip install perfetto protobuf)";
  const std::string file = write("net.perfetto", perfetto_export(sample_profile()));
  const std::string script = write("decode.py", R"(
import sys
from )" + module + R"( import Trace, TrackEvent
trace = Trace.FromString(open(sys.argv[1], 'rb').read())
names = {e.iid: e.name for p in trace.packet for e in p.interned_data.event_names}
tracks = {p.track_descriptor.uuid: p.track_descriptor.name for p in trace.packet if p.HasField('track_descriptor')}
for p in trace.packet:
  e = p.track_event
  if e.type == TrackEvent.TYPE_SLICE_BEGIN: print('begin', p.timestamp, tracks[e.track_uuid], names[e.name_iid])
  if e.type == TrackEvent.TYPE_SLICE_END: print('end', p.timestamp, tracks[e.track_uuid])
  if e.type == TrackEvent.TYPE_COUNTER: print('counter', p.timestamp, tracks[e.track_uuid], e.counter_value)
)");
  const Outcome decoded = shell("python3 " + script + " " + file);
  ASSERT_EQ(decoded.status, 0) << decoded.output;
  // 124 and 204 cycles at 400 MHz.
  EXPECT_NE(decoded.output.find("begin 310 main layer 0 conv/Relu"), std::string::npos) << decoded.output;
  EXPECT_NE(decoded.output.find("end 510 main\n"), std::string::npos) << decoded.output;
  EXPECT_NE(decoded.output.find("counter 320 heap 96\n"), std::string::npos) << decoded.output;
}

}  // namespace
}  // namespace mcusim::profiler
