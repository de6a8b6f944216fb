#include "emulator/cortex_m/loop.h"
#include "emulator/cortex_m/timing_policies.h"

namespace mcusim::emulator::cortex_m {

void run_uncounted(Core& core) { run_loop(core, UncountedTiming{}); }

}  // namespace mcusim::emulator::cortex_m
