#include "viewer/model/settings.h"

#include <gtest/gtest.h>

namespace mcusim::viewer {
namespace {

TEST(Settings, ComeBackAsTheyWereKept) {
  const Settings kept{false, 1.25f, "timeline", 1000, 700, true};
  EXPECT_EQ(to_text(settings_from(to_text(kept))), to_text(kept));
  EXPECT_FALSE(settings_from(to_text(kept)).is_dark);
}

TEST(Settings, DamageTakesTheDefaults) {
  const std::string usual = to_text(Settings{});
  for (const char* text : {"", "{", "[1]", "{\"dark\": 7, \"view\": null, \"width\": \"wide\"}"})
    EXPECT_EQ(to_text(settings_from(text)), usual) << text;
}

TEST(Settings, SizesThatNoScreenHasAreCorrected) {
  const Settings settings = settings_from(R"({"font_scale": 900, "width": -5, "height": 1e12})");
  EXPECT_EQ(settings.font_scale, kLargestFontScale);
  EXPECT_GE(settings.width, 320);
  EXPECT_LE(settings.height, 16384);
}

}  // namespace
}  // namespace mcusim::viewer
