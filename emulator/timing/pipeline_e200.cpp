#include "emulator/timing/pipeline_e200.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "common/error.h"

namespace mcusim::emulator {
namespace {

const mcu_models::McuModel& checked(const mcu_models::McuModel& mcu) {
  if (!mcu.flash_timing || !mcu.caches.contains("ICACHE") || !mcu.caches.contains("DCACHE")) {
    throw InputError(fmt::format(
        "{}: full timing is not modelled yet for its flash interface or its caches, use --timing table",
        mcu.name));
  }
  return mcu;
}

const mcu_models::PipelineE200Parameters& checked(const mcu_models::PipelineE200Parameters& parameters) {
  if (std::max({parameters.load, parameters.multiply, parameters.fp_result}) >
      PipelineE200::kLongestLatency) {
    throw InputError(
        fmt::format("pipeline_e200: results that come after {} cycles are not modelled; correct the "
                    "latencies load, multiply and fp_result",
                    PipelineE200::kLongestLatency));
  }
  return parameters;
}

}  // namespace

TwoWayTags::TwoWayTags(const mcu_models::CacheModel& model)
    : set_mask_(static_cast<std::uint32_t>(model.size / (model.line * 2)) - 1), tags_((set_mask_ + 1) * 2) {
  if (model.ways != 2 || model.line != 32 || !std::has_single_bit(set_mask_ + 1))
    throw InputError("caches of this core have two ways, lines of 32 bytes and a power of two of sets");
  clear();
}

void TwoWayTags::clear() { std::ranges::fill(tags_, kNone); }

PipelineE200::PipelineE200(const mcu_models::McuModel& mcu,
                           const mcu_models::PipelineE200Parameters& parameters, Environment environment)
    : parameters_(checked(parameters)),
      flash_timing_(*checked(mcu).flash_timing),
      environment_(std::move(environment)),
      code_tags_(mcu.caches.at("ICACHE")),
      data_tags_(mcu.caches.at("DCACHE")),
      branches_(std::bit_floor(parameters_.btb_entries)),
      branch_mask_(static_cast<std::uint32_t>(branches_.size()) - 1) {
  using mcu_models::MemoryKind;
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    if (memory.kind == MemoryKind::flash && memory.executable) {
      flash_base_ = memory.base;
      flash_size_ = memory.size;
    } else if (memory.kind == MemoryKind::ram) {
      ram_base_ = memory.base;
      ram_size_ = memory.size;
    } else if (memory.kind == MemoryKind::dtcm) {
      local_base_ = memory.base;
      local_size_ = memory.size;
    } else if (memory.kind == MemoryKind::itcm) {
      code_base_ = memory.base;
      code_size_ = memory.size;
    }
  }
  if (const mcu_models::PeripheralModel* ram = mcu.find_peripheral("PRAM_2")) ram_control_ = ram->base;
}

void PipelineE200::reset() {
  dirty_ = true;
  control_ = {};
  line_ = code_buffer_ = data_buffer_ = kNoLine;
  taken_ = kAll;
  data_on_ = false;
  issued_at_ = 0;
  late_ = {};
  code_tags_.clear();
  data_tags_.clear();
  std::ranges::fill(branches_, BranchEntry{});
  code_use_ = data_use_ = {};
  stalls_ = {};
}

void PipelineE200::refresh() {
  dirty_ = false;
  const Control control = environment_.control();
  if (control.code_invalidations != control_.code_invalidations) code_tags_.clear();
  if (control.data_invalidations != control_.data_invalidations) data_tags_.clear();
  if (control.branch_flushes != control_.branch_flushes) std::ranges::fill(branches_, BranchEntry{});
  control_ = control;
  data_on_ = control.data_cache;
  const mcu_models::RegisterBits& latency = flash_timing_.latency;
  wait_states_ = environment_.read_register(latency.address) >> latency.shift & ((1u << latency.width) - 1);
  constexpr std::uint32_t kFtDis = 1;
  const bool waits = ram_control_ != 0 && (environment_.read_register(ram_control_) & kFtDis) != 0;
  ram_wait_ = waits ? parameters_.ram_wait : 0;
}

Cycles PipelineE200::wait(std::uint64_t needs, Cycles cycles) {
  while (const std::uint64_t late = needs & late_in(cycles))
    cycles = spend(waits_[static_cast<std::size_t>(std::countr_zero(late))], 1, cycles);
  return cycles;
}

