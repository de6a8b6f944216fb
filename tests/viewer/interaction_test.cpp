// What the reader does, as the window would report it, without window and GL.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "common/error.h"
#include "common/files.h"
#include "profiler/profile_file.h"
#include "sample_profile.h"
#include "viewer/app.h"
#include "viewer/views/caches_view.h"
#include "viewer/views/pipeline_view.h"
#include "viewer/views/timeline_view.h"
#include "viewer/window/ui_context.h"

namespace mcusim::viewer {
namespace {

class Viewer : public testing::Test {
 protected:
  void SetUp() override {
    profiler::write_profile(file(), sample_profile());
    ui_.load_fonts(15);
    app_.open(file());
    frame();
  }
  std::filesystem::path file() const { return folder_.path() / "sample.mcuprof"; }

  void frame() {
    ui_.begin_frame(input_);
    app_.draw(input_, ui_.fonts());
    ui_.end_frame();
    input_.pressed.reset();
    input_.text.clear();
    input_.wheel = 0;
  }
  /// Frames in which nothing happens, so that ImGui settles.
  void rest() {
    for (int i = 0; i < 3; ++i) frame();
  }
  void show(const std::string& view) {
    app_.show_view(view);
    rest();
  }
  Rectangle place(const std::string& name) const {
    const auto found = app_.landmarks().find(name);
    if (found == app_.landmarks().end()) throw std::runtime_error(name + " was not drawn");
    return found->second;
  }
  void point_at(float x, float y) {
    input_.mouse_x = x;
    input_.mouse_y = y;
    frame();
  }
  void click(const std::string& name) {
    const Rectangle box = place(name);
    click_at((box.left + box.right) / 2, box);
  }
  /// In the first column: between two, a click would change their widths.
  void click_row(const std::string& name) {
    const Rectangle box = place(name);
    click_at(box.left + 5, box);
  }
  void click_at(float x, const Rectangle& box) {
    point_at(x, (box.top + box.bottom) / 2);
    input_.buttons[0] = true;
    frame();
    input_.buttons[0] = false;
    rest();
  }
  void press(Key key, bool ctrl = false) {
    const auto index = static_cast<std::size_t>(key);
    input_.ctrl = ctrl;
    input_.keys[index] = input_.pressed[index] = true;
    frame();
    input_.keys[index] = false;
    input_.ctrl = false;
    rest();
  }
  void type(const std::u32string& text) {
    input_.text = text;
    rest();
  }

  static Settings settings() {
    Settings settings;
    settings.tour_is_done = true;
    return settings;
  }

