#include "viewer/model/commands.h"

#include <gtest/gtest.h>

namespace mcusim::viewer {
namespace {

TEST(Commands, EveryWordMustBeInTheName) {
  const std::vector<Command> commands = {
      {"Show Layers", {}, {}}, {"Show Timeline", {}, {}}, {"Larger text", {}, {}}};
  EXPECT_EQ(matching(commands, "").size(), 3u);
  EXPECT_EQ(matching(commands, "sho lay").front()->name, "Show Layers");
  EXPECT_EQ(matching(commands, "la").size(), 2u);
  EXPECT_TRUE(matching(commands, "layers text").empty());
}

TEST(Commands, AChordNeedsItsCtrlAndNoOther) {
  Input input;
  input.pressed[static_cast<std::size_t>(Key::p)] = true;
  EXPECT_FALSE(is_pressed({Key::p, true}, input));
  EXPECT_TRUE(is_pressed({Key::p}, input));
  input.ctrl = true;
  EXPECT_TRUE(is_pressed({Key::p, true}, input));
  EXPECT_FALSE(is_pressed({}, input));
}

TEST(Commands, ChordsAreNamedAsOnTheKeyboard) {
  EXPECT_EQ(to_text(KeyChord{Key::p, true}), "Ctrl+P");
  EXPECT_EQ(to_text(KeyChord{Key::digit_3, true}), "Ctrl+3");
  EXPECT_EQ(to_text(KeyChord{Key::f1}), "F1");
}

}  // namespace
}  // namespace mcusim::viewer
