#include "profiler/exports/callgrind.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <unordered_map>

#include "common/error.h"
#include "profiler/exports/call_tree.h"
#include "profiler/exports/instruction_index.h"
#include "profiler/exports/path_events.h"

namespace mcusim::profiler {
namespace {

constexpr const char* kUnknown = "???";  ///< What callgrind itself writes for a file or function.

/// Names by number: written out where they first occur.
class Names {
 public:
  std::string reference(const std::string& name) {
    const auto [entry, is_new] = numbers_.try_emplace(name, numbers_.size() + 1);
    return is_new ? fmt::format("({}) {}", entry->second, name) : fmt::format("({})", entry->second);
  }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
};

/// All calls of one instruction to one function.
struct Calls {
  Address site = 0;
  const emulator::SourceLocation* source = nullptr;
  std::uint64_t count = 0;
  std::vector<std::uint64_t> costs;  ///< By event.
};
using CallsByCallee = std::map<std::pair<Address, std::uint32_t>, Calls>;  ///< By call site and callee.

class Writer {
 public:
  explicit Writer(const Profile& profile)
      : profile_(profile),
        index_(profile),
        events_(profile, index_),
        instructions_of_(profile.functions.size() + 1),
        calls_of_(profile.functions.size()),
        written_(kCounts + events_.names().size()) {
    for (const InstructionProfile& entry : profile.instructions) {
      const std::uint32_t function = index_.function_at(entry.address);
      instructions_of_[function == CallPath::kRoot ? profile.functions.size() : function].push_back(&entry);
    }
    collect_calls();
  }

  std::string write() {
    for (std::uint32_t i = 0; i < profile_.functions.size(); ++i) write_function(i);
    write_rest();
    std::string head = fmt::format(
        "# callgrind format\nversion: 1\ncreator: mcusim\ncmd: {}\npositions: instr line\nevents: "
        "cycles instructions",
        one_line(profile_.file));
    for (const std::string& event : events_.names()) head += " " + event_name(event);
    head += "\nsummary:";
    for (const std::uint64_t sum : written_) fmt::format_to(std::back_inserter(head), " {}", sum);
    return head + fmt::format("\n\nob=(1) {}\n", one_line(profile_.file)) + text_;
  }

 private:
  static constexpr std::size_t kCounts = 2;  ///< Cycles and instructions, before the other events.

  static std::string event_name(std::string cause) {
    for (char& c : cause)
      if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return cause;
  }
  static std::string file_name(const std::string& file) { return file.empty() ? kUnknown : one_line(file); }

  void collect_calls() {
    const CallTree tree(profile_);
    for (std::uint32_t i = 0; i < profile_.call_paths.size(); ++i) {
      const CallPath& path = profile_.call_paths[i];
      if (path.parent == CallPath::kRoot) continue;
      const std::uint32_t caller = profile_.call_paths[path.parent].function;
      const InstructionProfile* site = index_.call_of(path);
      const Address address = site != nullptr ? site->address : profile_.functions[caller].address;
      Calls& calls = calls_of_[caller][{address, path.function}];
      calls.site = address;
      calls.source = index_.source_of(site);
      calls.count += path.calls;
      calls.costs.resize(written_.size());
      if (is_recursive(tree, i)) continue;
      calls.costs[0] += tree.inclusive(i).cycles;
      calls.costs[1] += tree.inclusive(i).instructions;
      const auto inclusive = events_.inclusive(i);
      for (std::size_t event = 0; event < inclusive.size(); ++event)
        calls.costs[kCounts + event] += inclusive[event];
    }
  }

  /// Whether the same function calls the same one further out, whose cost holds this one.
  bool is_recursive(const CallTree& tree, std::uint32_t path) const {
    const auto& paths = profile_.call_paths;
    const auto edge = [&](std::uint32_t i) {
      return std::pair(paths[i].parent == CallPath::kRoot ? CallPath::kRoot : paths[paths[i].parent].function,
                       paths[i].function);
    };
    for (const std::uint32_t outer : tree.stack(paths[path].parent))
      if (edge(outer) == edge(path)) return true;
    return false;
  }

