#include "profiler/attribution.h"

#include "profiler/call_profile.h"
#include "profiler/disassembler.h"
#include "profiler/source_places.h"

namespace mcusim::profiler {
namespace {

using emulator::InstructionCount;

/// What was added to `before`, which has no other addresses; both are sorted by address.
std::vector<InstructionCount> difference(const std::vector<InstructionCount>& after,
                                         const std::vector<InstructionCount>& before) {
  std::vector<InstructionCount> rest;
  auto old = before.begin();
  for (InstructionCount entry : after) {
    while (old != before.end() && old->address < entry.address) ++old;
    if (old != before.end() && old->address == entry.address) {
      entry.count -= old->count;
      entry.cycles -= old->cycles;
      if (entry.causes && old->causes) *entry.causes = *entry.causes - *old->causes;
    }
    if (entry.count != 0 || entry.cycles != 0) rest.push_back(entry);
  }
  return rest;
}

}  // namespace

Attribution::Attribution(emulator::Machine& machine, const emulator::Image& image)
    : machine_(machine), image_(image), functions_(image) {
  const Address pc = machine.engine().registers().r[15];
  tracker_.emplace(functions_, pc, now());
  if (!machine.engine().follow_calls(&*tracker_, functions_.beginnings())) tracker_.reset();
}

Attribution::~Attribution() { machine_.engine().follow_calls(nullptr, {}); }

emulator::FlowPoint Attribution::now() const {
  const emulator::Counters& counters = machine_.engine().counters();
  return {counters.cycles, counters.instructions, machine_.engine().registers().r[13]};
}

void Attribution::begin_window() {
  if (tracker_) tracker_->begin_window(now());
  counts_before_ = machine_.engine().instruction_counts();
}

void Attribution::end_window() {
  if (tracker_) nodes_ = tracker_->nodes(now());
  counts_ = difference(machine_.engine().instruction_counts(), counts_before_);
  has_window_ = true;
}

void Attribution::finish(Profile& profile) {
  // A window that was begun and not ended does not count, and without any the whole run does.
  if (!has_window_) {
    if (tracker_) nodes_ = tracker_->nodes(now());
    counts_ = machine_.engine().instruction_counts();
  }
  if (tracker_) fill_calls(nodes_, functions_, image_, profile);
  fill_instructions(profile);
}

void Attribution::fill_instructions(Profile& profile) const {
  const Disassembler disassembler(machine_.bus());
  SourcePlaces places(image_);
  for (const InstructionCount& count : counts_) {
    InstructionProfile& entry = profile.instructions.emplace_back();
    entry.address = count.address;
    entry.count = count.count;
    entry.cycles = count.cycles;
    if (count.causes) entry.stalls.assign(count.causes->by_cause.begin(), count.causes->by_cause.end());
    const Disassembler::Line line = disassembler.at(count.address);
    entry.size = line.size;
    entry.text = line.text;
    entry.place = places.number_of(count.address);
  }
  profile.source_places = std::move(places).all();
}

}  // namespace mcusim::profiler
