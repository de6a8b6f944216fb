#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "common/files.h"

namespace mcusim::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const std::string kModel = MCUSIM_SOURCE_DIR "/examples/saline/saline_int8.tflite";

Json json_of(const fs::path& path) {
  const auto content = read_file(path);
  return Json::parse(content.begin(), content.end());
}

/// Without what differs between two runs of the same input on one host.
Json stable(Json json) {
  json.erase("host_seconds");
  json.erase("mips");
  return json;
}

TEST(Run, AModelAndItsBuiltElfGiveTheSameNumbers) {
  const TemporaryDirectory folder;
  ASSERT_EQ(mcusim({"run", kModel, "--mcu", "stm32h743", "--json", "model.json"}, folder.path()).status, 0);
  ASSERT_EQ(mcusim({"build", kModel, "--mcu", "stm32h743", "-o", "net.elf"}, folder.path()).status, 0);
  ASSERT_EQ(mcusim({"run", "net.elf", "--mcu", "stm32h743", "--json", "elf.json"}, folder.path()).status, 0);
  Json model = stable(json_of(folder.path() / "model.json"));
  Json elf = stable(json_of(folder.path() / "elf.json"));
  model.erase("file");
  elf.erase("file");
  EXPECT_EQ(model, elf);
}

TEST(Run, TheSameInputGivesTheSameBytes) {
  const TemporaryDirectory folder;
  const std::vector<std::string> command{"run", kModel, "--mcu", "stm32l4r5", "--json", "a.json"};
  const Outcome first = mcusim(command, folder.path());
  const std::string report = stable(json_of(folder.path() / "a.json")).dump();
  const Outcome second = mcusim(command, folder.path());
  EXPECT_EQ(first.status, 0) << first.errors;
  EXPECT_EQ(first.output, second.output);
  EXPECT_EQ(stable(json_of(folder.path() / "a.json")).dump(), report);
}

TEST(Run, CyclesAreThoseOfTheWholePartUnlessSaidOtherwise) {
  const TemporaryDirectory folder;
  const auto timing_with = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {
        "run",   MCUSIM_FIRMWARE "/two_tasks.elf", "--mcu", "stm32f446", "--max-cycles", "2000", "--json",
        "r.json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = mcusim(arguments, folder.path());
    EXPECT_EQ(outcome.status, 4) << "it ends by the limit: " << outcome.errors;
    return json_of(folder.path() / "r.json").at("timing").get<std::string>();
  };
  EXPECT_EQ(timing_with({}), "full");
  EXPECT_EQ(timing_with({"--engine", "unicorn"}), "table");
  EXPECT_EQ(timing_with({"--lockstep"}), "table");
  EXPECT_EQ(timing_with({"--timing", "off"}), "off");
}

