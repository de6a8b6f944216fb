#include "emulator/cortex_m/full_timing.h"
#include "emulator/cortex_m/loop.h"

namespace mcusim::emulator::cortex_m {

void run_full(Core& core, PipelineM4& pipeline) { run_loop(core, FullTiming{core, pipeline}); }

}  // namespace mcusim::emulator::cortex_m
