#include "emulator/cortex_m/full_timing.h"
#include "emulator/cortex_m/loop.h"
#include "emulator/timing/m7/pipeline_m7.h"

namespace mcusim::emulator::cortex_m {

template <>
void FullModelOf<PipelineM7>::run(Core& core) {
  run_loop(core, FullTiming<PipelineM7>(core, replay_));
}

}  // namespace mcusim::emulator::cortex_m
