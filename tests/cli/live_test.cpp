// A run with a viewer beside it, which a script stands for.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

namespace fs = std::filesystem;

/// Copies the program, so that another viewer stands beside it.
int run_with_viewer(const fs::path& folder, const std::string& script, const std::string& arguments) {
  fs::copy_file(MCUSIM_BINARY, folder / "mcusim");
  write_file(folder / "mcusim-viewer", script);
  fs::permissions(folder / "mcusim-viewer", fs::perms::owner_all);
  const std::string command =
      "cd " + folder.string() + " && ./mcusim run " + arguments + " >out.txt 2>err.txt";
  return WEXITSTATUS(std::system(command.c_str()));
}

nlohmann::json counts(const fs::path& json) {
  const auto bytes = read_file(json);
  const nlohmann::json report = nlohmann::json::parse(bytes.begin(), bytes.end());
  return {report["cycles"], report["instructions"], report["run"], report["functions"]};
}

TEST(Live, TheViewerReadsProfilesAndTheRunIsAsWithoutIt) {
  const TemporaryDirectory folder;
  const std::string arguments = MCUSIM_FIRMWARE "/runaway.elf --mcu stm32f446 --max-cycles 100000000 --json ";
  EXPECT_EQ(
      run_with_viewer(folder.path(), "#!/bin/sh\ncp \"$1\" seen.mcuprof\n", arguments + "live.json --live"),
      4);
  const Outcome plain = mcusim({"run", MCUSIM_FIRMWARE "/runaway.elf", "--mcu", "stm32f446", "--max-cycles",
                                "100000000", "--json", "plain.json"},
                               folder.path());
  EXPECT_EQ(plain.status, 4) << plain.errors;
  EXPECT_EQ(counts(folder.path() / "live.json"), counts(folder.path() / "plain.json"));
  const Outcome seen = mcusim({"report", "seen.mcuprof"}, folder.path());
  EXPECT_EQ(seen.status, 0) << seen.errors;
}

TEST(Live, WithoutAViewerTheRunGoesOn) {
  const TemporaryDirectory folder;
  EXPECT_EQ(run_with_viewer(folder.path(), "#!/bin/sh\nexit 2\n",
                            MCUSIM_FIRMWARE "/runaway.elf --mcu stm32f446 --max-cycles 50000000 --live"),
            4);
}

}  // namespace
}  // namespace mcusim::test
