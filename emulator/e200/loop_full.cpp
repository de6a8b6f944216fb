#include "emulator/e200/full_timing.h"
#include "emulator/e200/loop.h"

namespace mcusim::emulator::e200 {

void FullModel::run(Core& core) { run_loop(core, FullTiming(*this, core)); }

}  // namespace mcusim::emulator::e200
