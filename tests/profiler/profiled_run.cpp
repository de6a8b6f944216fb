#include "profiled_run.h"

#include <algorithm>
#include <stdexcept>

#include "emulator/machine.h"

namespace mcusim::profiler {

Profile profile_of(const emulator::Image& image, const std::string& timing, Scenario scenario,
                   RecordOptions record) {
  const mcu_models::McuModel mcu = mcu_models::load_mcu("stm32f446");
  emulator::MachineOptions options;
  options.timing = timing;
  emulator::Machine machine(mcu, mcu_models::load_board(mcu, ""), options);
  machine.load(image);
  if (const emulator::Symbol* symbol = image.find_symbol("scenario")) {
    const std::uint32_t number = scenario;
    machine.bus().load(symbol->address, &number, 4);
  }
  record.attribute = true;
  record.max_cycles = 100'000'000;
  return record_run(machine, image, record);
}

const FunctionProfile& function(const Profile& profile, const std::string& name) {
  const auto found = std::ranges::find(profile.functions, name, &FunctionProfile::name);
  if (found == profile.functions.end()) throw std::runtime_error("no function " + name);
  return *found;
}

}  // namespace mcusim::profiler
