#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "emulator/machine.h"
#include "profiled_run.h"

// Firmware of others, as it is published: an ELF with CMSIS-NN's functions (Mujtaba et al., IEEE TCAS-II
// 69(12), 2022), and flat images with X-CUBE-AI (mlcommons/tiny_results_v1.2) that have no symbols at all.
namespace mcusim::profiler {
namespace {

namespace fs = std::filesystem;

/// Empty, and no file is found, unless the environment names the folder.
fs::path firmware(const std::string& path) {
  const char* folder = std::getenv("MCUSIM_FIRMWARE_DIR");
  return folder == nullptr ? fs::path() : fs::path(folder) / path;
}

struct PublicRun {
  PublicRun(const fs::path& file, const std::string& part, Cycles cycles)
      : mcu(mcu_models::load_mcu(part)),
        image(emulator::load_image(file)),
        machine(mcu, mcu_models::load_board(mcu, ""), {}) {
    machine.load(image);
    RecordOptions options;
    options.attribute = true;
    options.max_cycles = cycles;
    profile = record_run(machine, image, options);
  }

  mcu_models::McuModel mcu;
  emulator::Image image;
  emulator::Machine machine;
  Profile profile;
};

Cycles self_cycles(const Profile& profile) {
  Cycles sum = 0;
  for (const FunctionProfile& entry : profile.functions) sum += entry.self_cycles;
  return sum;
}

TEST(PublicImages, ConvolutionsOfAnElfAreLayersByTheirNames) {
  const fs::path file = firmware("Ahmed-Mujtaba-98/Debug/intq-mobilenet-v1.elf");
  if (!fs::exists(file)) GTEST_SKIP() << "set MCUSIM_FIRMWARE_DIR";
  PublicRun run(file, "stm32h743", 60'000'000);
  const Profile& profile = run.profile;
  Cycles in_layers = 0;
  std::vector<std::string> names;
  for (const LayerProfile& layer : profile.layers) {
    EXPECT_EQ(layer.layer.op, "CMSIS-NN");
    in_layers += layer.cycles;
    names.push_back(layer.layer.name);
  }
  for (const char* name : {"arm_convolve_HWC_u8_u8_u8", "arm_depthwise_separable_conv_HWC_u8_u8_u8"})
    EXPECT_NE(std::ranges::find(names, name), names.end()) << name;
  // It sums up what its own cycle counter says of each layer.
  const emulator::Symbol* const array = run.image.find_symbol("cpu_cycles");
  ASSERT_NE(array, nullptr);
  const double own = run.machine.bus().read(array->address + 29 * 4, 4).value;
  EXPECT_GT(own, 10e6);
  EXPECT_NEAR(static_cast<double>(in_layers), own, 0.001 * own);
  EXPECT_EQ(self_cycles(profile), profile.work.cycles);
}

TEST(PublicImages, AFlatImageHasFunctionsFromItsCalls) {
  const fs::path folder = firmware("mlcommons");
  if (!fs::exists(folder)) GTEST_SKIP() << "set MCUSIM_FIRMWARE_DIR";
  fs::path file;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.find("NUCLEO_L4R5ZI/") != std::string::npos && path.ends_with("AD01-Performance.bin"))
      file = path;
  }
  if (file.empty()) GTEST_SKIP() << "no image of the NUCLEO-L4R5ZI";
  const PublicRun run(file, "stm32l4r5", 20'000'000);
  const Profile& profile = run.profile;
  EXPECT_NE(profile.stop.reason, emulator::StopReason::fault) << profile.stop.detail;
  const auto called = std::ranges::count_if(profile.functions, [](const FunctionProfile& entry) {
    return entry.calls > 0 && entry.name.starts_with("sub_08");
  });
  EXPECT_GT(called, 30) << "the start-up alone calls so many";
  EXPECT_EQ(self_cycles(profile), profile.work.cycles);
  EXPECT_TRUE(profile.layers.empty()) << "nothing names them";
}

}  // namespace
}  // namespace mcusim::profiler
