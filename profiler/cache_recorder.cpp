#include "profiler/cache_recorder.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace mcusim::profiler {
namespace {

using emulator::CacheWatch;

constexpr std::size_t kMostConflicts = 10;

void add(const std::string& name, const CacheWatch::Counts& counts,
         std::map<std::string, CacheWatch::Counts>& to) {
  CacheWatch::Counts& sum = to[name];
  sum.accesses += counts.accesses;
  sum.misses += counts.misses;
  sum.writebacks += counts.writebacks;
}

/// The most misses first.
std::vector<CacheShare> shares(const std::map<std::string, CacheWatch::Counts>& counts) {
  std::vector<CacheShare> shares;
  for (const auto& [name, entry] : counts)
    shares.push_back({name, entry.accesses, entry.misses.sum(), entry.misses, entry.writebacks});
  std::ranges::stable_sort(shares, std::ranges::greater(),
                           [](const CacheShare& share) { return std::pair(share.misses, share.accesses); });
  return shares;
}

/// The instruction at `code`; of a fetch, which may begin before its instruction, the next one.
InstructionProfile* instruction_of(Address code, std::vector<InstructionProfile>& instructions) {
  auto next = std::ranges::upper_bound(instructions, code, {}, &InstructionProfile::address);
  if (next != instructions.begin() && code - (next - 1)->address < std::max((next - 1)->size, 1u)) --next;
  return next == instructions.end() ? nullptr : &*next;
}

}  // namespace

CacheRecorder::CacheRecorder(emulator::Machine& machine, const emulator::Image& image)
    : caches_(dynamic_cast<emulator::WatchedCaches*>(&machine.engine())), owners_(machine, image) {
  if (caches_ == nullptr) return;
  caches_->watch_caches([this](Address address) { return owners_.at(address); });
  for (CacheWatch* const watch : caches_->watches()) watched_.push_back({watch, {}, {}, {}});
}

CacheRecorder::~CacheRecorder() {
  if (caches_ != nullptr) caches_->watch_caches({});
}

void CacheRecorder::begin_window() {
  for (Watched& cache : watched_) {
    if (cache.watch == nullptr) continue;
    // Should no window ever end, all of the run counts.
    if (!has_window_) cache.before += cache.watch->findings();
    cache.watch->clear();
  }
}

void CacheRecorder::end_window() {
  has_window_ = true;
  for (Watched& cache : watched_)
    if (cache.watch != nullptr) cache.window = cache.watch->findings();
}

void CacheRecorder::passed(Cycles now) {
  for (Watched& cache : watched_)
    if (cache.watch != nullptr) cache.heat.look(now, cache.watch->sets(), cache.watch->ways());
}

void CacheRecorder::finish(Cycles now, FunctionTable& functions, Profile& profile) {
  passed(now);
  for (std::size_t i = 0; i < std::min(watched_.size(), profile.caches.size()); ++i) {
    Watched& cache = watched_[i];
    if (cache.watch == nullptr || !cache.watch->complete()) continue;
    if (!has_window_) {
      cache.window = std::move(cache.before);
      cache.window += cache.watch->findings();
    }
    CacheProfile& described = profile.caches[i];
    described.ways = cache.watch->shape().ways;
    described.line = cache.watch->shape().line_bytes;
    described.heat = cache.heat.heat();
    describe(cache.window, functions, described);
    for (const auto& [code, counts] : cache.window.by_code) {
      InstructionProfile* const instruction = instruction_of(code, profile.instructions);
      if (code == 0 || instruction == nullptr) continue;
      instruction->misses.resize(profile.caches.size());
      instruction->misses[i] += counts.misses.sum();
    }
  }
}

void CacheRecorder::describe(const Findings& findings, FunctionTable& functions, CacheProfile& cache) const {
  for (const CacheWatch::PlaceCounts& set : findings.sets) {
    cache.set_accesses.push_back(set.accesses);
    cache.set_misses.push_back(set.misses);
    cache.set_fills.push_back(set.fills);
  }
  for (const CacheWatch::PlaceCounts& way : findings.ways) {
    cache.way_accesses.push_back(way.accesses);
    cache.way_misses.push_back(way.misses);
    cache.way_fills.push_back(way.fills);
  }
  std::map<std::string, CacheWatch::Counts> by_symbol, by_function;
  for (const auto& [owner, counts] : findings.by_owner) add(owners_.name(owner), counts, by_symbol);
  for (const auto& [code, counts] : findings.by_code)
    add(code == 0 ? "(exceptions)" : functions[functions.containing(code)].name, counts, by_function);
  cache.symbols = shares(by_symbol);
  cache.functions = shares(by_function);
  for (const auto& [owners, conflict] : findings.conflicts) {
    CacheProfile::Conflict& named = cache.conflicts.emplace_back();
    named.evicted = owners_.name(owners.first);
    named.by = owners_.name(owners.second);
    named.misses = conflict.misses;
    for (std::uint32_t set = 0; set < conflict.sets.size(); ++set)
      if (conflict.sets[set]) named.sets.push_back(set);
  }
  std::ranges::stable_sort(cache.conflicts, std::ranges::greater(), &CacheProfile::Conflict::misses);
  if (cache.conflicts.size() > kMostConflicts) cache.conflicts.resize(kMostConflicts);
}

}  // namespace mcusim::profiler
