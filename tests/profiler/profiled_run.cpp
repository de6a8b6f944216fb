#include "profiled_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "emulator/machine.h"

namespace mcusim::profiler {

Profile profile_of(const emulator::Image& image, const std::string& timing, Scenario scenario,
                   RecordOptions record, const std::string& mcu_name) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu(mcu_name);
  emulator::MachineOptions options;
  options.timing = timing;
  emulator::Machine machine(mcu, mcu_models::load_board(mcu, ""), options);
  machine.load(image);
  if (const emulator::Symbol* symbol = image.find_symbol("scenario")) {
    const Address low_byte = symbol->address + (machine.big_endian() ? 3 : 0);
    const auto number = static_cast<std::uint8_t>(scenario);
    machine.bus().load(low_byte, &number, 1);
  }
  record.attribute = true;
  record.max_cycles = 100'000'000;
  return record_run(machine, image, record);
}

std::vector<std::string> paths(const Profile& profile) {
  std::vector<std::string> names;
  for (const CallPath& path : profile.call_paths) {
    const std::string& name = profile.functions[path.function].name;
    names.push_back(path.parent == CallPath::kRoot ? name : names[path.parent] + "/" + name);
  }
  std::ranges::sort(names);
  return names;
}

void expect_exact_sums(const Profile& profile) {
  Cycles functions = 0, paths = 0;
  std::uint64_t instructions = 0, counts = 0;
  for (const FunctionProfile& entry : profile.functions) {
    functions += entry.self_cycles;
    instructions += entry.self_instructions;
    EXPECT_LE(entry.self_cycles, entry.total_cycles) << entry.name;
  }
  for (const CallPath& path : profile.call_paths) paths += path.self_cycles;
  for (const InstructionProfile& entry : profile.instructions) counts += entry.count;
  EXPECT_EQ(functions, profile.work.cycles);
  EXPECT_EQ(paths, profile.work.cycles);
  EXPECT_EQ(instructions, profile.work.instructions);
  EXPECT_EQ(counts, profile.work.instructions);
}

const FunctionProfile& function(const Profile& profile, const std::string& name) {
  const auto found = std::ranges::find(profile.functions, name, &FunctionProfile::name);
  if (found == profile.functions.end()) throw std::runtime_error("no function " + name);
  return *found;
}

}  // namespace mcusim::profiler
