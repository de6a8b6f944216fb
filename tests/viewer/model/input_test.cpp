#include "viewer/window/input.h"

#include <gtest/gtest.h>

namespace mcusim::viewer {
namespace {

TEST(Input, IsQuietWhileNothingHappens) {
  Input before, now;
  before.seconds = 1;
  EXPECT_TRUE(now.is_quiet_since(before)) << "time alone changes no picture";
}

TEST(Input, WhateverTheUserDoesIsSeen) {
  const Input before;
  Input now;
  const auto is_seen = [&] {
    const bool seen = !now.is_quiet_since(before);
    now = before;
    return seen;
  };
  now.mouse_x = 5;
  EXPECT_TRUE(is_seen());
  now.wheel = 1;
  EXPECT_TRUE(is_seen());
  now.buttons[0] = true;
  EXPECT_TRUE(is_seen());
  now.keys[static_cast<std::size_t>(Key::w)] = true;
  EXPECT_TRUE(is_seen()) << "a key that is held zooms on";
  now.text = U"a";
  EXPECT_TRUE(is_seen());
  now.width = 1000;
  EXPECT_TRUE(is_seen());
  now.dropped_files = {"a"};
  EXPECT_TRUE(is_seen());
  now.was_uncovered = true;
  EXPECT_TRUE(is_seen());
}

}  // namespace
}  // namespace mcusim::viewer
