#include "emulator/cortex_m/full_timing.h"
#include "emulator/cortex_m/loop.h"
#include "emulator/timing/pipeline_m4.h"

namespace mcusim::emulator::cortex_m {

template <>
void FullModelOf<PipelineM4>::run(Core& core) {
  run_loop(core, FullTiming<PipelineM4>(core, replay_));
}

}  // namespace mcusim::emulator::cortex_m
