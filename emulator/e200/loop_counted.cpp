#include "emulator/e200/loop.h"
#include "emulator/e200/timing_policies.h"

namespace mcusim::emulator::e200 {

void run_counted(Core& core) { run_loop(core, CountedTiming{core.costs()}); }

}  // namespace mcusim::emulator::e200