  void write_function(std::uint32_t number) {
    const FunctionProfile& function = profile_.functions[number];
    begin_function(function.name, file_name(function.file));
    if (profile_.instructions.empty()) {
      write_costs(function.address, function.line, {function.self_cycles, function.self_instructions});
    }
    for (const InstructionProfile* entry : instructions_of_[number]) write_instruction(*entry);
    for (const auto& [key, calls] : calls_of_[number]) {
      const FunctionProfile& callee = profile_.functions[key.second];
      // A call that was open before counting began counts: readers take the line behind calls=0 for self
      // cost.
      const std::uint64_t count = std::max<std::uint64_t>(calls.count, 1);
      const unsigned line = enter_file_of(calls.source);
      fmt::format_to(out(), "cfi={}\ncfn={}\ncalls={} {:#x} {}\n{:#x} {} {}\n",
                     files_.reference(file_name(callee.file)), functions_.reference(label_of(callee.name)),
                     count, callee.address, callee.line, calls.site, line, fmt::join(calls.costs, " "));
    }
  }

  /// What is in no function, and what no instruction accounts for.
  void write_rest() {
    const auto& homeless = instructions_of_.back();
    if (!homeless.empty()) begin_function("(no function)", kUnknown);
    for (const InstructionProfile* entry : homeless) write_instruction(*entry);
    std::vector<std::uint64_t> rest{profile_.work.cycles, profile_.work.instructions};
    rest.insert(rest.end(), profile_.stalls.begin(), profile_.stalls.end());
    rest.resize(kCounts + profile_.stall_causes.size());
    for (const CacheProfile& cache : profile_.caches) rest.push_back(cache.misses);
    rest.resize(written_.size());  // Misses may not be known by instruction.
    bool any = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      rest[i] -= std::min(rest[i], written_[i]);
      any |= rest[i] != 0;
    }
    if (!any) return;
    begin_function("(no instruction)", kUnknown);
    write_costs(0, 0, rest);
  }

  void begin_function(const std::string& name, const std::string& file) {
    file_ = function_file_ = file;
    fmt::format_to(out(), "\nfl={}\nfn={}\n", files_.reference(file), functions_.reference(label_of(name)));
  }
  static std::string label_of(const std::string& name) { return name.empty() ? kUnknown : one_line(name); }

  /// Switches to the file that the code comes from; answers its line.
  unsigned enter_file_of(const emulator::SourceLocation* source) {
    const std::string file =
        source == nullptr || source->at.file.empty() ? function_file_ : file_name(source->at.file);
    if (file != file_) {
      fmt::format_to(out(), "{}={}\n", file == function_file_ ? "fe" : "fi", files_.reference(file));
      file_ = file;
    }
    return source == nullptr ? 0 : source->at.line;
  }

  void write_instruction(const InstructionProfile& entry) {
    const unsigned line = enter_file_of(index_.source_of(&entry));
    std::vector<std::uint64_t> costs{entry.cycles, entry.count};
    const std::vector<std::uint64_t> events = events_.of(entry);
    costs.insert(costs.end(), events.begin(), events.end());
    write_costs(entry.address, line, costs);
  }

  void write_costs(Address address, unsigned line, const std::vector<std::uint64_t>& costs) {
    fmt::format_to(out(), "{:#x} {}", address, line);
    for (std::size_t i = 0; i < costs.size(); ++i) {
      fmt::format_to(out(), " {}", costs[i]);
      written_[i] += costs[i];
    }
    text_ += '\n';
  }

  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  const Profile& profile_;
  InstructionIndex index_;
  PathEvents events_;
  std::vector<std::vector<const InstructionProfile*>> instructions_of_;  ///< By function; last: of none.
  std::vector<CallsByCallee> calls_of_;                                  ///< By caller.
  Names files_, functions_;
  std::string function_file_, file_;
  std::vector<std::uint64_t> written_;  ///< By event.
  std::string text_;
};

}  // namespace

std::string callgrind_export(const Profile& profile) {
  if (profile.instructions.empty() && profile.functions.empty()) require_calls(profile, "callgrind file");
  return Writer(profile).write();
}

}  // namespace mcusim::profiler
