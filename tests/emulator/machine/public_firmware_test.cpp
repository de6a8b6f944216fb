#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "mcu_models/mcu_model.h"

// Firmware of others, unmodified, on the default engine: it boots, answers, and times itself. The images are
// not part of this project; their sources are in the names: results of MLPerf Tiny v1.2
// (mlcommons/tiny_results_v1.2) and Mujtaba et al., IEEE TCAS-II 69(12), 2022.

namespace mcusim::emulator {
namespace {

namespace fs = std::filesystem;

/// The images stay outside the tree; empty, and no file is found, unless the environment names their folder.
fs::path firmware_folder() {
  const char* folder = std::getenv("MCUSIM_FIRMWARE_DIR");
  return folder == nullptr ? "" : folder;
}

/// The host of a benchmark: sends the text and keeps what is answered, by lines, with the emulated time.
class Host : public host_io::SerialEnd {
 public:
  Host(std::string input, std::string until) : input_(std::move(input)), until_(std::move(until)) {}

  Machine* machine = nullptr;
  struct Line {
    std::string text;
    double seconds = 0;
  };
  std::vector<Line> lines;

  void write(std::string_view bytes) override {
    for (const char byte : bytes) {
      if (byte == '\r') continue;
      if (byte != '\n') {
        line_ += byte;
        continue;
      }
      lines.push_back({line_, machine->seconds()});
      if (line_.starts_with(until_)) machine->engine().request_stop();
      line_.clear();
    }
  }
  std::optional<std::uint8_t> read() override {
    if (at_end()) return std::nullopt;
    return static_cast<std::uint8_t>(input_[sent_++]);
  }
  bool at_end() const override { return sent_ == input_.size(); }
  void finish() override {}

  std::string all() const {
    std::string text;
    for (const Line& line : lines) text += line.text + "\n";
    return text;
  }
  std::vector<Line> beginning_with(std::string_view start) const {
    std::vector<Line> found;
    for (const Line& line : lines) {
      if (line.text.starts_with(start)) found.push_back(line);
    }
    return found;
  }

 private:
  std::string input_, until_, line_;
  std::size_t sent_ = 0;
};

std::uint64_t number_behind(const std::string& text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  std::uint64_t value = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), value);
  return value;
}

constexpr double kLongestSeconds = 5;

/// A machine with the image loaded and the host at its UART.
std::unique_ptr<Machine> machine_with(const Image& image, const mcu_models::McuModel& mcu,
                                      const std::string& uart, Host& host) {
  MachineOptions options;
  options.uarts[uart] = &host;
  auto machine = std::make_unique<Machine>(mcu, mcu_models::load_board(mcu, ""), options);
  host.machine = machine.get();
  machine->load(image);
  return machine;
}

Stop run(Machine& machine) {
  RunLimits limits;
  limits.seconds = kLongestSeconds;
  return machine.run(limits);
}

struct Benchmark {
  std::string name;
  std::string path;
  std::string mcu;
  std::string uart;
  std::string answer;  ///< To "name".
};

class MlPerfTiny : public ::testing::TestWithParam<Benchmark> {};

TEST_P(MlPerfTiny, BootsAnswersAndTimesAnInference) {
  const fs::path file = firmware_folder() / "mlcommons" / "closed" / GetParam().path;
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there; set MCUSIM_FIRMWARE_DIR";
  Host host("name%infer 1 0%", "m-results");
  const std::unique_ptr<Machine> machine =
      machine_with(load_image(file), mcu_models::load_mcu(GetParam().mcu), GetParam().uart, host);
  const Stop stop = run(*machine);
  EXPECT_EQ(stop.reason, StopReason::requested) << stop.detail << "\n" << host.all();
  ASSERT_EQ(host.beginning_with("m-name-").size(), 1u) << host.all();
  EXPECT_EQ(host.beginning_with("m-name-")[0].text, GetParam().answer);
  EXPECT_EQ(host.beginning_with("m-infer-done").size(), 1u) << host.all();
  EXPECT_EQ(host.beginning_with("m-results").size(), 1u) << host.all();
  // One at the start, then before and after the inference.
  const std::vector<Host::Line> laps = host.beginning_with("m-lap-us-");
  ASSERT_EQ(laps.size(), 3u) << host.all();
  const auto lap = [&](std::size_t i) {
    return static_cast<double>(number_behind(laps[i].text, std::string_view("m-lap-us-").size())) * 1e-6;
  };
  const double emulated = laps[2].seconds - laps[1].seconds;
  EXPECT_NEAR(lap(2) - lap(1), emulated, 0.01 * emulated)
      << "its timer of 1 MHz and the core's clock come from one clock tree";
}

