#include "emulator/e200/loop.h"
#include "emulator/e200/timing_policies.h"

namespace mcusim::emulator::e200 {

void run_uncounted(Core& core) { run_loop(core, UncountedTiming{}); }

}  // namespace mcusim::emulator::e200