TEST(Run, JsonHasTheKeysOfTheDesign) {
  const TemporaryDirectory folder;
  ASSERT_EQ(mcusim({"run", kModel, "--mcu", "stm32h743", "--json", "r.json"}, folder.path()).status, 0);
  const Json json = json_of(folder.path() / "r.json");
  for (const char* key : {"schema",
                          "file",
                          "mcu",
                          "board",
                          "core",
                          "clock_hz",
                          "engine",
                          "timing",
                          "exit",
                          "instructions",
                          "skipped",
                          "cycles",
                          "time_ms",
                          "host_seconds",
                          "mips",
                          "inferences",
                          "inference_cycles",
                          "run",
                          "layers",
                          "functions",
                          "memory",
                          "caches",
                          "stalls",
                          "not_modelled"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  for (const char* key : {"index", "name", "op", "macc", "cycles", "instructions", "time_ms", "percent",
                          "cycles_per_macc", "stalls", "l1i_misses", "l1d_misses"}) {
    EXPECT_TRUE(json["layers"][0].contains(key)) << key;
  }
  for (const char* key : {"flash_used", "ram_used", "stack_peak", "stack_size", "heap_peak"}) {
    EXPECT_TRUE(json["memory"].contains(key)) << key;
  }
  EXPECT_EQ(json["inferences"].get<std::size_t>(), json["inference_cycles"].size());
  EXPECT_GE(json["inferences"].get<int>(), 2) << "a cold and a warm one";
  EXPECT_GT(json["memory"]["stack_peak"].get<int>(), 0);
  EXPECT_LE(json["memory"]["stack_peak"].get<int>(), json["memory"]["stack_size"].get<int>());
}

TEST(Run, LayersAndWhatLiesBetweenThemMakeUpTheInference) {
  const TemporaryDirectory folder;
  ASSERT_EQ(mcusim({"run", kModel, "--mcu", "stm32h743", "--json", "r.json"}, folder.path()).status, 0);
  const Json json = json_of(folder.path() / "r.json");
  std::uint64_t in_layers = 0;
  for (const Json& layer : json["layers"]) in_layers += layer["cycles"].get<std::uint64_t>();
  const auto inference = json["cycles"].get<std::uint64_t>();
  EXPECT_EQ(inference, json["inference_cycles"].back().get<std::uint64_t>());
  EXPECT_LE(in_layers, inference);
  EXPECT_GT(in_layers, inference - inference / 100) << "calls between layers cost less than 1 %";
}

std::uint64_t sum_of(const Json& stalls) {
  std::uint64_t sum = 0;
  for (const auto& [cause, cycles] : stalls.items()) sum += cycles.get<std::uint64_t>();
  return sum;
}

TEST(Run, EveryCycleOfTheFullTimingHasOneCause) {
  const TemporaryDirectory folder;
  const Outcome run =
      mcusim({"run", kModel, "--mcu", "stm32l4r5", "--timing", "full", "--json", "r.json"}, folder.path());
  ASSERT_EQ(run.status, 0) << run.errors;
  const Json json = json_of(folder.path() / "r.json");
  EXPECT_EQ(sum_of(json["stalls"]), json["cycles"].get<std::uint64_t>());
  ASSERT_EQ(json["layers"].size(), 9u);
  Json in_layers = Json::object();
  for (const Json& layer : json["layers"]) {
    EXPECT_EQ(sum_of(layer["stalls"]), layer["cycles"].get<std::uint64_t>()) << layer["name"];
    for (const auto& [cause, cycles] : layer["stalls"].items())
      in_layers[cause] = in_layers.value(cause, std::uint64_t{0}) + cycles.get<std::uint64_t>();
  }
  for (const auto& [cause, cycles] : in_layers.items())
    EXPECT_LE(cycles.get<std::uint64_t>(), json["stalls"][cause].get<std::uint64_t>()) << cause;
  EXPECT_NE(run.output.find("spent on, in %"), std::string::npos) << run.output;
}

TEST(Run, TableTimingHasNoCauses) {
  const TemporaryDirectory folder;
  const Outcome run =
      mcusim({"run", kModel, "--mcu", "stm32l4r5", "--timing", "table", "--json", "r.json"}, folder.path());
  ASSERT_EQ(run.status, 0) << run.errors;
  const Json json = json_of(folder.path() / "r.json");
  EXPECT_TRUE(json["stalls"].is_null());
  EXPECT_TRUE(json["layers"][0]["stalls"].is_null());
  EXPECT_EQ(run.output.find("spent on"), std::string::npos) << run.output;
}

TEST(Run, CachesThatStayOffAreWarnedOfAndOurOwnFirmwareHasNoHazard) {
  const TemporaryDirectory folder;
  const Outcome off = mcusim({"run", MCUSIM_FIRMWARE "/runaway.elf", "--mcu", "stm32h743", "--max-cycles",
                              "1000", "--json", "off.json"},
                             folder.path());
  EXPECT_NE(off.errors.find("warning: cache L1I is off while code runs from FLASH"), std::string::npos)
      << off.errors;
  EXPECT_FALSE(json_of(folder.path() / "off.json")["warnings"].empty());
  for (const char* mcu : {"stm32h743", "stm32l4r5", "stm32u575", "stm32g0b1", "stm32f746", "stm32g474"}) {
    const Outcome own = mcusim({"run", kModel, "--mcu", mcu, "--json", "own.json"}, folder.path());
    EXPECT_EQ(own.status, 0) << own.errors;
    EXPECT_EQ(json_of(folder.path() / "own.json")["warnings"], Json::array()) << mcu;
  }
}

TEST(Run, AFaultIsStatus3WithPcAndFunctionAndStillWritesTheReport) {
  const TemporaryDirectory folder;
  const Outcome outcome =
      mcusim({"run", MCUSIM_FIRMWARE "/fault.elf", "--mcu", "stm32h743", "--json", "r.json"}, folder.path());
  EXPECT_EQ(outcome.status, 3) << outcome.errors;
  EXPECT_NE(outcome.errors.find("in reset"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("0x0800004"), std::string::npos) << outcome.errors;
  EXPECT_EQ(json_of(folder.path() / "r.json")["exit"]["reason"], "fault");
}

TEST(Run, AFaultIsExplainedOnStandardErrorAndInTheJson) {
  const TemporaryDirectory folder;
  const Outcome outcome = mcusim(
      {"run", MCUSIM_FIRMWARE "/fault_chain.elf", "--mcu", "stm32h743", "--json", "r.json"}, folder.path());
  EXPECT_EQ(outcome.status, 3);
  const Json json = json_of(folder.path() / "r.json");
  const std::string pc = json["exit"]["pc"];
  const std::string first = outcome.errors.substr(0, outcome.errors.find('\n'));
  EXPECT_EQ(first, "mcusim: " MCUSIM_FIRMWARE
                   "/fault_chain.elf: BusFault: write to 0x70000000, where nothing is, at " +
                       pc + " in store (fault_chain.c:9)");
  for (const char* part : {"CFSR 0x00008200: PRECISERR", "HFSR 0x40000000: FORCED", "BFAR 0x70000000",
                           "(MSP), limit 0x20000800\n", "hard_fault (fault_chain.c:18)",
                           "store (fault_chain.c:9), interrupted", "reset (fault_chain.c:14)"}) {
    EXPECT_NE(outcome.errors.find(part), std::string::npos) << part << " is not in:\n" << outcome.errors;
  }
  EXPECT_EQ(json["exit"]["function"], "store");
  EXPECT_EQ(json["exit"]["source"]["line"], 9);
  const Json& chain = json["exit"]["call_chain"];
  ASSERT_EQ(chain.size(), 3u) << chain;
  EXPECT_EQ(chain[0]["function"], "hard_fault");
  EXPECT_EQ(chain[1]["origin"], "exception");
  EXPECT_EQ(chain[1]["pc"], pc);
  EXPECT_EQ(chain[2]["function"], "reset");
  EXPECT_EQ(chain[2]["line"], 14);
}

TEST(Run, WhatIsNotModelledIsNamedOnceOnStandardErrorAndInTheReport) {
  const TemporaryDirectory folder;
  const Outcome outcome = mcusim(
      {"run", MCUSIM_FIRMWARE "/not_modelled.elf", "--mcu", "stm32f407", "--json", "r.json"}, folder.path());
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const Json listed = json_of(folder.path() / "r.json")["not_modelled"];
  ASSERT_EQ(listed.size(), 2u) << listed
                               << ": what was written to SPI1 reads back, so that the other is used";
  std::string expected;
  for (const Json& line : listed) {
    const std::string text = line.get<std::string>();
    EXPECT_NE(text.find(" (first from 0x080000"), std::string::npos) << text;
    expected += "mcusim: " MCUSIM_FIRMWARE "/not_modelled.elf: not modelled: " + text + "\n";
  }
  EXPECT_NE(expected.find("0x40012000"), std::string::npos) << expected;
  EXPECT_NE(expected.find("0x40013000"), std::string::npos) << expected;
  EXPECT_EQ(outcome.errors, expected);
}

TEST(Run, AStackBelowItsLimitIsCalledAnOverflow) {
  const Outcome outcome = mcusim({"run", MCUSIM_FIRMWARE "/stack_overflow.elf", "--mcu", "stm32h743"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.errors.find(" in grow (stack_overflow.c:"), std::string::npos) << outcome.errors;
  EXPECT_NE(outcome.errors.find("limit 0x20000800: overflow by "), std::string::npos) << outcome.errors;
}

TEST(Run, RunawayCodeIsStatus4WithPcAndFunction) {
  const TemporaryDirectory folder;
  const Outcome outcome = mcusim({"run", MCUSIM_FIRMWARE "/runaway.elf", "--mcu", "stm32h743", "--max-cycles",
                                  "100000", "--json", "r.json"},
                                 folder.path());
  EXPECT_EQ(outcome.status, 4) << outcome.errors;
  EXPECT_NE(outcome.errors.find("in reset"), std::string::npos) << outcome.errors;
  const Json json = json_of(folder.path() / "r.json");
  EXPECT_EQ(json["exit"]["reason"], "cycle_limit");
  EXPECT_GE(json["run"]["cycles"].get<int>(), 100000);
  EXPECT_LT(json["run"]["cycles"].get<int>(), 100100);
}

TEST(Run, ABrokenLimitIsStatus1) {
  const Outcome kept =
      mcusim({"run", kModel, "--mcu", "stm32h743", "--limit", "cycles=1e12", "--limit", "stack=4096"});
  EXPECT_EQ(kept.status, 0) << kept.errors;
  const Outcome broken =
      mcusim({"run", kModel, "--mcu", "stm32h743", "--limit", "cycles=10", "--limit", "flash=10"});
  EXPECT_EQ(broken.status, 1);
  EXPECT_NE(broken.errors.find("limit cycles=10 broken"), std::string::npos) << broken.errors;
  EXPECT_NE(broken.errors.find("limit flash=10 broken"), std::string::npos) << broken.errors;
}

TEST(Run, UntilStopsAtASymbolOrAText) {
  const TemporaryDirectory folder;
  ASSERT_EQ(mcusim({"run", kModel, "--mcu", "stm32h743", "--until", "symbol:net_run", "--json", "s.json"},
                   folder.path())
                .status,
            0);
  EXPECT_EQ(json_of(folder.path() / "s.json")["exit"]["reason"], "until_symbol");
  EXPECT_EQ(json_of(folder.path() / "s.json")["inferences"], 0);
  const Outcome text = mcusim(
      {"run", kModel, "--mcu", "stm32h743", "--until", "uart:network:", "--json", "t.json"}, folder.path());
  EXPECT_EQ(text.status, 0) << text.errors;
  EXPECT_EQ(json_of(folder.path() / "t.json")["exit"]["reason"], "until_uart");
}

TEST(Run, LockstepFollowsANetworkWithoutADifference) {
  const Outcome outcome =
      mcusim({"run", kModel, "--mcu", "stm32h743", "--lockstep", "--max-cycles", "500000"});
  EXPECT_EQ(outcome.status, 4) << "a difference would end the run with 3: " << outcome.errors;
}

TEST(Run, DumpSavesMemory) {
  const TemporaryDirectory folder;
  ASSERT_EQ(mcusim({"run", MCUSIM_FIRMWARE "/runaway.elf", "--mcu", "stm32h743", "--max-cycles", "1000",
                    "--dump", "0x08000000:8:vectors.bin"},
                   folder.path())
                .status,
            4);
  const auto bytes = read_file(folder.path() / "vectors.bin");
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0x00, 0x10, 0x00, 0x20, 0x41, 0x00, 0x00, 0x08}));
}

}  // namespace
}  // namespace mcusim::test