INSTANTIATE_TEST_SUITE_P(
    Images, MlPerfTiny,
    ::testing::Values(
        Benchmark{"StL4r5Ad",
                  "STMicroelectronics/code/NUCLEO_L4R5ZI/anomaly_detection/Binaries/AD01-Performance.bin",
                  "stm32l4r5", "LPUART1", "m-name-dut-[STMicroelectronics]"},
        Benchmark{"StL4r5Kws",
                  "STMicroelectronics/code/NUCLEO_L4R5ZI/keyword_spotting/Binaries/KWS01-Performance.bin",
                  "stm32l4r5", "LPUART1", "m-name-dut-[STMicroelectronics]"},
        Benchmark{"StU575Ad",
                  "STMicroelectronics/code/NUCLEO_U575ZI_Q/anomaly_detection/Binaries/AD01-Performance.bin",
                  "stm32u575", "USART1", "m-name-dut-[STMicroelectronics]"},
        Benchmark{"StU575Kws",
                  "STMicroelectronics/code/NUCLEO_U575ZI_Q/keyword_spotting/Binaries/KWS01-Performance.bin",
                  "stm32u575", "USART1", "m-name-dut-[STMicroelectronics]"},
        Benchmark{"StH7a3Ad",
                  "STMicroelectronics/code/NUCLEO_H7A3ZI_Q/anomaly_detection/Binaries/AD01-Performance.bin",
                  "stm32h7a3", "USART3", "m-name-dut-[STMicroelectronics]"},
        Benchmark{"StH7a3Kws",
                  "STMicroelectronics/code/NUCLEO_H7A3ZI_Q/keyword_spotting/Binaries/KWS01-Performance.bin",
                  "stm32h7a3", "USART3", "m-name-dut-[STMicroelectronics]"},
        Benchmark{"BoschG0b1Kws", "bosch/code/NUCLEO_G0B1RE_int8/kws/nucleo_g0b1re_kws.bin", "stm32g0b1",
                  "USART2", "m-name-dut-[unspecified]"},
        Benchmark{"BoschH7a3AdFloat", "bosch/code/NUCLEO_H7A3ZI_float/ad/h7a3_ad_float.bin", "stm32h7a3",
                  "USART3", "m-name-dut-[unspecified]"},
        Benchmark{"BoschH7a3Ad", "bosch/code/NUCLEO_H7A3ZI_int8/ad/h7_a3_ml_perf.bin", "stm32h7a3", "USART3",
                  "m-name-dut-[unspecified]"},
        Benchmark{"BoschH7a3Ic", "bosch/code/NUCLEO_H7A3ZI_int8/ic/h7a3_ic.bin", "stm32h7a3", "USART3",
                  "m-name-dut-[unspecified]"}),
    [](const auto& parameter) { return parameter.param.name; });

struct MobileNet {
  std::string name;
  std::string path;
  std::string until;
  /// Of the array that holds the cycle counter after each of 30 layers. The ELF names it; in the other image
  /// it was found by its rising values.
  Address cpu_cycles;
  std::uint64_t instructions;  ///< That another emulator counted between the same two reads of CYCCNT.
};

class MujtabaMobileNet : public ::testing::TestWithParam<MobileNet> {};

// Its cycle counter shows instructions when each takes one cycle. What an IT block suppresses takes one here
// too, and the other count leaves it out.
TEST_P(MujtabaMobileNet, BootsAndCountsItsInstructions) {
  const fs::path file = firmware_folder() / "Ahmed-Mujtaba-98" / GetParam().path;
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there; set MCUSIM_FIRMWARE_DIR";
  mcu_models::McuModel mcu = mcu_models::load_mcu("stm32h743");
  for (auto& [name, cost] : mcu.core.costs) cost = {1, 0, 0};
  const Image image = load_image(file);
  Host host("", GetParam().until);
  const std::unique_ptr<Machine> machine = machine_with(image, mcu, "USART3", host);
  const Stop stop = run(*machine);
  EXPECT_EQ(stop.reason, StopReason::requested) << stop.detail << "\n" << host.all();
  EXPECT_EQ(host.beginning_with("Inference Number: 0").size(), 1u) << host.all();
  const Symbol* symbol = image.find_symbol("cpu_cycles");
  const Address array = symbol != nullptr ? symbol->address : GetParam().cpu_cycles;
  const std::uint32_t counted = machine->bus().read(array + 29 * 4, 4).value;
  const std::string total = "Total Cycles:";
  for (const Host::Line& line : host.beginning_with(total)) {
    EXPECT_EQ(number_behind(line.text, total.size()), counted) << line.text;
  }
  const auto expected = static_cast<double>(GetParam().instructions);
  EXPECT_NEAR(counted, expected, 0.005 * expected) << host.all();
}

INSTANTIATE_TEST_SUITE_P(Images, MujtabaMobileNet,
                         ::testing::Values(MobileNet{"Cifar10", "Debug/intq-mobilenet-v1.elf",
                                                     "Total Cycles:", 0, 11'630'744},
                                           MobileNet{"ImageNet160", "Release/intq-mobilenet-v1.hex",
                                                     "Top5_Class", 0x20002530, 79'911'749}),
                         [](const auto& parameter) { return parameter.param.name; });

}  // namespace
}  // namespace mcusim::emulator
