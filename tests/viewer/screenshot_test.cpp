// Pictures of each view of the sample profiles, against goldens that people have looked at.
#include <gtest/gtest.h>
#include <imgui.h>

#include <cstdlib>

#include "common/files.h"
#include "profiler/profile_file.h"
#include "sample_profile.h"
#include "viewer/window/picture.h"

namespace mcusim::viewer {
namespace {

/// The goldens were drawn by this version; others lay text out by a pixel differently.
constexpr int kGoldenImGuiVersion = 18600;
/// A pixel differs when a colour is off by more; drivers round edges differently.
constexpr int kColourTolerance = 24;
constexpr double kDifferentPixels = 0.001;

struct Shot {
  const char* name;
  const char* arguments;
};

void PrintTo(const Shot& shot, std::ostream* out) { *out << shot.name; }

class Screenshot : public testing::TestWithParam<Shot> {
 protected:
  void SetUp() override {
    if (IMGUI_VERSION_NUM != kGoldenImGuiVersion)
      GTEST_SKIP() << "the goldens are of ImGui 1.86, this is " IMGUI_VERSION;
    if (std::system("command -v xvfb-run >/dev/null 2>&1") != 0) GTEST_SKIP() << "xvfb-run is not installed";
    profiler::write_profile(folder_.path() / "sample.mcuprof", sample_profile());
    profiler::write_profile(folder_.path() / "changed.mcuprof", changed_profile());
    write_file(folder_.path() / "board.log", sample_board_log());
  }
  Picture take(const std::string& arguments) {
    const std::string picture = (folder_.path() / "taken.png").string();
    // Drivers of OpenGL keep a few bytes until they are unloaded: a leak to the sanitizers, but not ours.
    const std::string command =
        "cd " + folder_.path().string() +
        " && ASAN_OPTIONS=detect_leaks=0 LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a " MCUSIM_BINARY
        " view sample.mcuprof " +
        arguments + " --screenshot " + picture;
    const int status = std::system(command.c_str());
    EXPECT_EQ(status, 0) << command;
    return read_png(picture);
  }

  TemporaryDirectory folder_;
};

TEST_P(Screenshot, LooksAsTheGolden) {
  const std::string path = std::string(MCUSIM_SOURCE_DIR "/tests/viewer/golden/") + GetParam().name + ".png";
  const Picture taken = take(GetParam().arguments);
  if (std::getenv("MCUSIM_WRITE_GOLDENS") != nullptr) {
    write_png(path, taken);
    GTEST_SKIP() << "wrote " << path << "; look at it before it is committed";
  }
  const Picture golden = read_png(path);
  ASSERT_EQ(taken.width, golden.width);
  ASSERT_EQ(taken.height, golden.height);
  std::size_t different = 0;
  for (std::size_t i = 0; i < golden.rgb.size(); i += 3) {
    bool differs = false;
    for (std::size_t colour = i; colour < i + 3; ++colour)
      differs |= std::abs(int{golden.rgb[colour]} - int{taken.rgb[colour]}) > kColourTolerance;
    different += differs;
  }
  const double share = static_cast<double>(different) / (static_cast<double>(golden.width) * golden.height);
  if (share > kDifferentPixels) write_png(std::string(GetParam().name) + "-taken.png", taken);
  EXPECT_LE(share, kDifferentPixels) << different << " pixels differ; see " << GetParam().name
                                     << "-taken.png in the current folder";
}

INSTANTIATE_TEST_SUITE_P(
    Views, Screenshot,
    testing::Values(Shot{"summary", "--view summary"}, Shot{"layers", "--view layers"},
                    Shot{"layers_light", "--view layers --theme light"}, Shot{"network", "--view network"},
                    Shot{"network_light", "--view network --theme light"}, Shot{"calls", "--view calls"},
                    Shot{"pipeline", "--view pipeline"},
                    Shot{"pipeline_light_200", "--view pipeline --theme light --scale 200"},
                    Shot{"code", "--view code"}, Shot{"timeline", "--view timeline"},
                    Shot{"memory", "--view memory"}, Shot{"caches", "--view caches"},
                    Shot{"caches_light_200", "--view caches --theme light --scale 200"},
                    Shot{"code_200", "--view code --scale 200"},
                    Shot{"summary_200", "--view summary --scale 200"},
                    Shot{"compare_board", "board.log --view compare --theme light"},
                    Shot{"compare", "changed.mcuprof --view compare"}),
    [](const auto& shot) { return std::string(shot.param.name); });

}  // namespace
}  // namespace mcusim::viewer
