#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "common/error.h"
#include "common/files.h"
#include "mcu_models/mcu_model.h"

namespace mcusim::mcu_models {
namespace {

constexpr const char* kPart = R"(family = "stm32h7"
name = "stm32h743"
default_board = "nucleo-h743zi"
source = "test"
status = "assumed"

[memory]
source = "test"
status = "assumed"
FLASH = { kind = "flash", base = 0x08000000, size = 0x200000 }
SRAM = { kind = "ram", base = 0x20000000, size = 0x20000, aliases = [0x10000000] }

[peripherals]
source = "test"
status = "assumed"
EXTRA = { block = "usart_v2", base = 0x48000000, interrupt = 7, rules = ["ISR.21 = CR1.3", "ISR.7:6 = 3"] }
)";

constexpr const char* kBoard = R"(title = "Test"
mcu = "stm32h743"
oscillator_hz = 0
supply = "ldo"
core_clock_hz = 64_000_000
startup = [
  { modify = "RCC.CR", mask = 0x10, value = 0x10, why = "on" },
  { wait = "RCC.CR", mask = 0x4, value = 0x4, why = "ready" },
]

[console]
peripheral = "USART3"
tx_pin = "PD8"
rx_pin = "PD9"
alternate_function = 7
baud = 115200
clock_hz = 64_000_000
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "the test's text has no " << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class Errors : public testing::Test {
 protected:
  /// The message of loading a part file, "" when it loads.
  std::string part_error(const std::string& text) {
    const auto path = folder_.path() / "part.toml";
    write_file(path, text);
    return message([&] { load_mcu(path.string()); });
  }
  std::string board_error(const std::string& text) {
    const auto path = folder_.path() / "board.toml";
    write_file(path, text);
    return message([&] { load_board(load_mcu("stm32h743"), path.string()); });
  }
  template <typename F>
  static std::string message(F&& load) {
    try {
      load();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryDirectory folder_;
};

struct Fault {
  const char* from;
  const char* to;
  const char* line;  ///< ":9: " where the message must point to; "" for any.
  const char* says;
};

TEST_F(Errors, UndamagedTextsLoad) {
  EXPECT_EQ(part_error(kPart), "");
  EXPECT_EQ(board_error(kBoard), "");
}

TEST_F(Errors, OfPartFilesNameLineKeyAndFault) {
  constexpr Fault kFaults[] = {
      {"family =", "famly =", ":1: ", "family: missing, did you mean famly, expected a text"},
      {"\"stm32h7\"", "\"stm32h8\"", ":1: ", "did you mean stm32h7"},
      {"\"stm32h7\"", "7", ":1: ", "expected a text, found an integer"},
      {"family = \"stm32h7\"", "", "", "family: missing"},
      {"default_board", "max_clock_hz = \"fast\"\ndefault_board", ":3: ", "expected an integer from"},
      {"default_board", "interrupt_count = 0\ndefault_board", ":3: ", "from 1 to 1024, found 0"},
      {"default_board", "fpu = \"fpv6\"\ndefault_board", ":3: ", "expected one of none, fpv4_sp"},
      {"default_board", "core = \"cortex-m8\"\ndefault_board", ":3: ", "did you mean cortex-m"},
      {"default_board", "absent = [\"SPI1\"]\ndefault_board", ":3: ", "the family has no 'SPI1'"},
      {"default_board", "absent = 1\ndefault_board", ":3: ", "expected a list"},
      {"default_board", "made = 2020-01-01\ndefault_board", ":3: ", "a date or time"},
      {"default_board", "default_board = \"a\"\ndefault_board", ":4: ", "not TOML"},
      {"source = \"test\"", "", "", "source: missing; name where these facts come from"},
      {"status = \"assumed\"\n\n[memory]", "\n[memory]", "", "status: missing"},
      {"status = \"assumed\"\n\n[memory]", "status = \"sure\"\n\n[memory]",
       ":5: ", "documented, measured, assumed"},
      {"[memory]\nsource = \"test\"", "[memory]", "", "memory.source: missing"},
      {"kind = \"flash\"", "kind = \"rom\"", ":10: ", "memory.FLASH.kind: expected one of flash"},
      {"kind = \"flash\"", "knd = \"flash\"", ":10: ", "memory.FLASH"},
      {"size = 0x200000", "size = 0x20000000", ":10: ", "from 0x10 to 0x4000000"},
      {"size = 0x200000", "size = -1", ":10: ", "memory.FLASH.size"},
      {"size = 0x200000", "size = 1e9", ":10: ", "found a real number"},
      {"size = 0x200000", "size = 17", ":10: ", "multiples of 16"},
      {"size = 0x200000", "size = 99999999999999999999", ":10: ", "not TOML"},
      {"base = 0x20000000", "base = 0x081f0000", ":11: ", "overlaps memory.FLASH"},
      {"base = 0x20000000", "base = 0xfffffff0", ":11: ", "ends beyond the 4 GiB"},
      {"[0x10000000]", "[0x08000000]", ":11: ", "overlaps"},
      {"[0x10000000]", "[\"0\"]", ":11: ", "expected addresses"},
      {"SRAM =", "\"S\\nRAM\" =", ":11: ", "not a name as manuals have them"},
      {"usart_v2", "usart_v9", ":16: ", "did you mean usart_v1 or usart_v2"},
      {"block = \"usart_v2\"", "model = \"usb\"", ":16: ", "expected one of registers"},
      {"base = 0x48000000", "base = 0x58024404", "", "overlaps"},
      {"base = 0x48000000", "base = 0x20000100", "", "overlaps memory.SRAM"},
      {"ISR.21 =", "ISRR.21 =", ":16: ", "EXTRA has no register 'ISRR', did you mean"},
      {"CR1.3", "CR9.3", ":16: ", "EXTRA has no register 'CR9'"},
      {"CR1.3", "CR1.4:3", ":16: ", "1 bits follow 2 bits"},
      {"CR1.3", "", ":16: ", "has no register ''"},
      {"ISR.21 = CR1.3", "ISR.21", ":16: ", "has no '='"},
      {"ISR.21 =", "ISR.32 =", ":16: ", "'32' is no range of bits"},
      {"ISR.21 =", "ISR =", ":16: ", "names no bits"},
      {"ISR.7:6 = 3", "ISR.6:7 = 3", ":16: ", "'6:7' is no range of bits"},
      {"ISR.7:6 = 3", "ISR.7:6 = 4", ":16: ", "4 does not fit in 2 bits"},
      {"interrupt = 7", "interrupt = 150", ":16: ", "from -1 to 149"},
      {"interrupt = 7", "registers.NEW = { offset = 0x3 }", ":16: ", "not a multiple of 4"},
      {"interrupt = 7", "registers.NEW = { offset = 0x400 }", ":16: ", "from 0 to 1020"},
      {"interrupt = 7", "registers.NEW = { offset = 0x1c }", ":16: ", "0x1c is the offset of ISR too"},
      {"interrupt = 7", "registers.NEW = { ofset = 0x40 }", ":16: ", "NEW.offset: missing"},
  };
  for (const Fault& fault : kFaults) {
    const std::string error = part_error(replaced(kPart, fault.from, fault.to));
    SCOPED_TRACE(fmt::format("{} -> {}: {}", fault.from, fault.to, error));
    EXPECT_NE(error.find("part.toml"), std::string::npos);
    EXPECT_NE(error.find(fault.line), std::string::npos);
    EXPECT_NE(error.find(fault.says), std::string::npos);
    EXPECT_NE(error.find("; "), std::string::npos) << "no remedy";
    EXPECT_EQ(error.find('\n'), std::string::npos);
  }
}

TEST_F(Errors, OfAFamilysFactNameTheFamilysFile) {
  const std::string error =
      part_error(replaced(kPart, "default_board", "interrupt_count = 10\ndefault_board"));
  EXPECT_NE(error.find("mcu_models/families/stm32h7.toml:"), std::string::npos) << error;
  EXPECT_NE(error.find("expected an integer from -1 to 9"), std::string::npos) << error;
}

TEST_F(Errors, OfTimingFactsNameTheWrongOne) {
  constexpr std::pair<const char*, const char*> kFacts[] = {
      {"[flash_timing]\nlatency = \"FLASH.ACX.3:0\"", "FLASH has no register 'ACX', did you mean ACR"},
      {"[flash_timing]\nlatency = \"FLSH.ACR.3:0\"", "no peripheral 'FLSH', did you mean FLASH"},
      {"[flash_timing]\nlatency = \"FLASH.ACR\"", "names no bits"},
      {"[flash_timing]\nread_bits = 65", "not a power of two"},
      {"[flash_timing]\nwait_states.VOS1.mhz = [70, 60]", "expected rising clocks"},
      {"[flash_timing]\nwait_states.VOS1.mhz = []", "empty"},
      {"[flash_timing]\nwait_states.VOS1.mhz = [nan]", "expected rising clocks"},
      {"[flash_timing]\nwait_states.VOS1.when = [\"PWR.D3CR.15:14\"]", "compares with no number"},
      {"[flash_timing]\nwait_states.VOS1.when = [\"PWR.D3CR.15:14 = 4\"]", "4 does not fit in 2 bits"},
      {"[flash_timing]\nwait_states.VOS1.when = [\"PWR.D4CR.15:14 = 3\"]",
       "no register 'D4CR', did you mean D3CR"},
      {"[caches]\nL1I.size = 1000", "not a multiple of line * ways"},
      {"[caches]\nL1I.serves = \"flsh\"", "expected one of flash, flash_by_alias"},
      {"[caches]\nL1I.way = 2", "caches.L1I.way: unknown key, did you mean ways"},
      {"[core_override]\ncosts.classes.loda = { base = 1 }", "unknown instruction class, did you mean load"},
      {"[core_override]\ncosts.classes.load.base = 5000", "from 0 to 1000"},
      {"[core_override]\nmpu = 8", "core_override.mpu: unknown key"},
  };
  for (const auto& [section, says] : kFacts) {
    std::string text = section;
    text.insert(text.find('\n') + 1, "source = \"test\"\nstatus = \"assumed\"\n");
    const std::string error = part_error(std::string(kPart) + "\n" + text + "\n");
    EXPECT_NE(error.find(says), std::string::npos) << section << ": " << error;
  }
}

TEST_F(Errors, OfBoardFilesNameLineKeyAndFault) {
  constexpr Fault kFaults[] = {
      {"title", "titel", "", "title: missing"},
      {"\"ldo\"", "\"battery\"", ":4: ", "expected one of ldo, smps, direct"},
      {"64_000_000", "500_000_000", ":5: ", "core_clock_hz"},
      {"RCC.CR\", mask = 0x10", "RCC.CRX\", mask = 0x10", ":7: ", "RCC has no register 'CRX', did you mean"},
      {"RCC.CR\", mask = 0x10", "RC.CR\", mask = 0x10", ":7: ", "no peripheral 'RC', did you mean"},
      {"RCC.CR\", mask = 0x10", "RCC\", mask = 0x10", ":7: ", "RCC has no register ''"},
      {"value = 0x10", "value = 0x11", ":7: ", "0x11 has bits outside mask 0x10"},
      {"mask = 0x10, ", "", ":7: ", "startup.mask: missing"},
      {", why = \"on\"", "", ":7: ", "startup.why: missing"},
      {"modify =", "modfy =", ":7: ", "a step without action"},
      {"modify =", "wait = \"RCC.CR\", modify =", ":7: ", "two actions in one step"},
      {"\"USART3\"", "\"USART9\"", ":12: ", "has no UART 'USART9'; choose one of"},
      {"\"USART3\"", "\"RCC\"", ":12: ", "has no UART 'RCC'"},
      {"\"PD8\"", "\"PD16\"", ":13: ", "'PD16' is no pin"},
      {"\"PD8\"", "\"\"", ":13: ", "expected a text of 1 to 400 characters"},
      {"alternate_function = 7", "alternate_function = 16", ":15: ", "from 0 to 15"},
      {"baud = 115200", "baud = 1", ":16: ", "console.baud"},
      {"[console]", "[consol]", "", "console: missing"},
  };
  for (const Fault& fault : kFaults) {
    const std::string error = board_error(replaced(kBoard, fault.from, fault.to));
    SCOPED_TRACE(fmt::format("{} -> {}: {}", fault.from, fault.to, error));
    EXPECT_NE(error.find("board.toml"), std::string::npos);
    EXPECT_NE(error.find(fault.line), std::string::npos);
    EXPECT_NE(error.find(fault.says), std::string::npos);
  }
}

TEST_F(Errors, OfUnknownNamesGiveTheNearest) {
  const auto mcu = [](const std::string& name) { return message([&] { load_mcu(name); }); };
  EXPECT_EQ(mcu("stm32h734"),
            "stm32h734: unknown MCU, did you mean stm32h743 or stm32h7a3; `mcusim mcus` lists them, or give "
            "the path of a "
            ".toml file");
  EXPECT_NE(mcu("").find("unknown MCU"), std::string::npos);
  EXPECT_NE(mcu("a\nb").find("a?b: unknown MCU;"), std::string::npos);
  EXPECT_NE(mcu(std::string(100000, 'x')).find("unknown MCU"), std::string::npos);
  EXPECT_NE(mcu("../parts/stm32h743").find("no such file"), std::string::npos) << mcu("../parts/stm32h743");
  EXPECT_NE(mcu("missing.toml").find("missing.toml"), std::string::npos);
  const std::string board = message([] { load_board(load_mcu("stm32h743"), "nucleo-h734zi"); });
  EXPECT_NE(board.find("unknown board, did you mean nucleo-h743zi"), std::string::npos) << board;
}

TEST_F(Errors, OfAPartWithoutUsualBoardAskForOne) {
  const auto path = folder_.path() / "mine.toml";
  write_file(path, replaced(kPart, "default_board = \"nucleo-h743zi\"", ""));
  const std::string error = message([&] { load_board(load_mcu(path.string()), ""); });
  EXPECT_NE(error.find("give --board"), std::string::npos) << error;
}

TEST_F(Errors, OfTextsThatNestTooDeepOrAreTooLargeComeBeforeTheStackOrMemoryEnds) {
  const auto repeated = [](std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all.append(text);
    return all;
  };
  const auto joined = [](std::initializer_list<std::string_view> texts) {
    std::string all;
    for (const std::string_view text : texts) all.append(text);
    return all;
  };
  const std::string deep_lines = repeated("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = [{\n", 200);
  const std::string hostile[] = {
      joined({"a = ", repeated("[", 100000)}),
      joined({"a = ", repeated("{a=", 100000)}),
      joined({"a", repeated(".a", 100000), " = 1"}),
      joined({"[a", repeated(".a", 100000), "]"}),
      deep_lines,
      joined({deep_lines, "a = 1", repeated("}]", 200)}),
      repeated("a = 1 # comment that repeats\n", 100000),
      repeated("x = \"\"\"", 3),
      std::string("a = \"\xff\xfe\"", 9),
      std::string("a\0b = 1", 7),
  };
  for (const std::string& text : hostile) {
    const std::string error = part_error(text);
    EXPECT_NE(error, "");
    EXPECT_EQ(error.find('\n'), std::string::npos);
    EXPECT_LT(error.size(), 1000u);
  }
}

}  // namespace
}  // namespace mcusim::mcu_models
