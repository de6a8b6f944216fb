#include "emulator/cortex_m/loop.h"
#include "emulator/cortex_m/timing_policies.h"

namespace mcusim::emulator::cortex_m {

void run_counted(Core& core) { run_loop(core, CountedTiming{core.costs()}); }

}  // namespace mcusim::emulator::cortex_m
