#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "common/embedded_file.h"
#include "common/error.h"
#include "mcu_models/library.h"

namespace mcusim {
extern const std::span<const EmbeddedFile> mcu_model_files;
}

namespace mcusim::mcu_models {
namespace {

constexpr int kDamagesPerFile = 150;

/// What breaks parsers: brackets that do not close, numbers at the limits, keys where values belong.
constexpr std::array<std::string_view, 20> kTokens = {
    "[",   "]",    "{",           "}",          "[[",
    "\"",  "'''",  "=",           ".",          "#",
    "\n",  "0x",   "-1",          "4294967296", "9223372036854775807",
    "inf", "true", "a.b.c = 1\n", "\"\"",       "\xff"};

std::string damaged(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
  const std::size_t damages = 1 + below(3);
  for (std::size_t i = 0; i < damages; ++i) {
    const std::size_t at = below(text.size());
    const std::size_t length = std::min<std::size_t>(below(40), text.size() - at);
    switch (below(5)) {
      case 0:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(below(text.size()), text.substr(at, length));
        break;
      case 3:
        text.insert(at, kTokens[below(kTokens.size())]);
        break;
      default:  // A digit becomes another: still TOML, but another address, bit or size.
        if (const std::size_t digit = text.find_first_of("0123456789", at); digit != std::string::npos) {
          text[digit] = static_cast<char>('0' + below(10));
        }
    }
  }
  return text;
}

std::string_view content_of(const std::string& name) {
  for (const EmbeddedFile& file : mcu_model_files) {
    if (file.name == name) return file.content;
  }
  return "";
}

/// The part that shows whether `file` is sound: itself, one that refers to it, or for a core one made of it.
std::string part_text_for(const EmbeddedFile& file) {
  const std::string stem = stem_of(std::string(file.name));
  const auto first = [](auto&& wanted) -> std::string {
    for (const std::string& name : mcu_names()) {
      const McuModel mcu = load_mcu(name);
      if (wanted(mcu)) return std::string(content_of("parts/" + name + ".toml"));
    }
    return "";
  };
  if (file.name.starts_with("parts/")) return std::string(file.content);
  if (file.name.starts_with("families/")) {
    return first([&](const McuModel& mcu) { return mcu.family == stem; });
  }
  if (file.name.starts_with("cores/")) {
    const std::string part = first([](const McuModel& mcu) { return mcu.name == "stm32g0b1"; });
    return "core = \"" + stem + "\"\n" + part;
  }
  if (file.name.starts_with("boards/")) {
    std::string mcu_name;
    const std::string text = first([&](const McuModel& mcu) {
      mcu_name = mcu.name;
      return file.content.find("mcu = \"" + mcu.name + "\"") != std::string_view::npos;
    });
    return "name = \"" + mcu_name + "\"\n" + text;
  }
  const std::string reference = "block = \"" + stem + "\"";
  return first([&](const McuModel& mcu) {
    return content_of("families/" + mcu.family + ".toml").find(reference) != std::string_view::npos;
  });
}

class EveryFile : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryFile, LoadsOrIsRefusedInOneLineHoweverItIsDamaged) {
  std::vector<EmbeddedFile> files(mcu_model_files.begin(), mcu_model_files.end());
  const EmbeddedFile intact = files[GetParam()];
  const std::string part = part_text_for(intact);
  ASSERT_NE(part, "") << intact.name << " is used by no part";
  files.push_back({"parts/witness.toml", part});
  EmbeddedFile& file = intact.name.starts_with("parts/") ? files.back() : files[GetParam()];
  const Library library(files);
  const auto load = [&] {
    const McuModel mcu = load_mcu(library, "witness");
    if (intact.name.starts_with("boards/")) load_board(library, mcu, stem_of(std::string(intact.name)));
  };
  load();
  std::mt19937 random(static_cast<unsigned>(GetParam()) + 1);
  int refused = 0;
  for (int i = 0; i < kDamagesPerFile; ++i) {
    const std::string text = damaged(std::string(intact.content), random);
    file.content = text;
    try {
      load();
    } catch (const InputError& error) {
      ++refused;
      const std::string message = error.what();
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      EXPECT_NE(message.find("; "), std::string::npos) << message;
    }
  }
  EXPECT_GT(refused, kDamagesPerFile / 4) << "damage went unnoticed";
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryFile, testing::Range(std::size_t{0}, mcu_model_files.size()),
                         [](const auto& test) {
                           std::string name(mcu_model_files[test.param].name);
                           for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           return name;
                         });

}  // namespace
}  // namespace mcusim::mcu_models