Cycles PipelineE200::enter(Address pc, std::uint32_t line, Cycles cycles) {
  if (dirty_) refresh();
  const std::uint32_t first = pc >> kLineShift;
  if (first != line && first != line_) cycles = fetch(first, cycles);
  line_ = line;
  return fetch(line, cycles);
}

Cycles PipelineE200::fetch(std::uint32_t line, Cycles cycles) {
  const Address address = line << kLineShift;
  if (address - code_base_ < code_size_) return cycles;
  const bool flash = in_flash(address);
  if (control_.code_cache) {
    ++code_use_.accesses;
    if (code_tags_.hit(line)) return cycles;
    ++code_use_.misses;
    code_tags_.insert(line);
    const bool buffered = flash && code_buffer_ == line;
    cycles = spend(StallCause::icache_miss, fill(buffered ? 0 : flash ? flash_read() : ram_read()), cycles);
  } else if (!flash) {
    cycles = spend(StallCause::bus, ram_read(), cycles);
  } else if (code_buffer_ != line) {
    cycles = spend(StallCause::flash_fetch, flash_read(), cycles);
  }
  if (flash) code_buffer_ = line;
  return cycles;
}

bool PipelineE200::is_local(Address address) const {
  return address - local_base_ < local_size_ || address - code_base_ < code_size_;
}

Cycles PipelineE200::access_elsewhere(Address address, bool is_store, Cycles cycles) {
  if (dirty_) refresh();
  const bool flash = in_flash(address);
  if (!flash && !in_ram(address)) {
    if (is_local(address)) {
      return is_store ? cycles : spend(StallCause::bus, parameters_.local_access, cycles);
    }
    // The registers that change timing are behind the bridges.
    if (is_store) control_changed();
    return spend(StallCause::bus, parameters_.device_access, cycles);
  }
  if (is_store) return cycles;
  const std::uint32_t line = address >> kLineShift;
  if (control_.data_cache) {
    ++data_use_.accesses;
    if (data_tags_.hit(line)) return cycles;
    ++data_use_.misses;
    data_tags_.insert(line);
    const bool buffered = flash && data_buffer_ == line;
    cycles = spend(StallCause::dcache_miss, fill(buffered ? 0 : flash ? flash_read() : ram_read()), cycles);
  } else if (!flash || data_buffer_ == line) {
    cycles = spend(StallCause::bus, flash ? parameters_.ram_access : ram_read(), cycles);
  } else {
    cycles = spend(StallCause::flash_data, flash_read(), cycles);
  }
  if (flash) data_buffer_ = line;
  return cycles;
}

Cycles PipelineE200::branch(Address pc, bool taken, Address target, bool indirect, Cycles cycles) {
  if (taken) taken_ = kAll;
  if (!control_.branch_buffer) {
    return taken ? spend(StallCause::branch, indirect ? parameters_.indirect : parameters_.btb_miss, cycles)
                 : cycles;
  }
  BranchEntry& entry = branches_[pc >> 1 & branch_mask_];
  const bool known = entry.pc == pc;
  const bool predicted = known && entry.counter >= 2;
  if (taken) {
    if (predicted && entry.target != target)
      cycles = spend(StallCause::mispredict, parameters_.mispredict, cycles);
    else if (!predicted)
      cycles = spend(known ? StallCause::mispredict : StallCause::branch,
                     known      ? parameters_.mispredict
                     : indirect ? parameters_.indirect
                                : parameters_.btb_miss,
                     cycles);
    entry.counter = known ? static_cast<std::uint8_t>(std::min(entry.counter + 1, 3)) : std::uint8_t{2};
    entry.pc = pc;
    entry.target = target;
  } else if (known) {
    if (predicted) cycles = spend(StallCause::mispredict, parameters_.mispredict, cycles);
    if (entry.counter > 0) --entry.counter;
  }
  return cycles;
}

StallCycles PipelineE200::stalls(Cycles now, Cycles exceptions) const {
  StallCycles stalls = stalls_;
  stalls[StallCause::exception] = exceptions;
  // In every other cycle an instruction was issued, alone or with the one behind it.
  stalls[StallCause::issue] = now - stalls.sum();
  return stalls;
}

std::vector<CacheUse> PipelineE200::caches() const { return {{"l1i", code_use_}, {"l1d", data_use_}}; }

}  // namespace mcusim::emulator