  TemporaryDirectory folder_;
  UiContext ui_;
  App app_{settings()};
  Input input_;
};

using Rows = std::vector<std::size_t>;

TEST_F(Viewer, AClickOnAHeaderSortsAndASecondTurnsTheOrderAround) {
  show("layers");
  click("layers/MACC");
  EXPECT_EQ(app_.view()->table()->rows(), (Rows{1, 0, 2})) << "numbers: the largest first";
  click("layers/MACC");
  EXPECT_EQ(app_.view()->table()->rows(), (Rows{2, 0, 1}));
}

TEST_F(Viewer, TypingInTheFilterKeepsRowsThatMatch) {
  show("layers");
  click("layers/filter");
  type(U"soft");
  EXPECT_EQ(app_.view()->table()->rows(), (Rows{2}));
}

TEST_F(Viewer, AClickOnALayerSelectsItInAllViews) {
  show("layers");
  click_row("layers/row 1");
  EXPECT_EQ(app_.selection().layer(), 1u);
  show("calls");
  click("calls/main");
  EXPECT_EQ(app_.selection().layer(), std::nullopt);
  EXPECT_EQ(app_.selection().function(), 0u);
}

TEST_F(Viewer, DraggingOverTheTimelineTellsOfTheSpan) {
  show("timeline");
  const auto& timeline = dynamic_cast<const TimelineView&>(*app_.view());
  EXPECT_FALSE(timeline.chosen());
  const Rectangle box = place("timeline");
  const float width = box.right - box.left, y = box.top + 3;
  point_at(box.left + 0.25f * width, y);
  input_.buttons[0] = true;
  frame();
  point_at(box.left + 0.4f * width, y);
  ASSERT_TRUE(timeline.chosen());
  EXPECT_NEAR(static_cast<double>(timeline.chosen()->begin), 0.25 * 210'000, 300);
  EXPECT_NEAR(static_cast<double>(timeline.chosen()->end), 0.4 * 210'000, 300);
  const Cycles before = timeline.chosen()->end;
  point_at(box.left + 0.5f * width, y);
  EXPECT_GT(timeline.chosen()->end, before) << "it follows the mouse";
  input_.buttons[0] = false;
  rest();
  EXPECT_TRUE(timeline.chosen());
  press(Key::escape);
  EXPECT_FALSE(timeline.chosen());
}

TEST_F(Viewer, TheWheelZoomsTheTimelineAboutTheMouse) {
  show("timeline");
  const auto& timeline = dynamic_cast<const TimelineView&>(*app_.view());
  const Rectangle box = place("timeline");
  const float x = box.left + 0.3f * (box.right - box.left);
  point_at(x, box.top + 3);
  const double moment = timeline.axis().to_value(x - box.left, box.right - box.left);
  input_.wheel = 3;
  frame();
  EXPECT_LT(timeline.axis().span(), 0.6 * 210'000);
  EXPECT_NEAR(timeline.axis().to_value(x - box.left, box.right - box.left), moment, 1);
  press(Key::home);
  EXPECT_DOUBLE_EQ(timeline.axis().span(), 210'000);
}

TEST_F(Viewer, SearchSelectsTheNextInstructionThatMatches) {
  show("code");
  click_row("functions/row 5");
  for (const Address expected : {0x080006a2u, 0x080006a4u, 0x080006a2u}) {
    click("code/search");
    if (!app_.selection().address()) type(U"ldrsb");
    press(Key::enter);
    EXPECT_EQ(app_.selection().address(), expected);
  }
}

TEST_F(Viewer, KeysStepThroughThePipelineAndToItsStalls) {
  show("pipeline");
  const auto& pipeline = dynamic_cast<const PipelineView&>(*app_.view());
  press(Key::down);
  EXPECT_EQ(pipeline.current(), 1u);
  EXPECT_EQ(app_.selection().address(), 0x080006a2u) << "other views follow";
  press(Key::right);
  EXPECT_EQ(pipeline.current(), 3u) << "the multiplication waits";
  press(Key::left);
  EXPECT_EQ(pipeline.current(), 1u) << "the load misses";
  press(Key::up);
  press(Key::up);
  EXPECT_EQ(pipeline.current(), 0u);
  press(Key::end);
  EXPECT_EQ(pipeline.current(), 13u);
  click("pipeline/2");
  EXPECT_EQ(pipeline.current(), 2u);
}

TEST_F(Viewer, ALayerOfTheNetworkIsChosenByClickAndByArrows) {
  show("network");
  click("network/1");
  EXPECT_EQ(app_.selection().layer(), 1u);
  press(Key::down);
  EXPECT_EQ(app_.selection().layer(), 2u);
  press(Key::up);
  EXPECT_EQ(app_.selection().layer(), 1u);
}

TEST_F(Viewer, TheWheelZoomsTheNetwork) {
  show("network");
  const Rectangle before = place("network/1");
  point_at(before.left + 1, before.top + 1);
  input_.wheel = 2;
  frame();
  EXPECT_GT(place("network/1").right - place("network/1").left, 1.4f * (before.right - before.left));
  press(Key::home);
  EXPECT_NEAR(place("network/1").left, before.left, 1);
}

TEST_F(Viewer, ALineOfSourceLeadsToItsInstructions) {
  show("code");
  click_row("functions/row 5");
  click("code/line 6");
  EXPECT_EQ(app_.selection().address(), 0x080006a6u);
}

TEST_F(Viewer, ATensorLeadsToTheLayerThatComputesIt) {
  show("layers");
  click_row("layers/row 1");
  show("memory");
  click("tensor/1");
  EXPECT_EQ(app_.selection().layer(), 0u);
  click("memory/symbols");
  EXPECT_NO_THROW(place("symbols/filter"));
}

TEST_F(Viewer, PagesTurnThroughAllViews) {
  show("summary");
  press(Key::page_up, true);
  EXPECT_EQ(app_.settings().view, "compare");
  press(Key::page_down, true);
  EXPECT_EQ(app_.settings().view, "summary");
}

TEST_F(Viewer, KeysSwitchViewThemeAndSizeOfText) {
  press(Key::digit_4, true);
  EXPECT_EQ(app_.settings().view, "calls");
  press(Key::t, true);
  EXPECT_FALSE(app_.settings().is_dark);
  const float before = app_.font_pixels(input_);
  press(Key::plus, true);
  EXPECT_GT(app_.font_pixels(input_), before);
  press(Key::digit_0, true);
  EXPECT_EQ(app_.font_pixels(input_), before);
}

TEST_F(Viewer, TheDisplaysScaleMakesTextLarger) {
  const float before = app_.font_pixels(input_);
  input_.dpi_scale = 2;
  EXPECT_EQ(app_.font_pixels(input_), 2 * before);
}

TEST_F(Viewer, ThePaletteRunsWhatWasTyped) {
  press(Key::p, true);
  type(U"light");
  press(Key::enter);
  EXPECT_FALSE(app_.settings().is_dark);
}

TEST_F(Viewer, ADroppedFileIsOpened) {
  const std::filesystem::path other = folder_.path() / "other.mcuprof";
  profiler::Profile profile = sample_profile();
  profile.layers.resize(1);
  profile.timeline = {};     // Its slices name layers that are gone..
  profile.activations = {};  // ..as its tensors do.
  for (profiler::LayerProfile& layer : profile.layers) layer.layer.inputs = layer.layer.outputs = {};
  profiler::write_profile(other, profile);
  show("layers");
  input_.dropped_files = {other.string()};
  frame();
  input_.dropped_files.clear();
  EXPECT_EQ(app_.view()->table()->rows().size(), 1u);
}

TEST_F(Viewer, ADamagedFileIsRefusedWithAMessageAndTheOldOneStays) {
  const std::filesystem::path damaged = folder_.path() / "damaged.mcuprof";
  auto bytes = read_file(file());
  bytes.resize(bytes.size() / 2);
  write_file(damaged, bytes);
  app_.open(damaged);
  EXPECT_NE(app_.problem().find("damaged.mcuprof"), std::string::npos) << app_.problem();
  rest();
  ASSERT_NE(app_.view(), nullptr);
  app_.open(file());
  EXPECT_EQ(app_.problem(), "");
}

TEST_F(Viewer, AChangedFileIsReadAgain) {
  show("layers");
  profiler::Profile profile = sample_profile();
  profile.layers.resize(2);
  profile.timeline = {};     // Its slices name layers that are gone..
  profile.activations = {};  // ..as its tensors do.
  for (profiler::LayerProfile& layer : profile.layers) layer.layer.inputs = layer.layer.outputs = {};
  profiler::write_profile(file(), profile);
  std::filesystem::last_write_time(file(),
                                   std::filesystem::last_write_time(file()) + std::chrono::seconds(2));
  app_.reload_changed_files();
  rest();
  EXPECT_EQ(app_.view()->table()->rows().size(), 2u);
}

TEST_F(Viewer, AReloadKeepsWhatTheReaderHasSetUp) {
  show("layers");
  click("layers/MACC");
  click_row("layers/row 1");
  show("timeline");
  const Rectangle box = place("timeline");
  point_at(box.left + 0.3f * (box.right - box.left), box.top + 3);
  input_.wheel = 3;
  frame();
  const double begin = dynamic_cast<const TimelineView&>(*app_.view()).axis().begin();
  profiler::Profile profile = sample_profile();
  profile.layers[0].layer.macc = 90'000;
  profiler::write_profile(file(), profile);
  std::filesystem::last_write_time(file(),
                                   std::filesystem::last_write_time(file()) + std::chrono::seconds(2));
  EXPECT_TRUE(app_.reload_changed_files());
  EXPECT_FALSE(app_.reload_changed_files()) << "once";
  rest();
  EXPECT_DOUBLE_EQ(dynamic_cast<const TimelineView&>(*app_.view()).axis().begin(), begin);
  EXPECT_EQ(app_.selection().layer(), 1u);
  show("layers");
  EXPECT_EQ(app_.view()->table()->rows(), (Rows{0, 1, 2})) << "by MACC, of the new values";
}

TEST_F(Viewer, KeysAndCommandsStayInsideTheWindowWhenTextIsLarge) {
  ui_.load_fonts(30);
  press(Key::f1);
  EXPECT_LT(place("help").bottom, input_.height);
  press(Key::escape);
  press(Key::p, true);
  EXPECT_LT(place("palette").bottom, input_.height);
}

TEST_F(Viewer, ALongNameLeavesRoomForTheNumbersBesideIt) {
  profiler::Profile profile = sample_profile();
  profile.layers[0].layer.name = std::string(400, 'x');
  profiler::write_profile(file(), profile);
  app_.open(file());
  show("layers");
  EXPECT_LT(place("layers/cycles").right, input_.width);
}

TEST_F(Viewer, WithoutRoomForItsListFunctionsAreChosenFromOneThatOpens) {
  ui_.load_fonts(30);
  show("code");
  click("code/choose function");
  click_row("functions/row 2");
  EXPECT_EQ(app_.selection().function(), 2u);
  const Rectangle closed = place("code/choose function");
  EXPECT_LE(closed.right, input_.width);
  EXPECT_GE(closed.right - closed.left, 0.9f * input_.width);
}

TEST_F(Viewer, HeatOfACacheShowsHitsOrMissesAndTheTimeThatTheWheelChooses) {
  show("caches");
  const auto& caches = dynamic_cast<const CachesView&>(*app_.view());
  EXPECT_FALSE(caches.shows_hits());
  click("caches/Hits");
  EXPECT_TRUE(caches.shows_hits());
  click("caches/Misses");
  EXPECT_FALSE(caches.shows_hits());
  const Rectangle heat = place("caches/heat"), ways = place("caches/ways");
  EXPECT_GE(ways.left, heat.right) << "beside the sets over time";
  EXPECT_EQ(ways.top, heat.top) << "with the same sets in the same rows";
  point_at((heat.left + heat.right) / 2, (heat.top + heat.bottom) / 2);
  const double before = caches.time().span();
  input_.wheel = 3;
  frame();
  EXPECT_LT(caches.time().span(), 0.6 * before);
  press(Key::home);
  EXPECT_EQ(caches.time().span(), before);
}

TEST_F(Viewer, ABoardsLogIsComparedWith) {
  const std::filesystem::path log = folder_.path() / "board.log";
  write_file(log, sample_board_log());
  app_.open_other(log);
  EXPECT_EQ(app_.problem(), "");
  show("compare");
  ASSERT_NE(app_.view()->table(), nullptr);
  EXPECT_EQ(app_.view()->table()->rows().size(), 3u);
  show("summary");
}

TEST_F(Viewer, EveryViewDrawsAnEmptyProfile) {
  const std::filesystem::path empty = folder_.path() / "empty.mcuprof";
  profiler::write_profile(empty, profiler::Profile{});
  app_.open(empty);
  for (const char* view : {"summary", "layers", "network", "calls", "code", "pipeline", "timeline", "memory",
                           "caches", "compare"})
    show(view);
  EXPECT_EQ(app_.problem(), "");
}

TEST_F(Viewer, AViewThatIsNotThereIsRefused) { EXPECT_THROW(app_.show_view("nothing"), InputError); }

TEST(Tour, IsShownAtTheFirstStartAndCanBeSkipped) {
  const TemporaryDirectory folder;
  profiler::write_profile(folder.path() / "sample.mcuprof", sample_profile());
  UiContext ui;
  ui.load_fonts(15);
  App app{Settings{}};
  app.open(folder.path() / "sample.mcuprof");
  Input input;
  const auto draw = [&] {
    ui.begin_frame(input);
    app.draw(input, ui.fonts());
    ui.end_frame();
  };
  for (int i = 0; i < 4; ++i) draw();
  EXPECT_FALSE(app.settings().tour_is_done);
  ASSERT_TRUE(app.landmarks().contains("tour/skip"));
  const Rectangle skip = app.landmarks().at("tour/skip");
  input.mouse_x = (skip.left + skip.right) / 2;
  input.mouse_y = (skip.top + skip.bottom) / 2;
  draw();
  input.buttons[0] = true;
  draw();
  input.buttons[0] = false;
  draw();
  EXPECT_TRUE(app.settings().tour_is_done);
}

}  // namespace
}  // namespace mcusim::viewer
