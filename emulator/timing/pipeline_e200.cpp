#include "emulator/timing/pipeline_e200.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

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

void TwoWayTags::clear() {
  std::ranges::fill(tags_, kNone);
  if (watch_ != nullptr) watch_->invalidated();
}

void TwoWayTags::insert(std::uint32_t line) {
  std::uint32_t* const set = &tags_[(line & set_mask_) * 2];
  if (watch_ != nullptr) {
    const auto evicted = set[1] == kNone ? std::nullopt : std::optional<Address>(set[1] * kLine);
    watch_->filled(line * kLine, line & set_mask_, evicted, false);
  }
  set[1] = set[0];
  set[0] = line;
}

CacheWatch* TwoWayTags::watch(const CacheWatch::OwnerOf& owner_of, const CacheWatch::Accessing& accessing) {
  watch_ = CacheWatch::make({set_mask_ + 1, 2, kLine}, owner_of, accessing);
  return watch_.get();
}

PipelineE200::PipelineE200(const mcu_models::McuModel& mcu,
                           const mcu_models::PipelineE200Parameters& parameters, Environment environment)
    : parameters_(checked(parameters)),
      flash_timing_(*checked(mcu).flash_timing),
      environment_(std::move(environment)),
      regions_(std::size_t{1} << (32 - kPageBits), Region::device),
      mispredicted_(outcome(StallCause::mispredict, parameters.mispredict)),
      indirect_unknown_(outcome(StallCause::branch, parameters.indirect)),
      direct_unknown_(outcome(StallCause::branch, parameters.btb_miss)),
      code_tags_(mcu.caches.at("ICACHE")),
      data_tags_(mcu.caches.at("DCACHE")),
      branches_(std::bit_floor(parameters_.btb_entries)),
      branch_mask_(static_cast<std::uint32_t>(branches_.size()) - 1) {
  using mcu_models::MemoryKind;
  for (const mcu_models::MemoryRegion& memory : mcu.memory) {
    if (memory.kind == MemoryKind::flash && memory.executable) map(memory.base, memory.size, Region::flash);
    if (memory.kind == MemoryKind::ram) map(memory.base, memory.size, Region::ram);
    if (memory.kind == MemoryKind::dtcm) map(memory.base, memory.size, Region::data);
    if (memory.kind == MemoryKind::itcm) map(memory.base, memory.size, Region::code);
  }
  if (const mcu_models::PeripheralModel* ram = mcu.find_peripheral("PRAM_2")) ram_control_ = ram->base;
}

void PipelineE200::map(Address base, Bytes size, Region region) {
  const std::size_t first = base >> kPageBits, count = (size + (1u << kPageBits) - 1) >> kPageBits;
  for (std::size_t page = first; page < std::min(first + count, regions_.size()); ++page)
    regions_[page] = region;
}

void PipelineE200::reset() {
  dirty_ = true;
  control_ = {};
  line_ = code_buffer_ = data_buffer_ = kNoLine;
  taken_ = kAll;
  issued_at_ = 0;
  late_ = {};
  division_ = 1;
  code_tags_.clear();
  data_tags_.clear();
  ++contents_;
  repeatable_ = rehearses_ = false;
  std::ranges::fill(branches_, BranchEntry{});
  code_use_ = data_use_ = {};
  for (const TwoWayTags* const tags : {&code_tags_, &data_tags_})
    if (tags->watch() != nullptr) tags->watch()->reset();
}

void PipelineE200::refresh() {
  dirty_ = false;
  const Control control = environment_.control();
  if (control.code_invalidations != control_.code_invalidations) {
    code_tags_.clear();
    ++contents_;
  }
  if (control.data_invalidations != control_.data_invalidations) data_tags_.clear();
  if (control.branch_flushes != control_.branch_flushes) std::ranges::fill(branches_, BranchEntry{});
  control_ = control;
  const mcu_models::RegisterBits& latency = flash_timing_.latency;
  wait_states_ = environment_.read_register(latency.address) >> latency.shift & ((1u << latency.width) - 1);
  constexpr std::uint32_t kFtDis = 1;
  const bool waits = ram_control_ != 0 && (environment_.read_register(ram_control_) & kFtDis) != 0;
  ram_wait_ = waits ? parameters_.ram_wait : 0;
  // By Region.
  plain_loads_ = {
      outcome(StallCause::flash_data, flash_read()),       outcome(StallCause::bus, ram_read()),
      outcome(StallCause::bus, parameters_.local_access),  0,
      outcome(StallCause::bus, parameters_.device_access), outcome(StallCause::bus, parameters_.ram_access)};
  const auto filled = [this](Cycles first) { return outcome(StallCause::dcache_miss, fill(first)); };
  fills_ = {filled(flash_read()), filled(ram_read()), 0, 0, 0, filled(0)};
}

Cycles PipelineE200::issue(const Facts& facts, Address pc, Cycles cycles) {
  pc_ = pc;
  next_pc_ = pc + facts.last_byte + 2;
  indirect_ = facts.indirect;
  const std::uint32_t line = (pc + facts.last_byte) >> kLineShift;
  if (line != line_) cycles = enter(pc, line, cycles);
  if ((facts.needs & taken_) == 0) {
    taken_ = kAll;
    finish(facts);
  } else {
    cycles = wait(facts.needs, cycles);
    const std::uint64_t late = late_in(cycles);
    late_[0] = late_in(cycles + 1);
    late_[1] = 0;
    issued_at_ = cycles;
    taken_ = facts.takes | late;
    finish(facts);
    spent_.add(StallCause::issue, 1);
    ++cycles;
  }
  // What blocks does so whether it shares its cycle or not.
  const unsigned further = facts.divides ? std::exchange(division_, 1u) - 1 : facts.further;
  return spend(facts.cause, further, cycles);
}

// What the instruction that is issued in cycle issued_at_ makes of its results.
void PipelineE200::finish(const Facts& facts) {
  for (std::uint64_t& late : late_) late &= ~facts.writes;
  const std::uint64_t result = std::uint64_t{1} << facts.result;
  for (unsigned cycle = 1; cycle < facts.latency; ++cycle) late_[cycle - 1] |= result;
  if (facts.latency > 1) waits_[facts.result] = facts.cause;
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
  const Region region = regions_[line >> (kPageBits - kLineShift)];
  if (region == Region::code) return cycles;
  const bool flash = region == Region::flash;
  if (control_.code_cache) return rehearses_ ? cycles : fetch_cached(line, flash, cycles);
  if (!flash) return spend(StallCause::bus, ram_read(), cycles);
  if (code_buffer_ != line) cycles = spend(StallCause::flash_fetch, flash_read(), cycles);
  code_buffer_ = line;
  return cycles;
}

Cycles PipelineE200::fetch_cached(std::uint32_t line, bool flash, Cycles cycles) {
  const bool watched = code_tags_.watch() != nullptr;
  ++code_use_.accesses;
  if (code_tags_.hit(line)) {
    if (watched) code_tags_.note_use(line << kLineShift);
    if (fetches_.line_count++ == 0) fetches_.first = line;
    return cycles;
  }
  repeatable_ = false;
  ++code_use_.misses;
  if (watched) code_tags_.note_missed_fetch(line << kLineShift);
  code_tags_.insert(line);
  if (watched) code_tags_.note_use(line << kLineShift);
  ++contents_;
  const bool buffered = flash && code_buffer_ == line;
  cycles = spend(StallCause::icache_miss, fill(buffered ? 0 : flash ? flash_read() : ram_read()), cycles);
  if (flash) code_buffer_ = line;
  return cycles;
}

void PipelineE200::note(const Fetches& fetches) {
  for (unsigned i = 0; i < fetches.line_count; ++i) code_tags_.note_use((fetches.first + i) << kLineShift);
}

std::uint32_t PipelineE200::expect_past_cache(Region region, std::uint32_t line) const {
  const bool buffered = region == Region::flash && line == data_buffer_;
  const auto place = buffered ? kBufferedFlash : static_cast<std::size_t>(region);
  return control_.data_cache ? fills_[place] : plain_loads_[place];
}

void PipelineE200::load_past_cache(Region region, Address address) {
  const std::uint32_t line = address >> kLineShift;
  if (control_.data_cache) {
    ++data_use_.misses;
    if (data_tags_.watch() != nullptr) data_tags_.note_missed_data(address);
    data_tags_.insert(line);
    if (data_tags_.watch() != nullptr) data_tags_.note_use(address);
  }
  if (region == Region::flash) data_buffer_ = line;
}

Cycles PipelineE200::store_change(Address /*address*/, unsigned /*width*/, Cycles cycles) {
  control_changed();
  return spend(StallCause::bus, parameters_.device_access, cycles);
}

std::uint32_t PipelineE200::observe(const Ending& ending, Address address, unsigned width, bool is_store,
                                    Cycles now) {
  if (dirty_) refresh();
  const std::uint32_t outcome = expect(ending, address, width, is_store, now);
  carry_out(ending, address, width, is_store, now);
  return outcome;
}

void PipelineE200::Passage::add(const Fetches& fetches) {
  accesses += fetches.line_count;
  for (unsigned i = 0; i < fetches.line_count; ++i) uses.use(fetches.first + i);
}

bool PipelineE200::holds(Fetches& fetches, Cycles cycles) const {
  if (fetches.held != contents_) {
    for (unsigned i = 0; i < fetches.line_count; ++i)
      if (!code_tags_.holds(fetches.first + i)) return false;
    fetches.held = contents_;
  }
  return holds_still(fetches, cycles);
}

bool PipelineE200::save(State& state, Address /*next*/, Cycles cycles) const {
  // Behind a pause, what could still join the instruction before it would be told by more than these times.
  if (dirty_ || (taken_ != kAll && issued_at_ + 1 != cycles)) return false;
  state = {
      .taken = std::bit_cast<std::array<std::uint32_t, 2>>(taken_),
      .line = line_,
      .code_buffer = control_.code_cache ? kNoLine : code_buffer_,
      .late = {},
      .code_cache = control_.code_cache,
      .wait_states = static_cast<std::uint8_t>(wait_states_),
      .ram_wait = static_cast<std::uint8_t>(ram_wait_),
      .division = static_cast<std::uint8_t>(division_),
  };
  const std::uint64_t longer = late_in(cycles + 1);
  std::size_t count = 0;
  for (std::uint64_t late = late_in(cycles); late != 0; late &= late - 1) {
    if (count == state.late.size()) return false;
    const auto resource = static_cast<std::uint8_t>(std::countr_zero(late));
    const auto left = static_cast<std::uint8_t>(1 + (longer >> resource & 1));
    state.late[count++] = {resource, left, waits_[resource]};
  }
  return true;
}

void PipelineE200::restore(const State& state, Address next, const Facts& /*facts*/, Cycles cycles) {
  next_pc_ = next;
  taken_ = std::bit_cast<std::uint64_t>(state.taken);
  line_ = state.line;
  if (state.code_cache == 0) code_buffer_ = state.code_buffer;
  division_ = state.division;
  issued_at_ = cycles - 1;
  late_ = {};
  for (const State::Late& late : state.late) {
    for (unsigned cycle = 0; cycle < late.cycles; ++cycle) late_[cycle] |= std::uint64_t{1} << late.resource;
    if (late.cycles != 0) waits_[late.resource] = late.cause;
  }
}

}  // namespace mcusim::emulator
