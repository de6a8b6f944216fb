#include "profiler/exports/pprof.h"

#include <zlib.h>

#include <map>
#include <new>
#include <unordered_map>

#include "common/saturate.h"
#include "pprof.pb.h"
#include "profiler/exports/call_tree.h"
#include "profiler/exports/instruction_index.h"

namespace mcusim::profiler {
namespace {

class Builder {
 public:
  explicit Builder(const Profile& profile) : profile_(profile), index_(profile) {}

  pprof::Profile build() {
    text("");
    describe_samples();
    describe_mapping();
    const CallTree tree(profile_);
    for (std::uint32_t i = 0; i < profile_.call_paths.size(); ++i) add_sample(tree, i);
    return std::move(out_);
  }

 private:
  std::int64_t text(const std::string& content) {
    const auto [entry, is_new] = texts_.try_emplace(content, texts_.size());
    if (is_new) out_.add_string_table(content);
    return static_cast<std::int64_t>(entry->second);
  }

  void set_type(pprof::ValueType& type, const char* name) {
    type.set_type(text(name));
    type.set_unit(text("count"));
  }

  void describe_samples() {
    set_type(*out_.add_sample_type(), "cycles");
    set_type(*out_.add_sample_type(), "instructions");
    set_type(*out_.mutable_period_type(), "cycles");
    out_.set_period(1);
    out_.set_default_sample_type(text("cycles"));
    out_.set_duration_nanos(saturated(1e6 * profile_.work_milliseconds()));
  }

  void describe_mapping() {
    pprof::Mapping& mapping = *out_.add_mapping();
    mapping.set_id(1);
    mapping.set_memory_limit(std::uint64_t{1} << 32);
    mapping.set_filename(text(one_line(profile_.file)));
    mapping.set_has_functions(true);
    mapping.set_has_filenames(true);
    mapping.set_has_line_numbers(true);
    mapping.set_has_inline_frames(true);
  }

  void add_sample(const CallTree& tree, std::uint32_t number) {
    const CallPath& path = profile_.call_paths[number];
    if (path.self_cycles == 0 && path.self_instructions == 0) return;
    pprof::Sample& sample = *out_.add_sample();
    sample.add_value(saturated(path.self_cycles));
    sample.add_value(saturated(path.self_instructions));
    const InstructionProfile* call = nullptr;  // That led to the function inside.
    for (const std::uint32_t i : tree.stack(number)) {
      const CallPath& frame = profile_.call_paths[i];
      sample.add_location_id(location(frame.function, call));
      call = index_.call_of(frame);
    }
  }

  /// In a function, at one of its calls; without one, at its begin.
  std::uint64_t location(std::uint32_t number, const InstructionProfile* call) {
    const FunctionProfile& function = profile_.functions[number];
    const Address address = call == nullptr ? function.address : call->address;
    const auto [entry, is_new] = locations_.try_emplace({number, address}, locations_.size() + 1);
    if (!is_new) return entry->second;
    pprof::Location& location = *out_.add_location();
    location.set_id(entry->second);
    location.set_mapping_id(1);
    location.set_address(address);
    const emulator::SourceLocation* source = index_.source_of(call);
    if (source == nullptr) {
      add_line(location, function.name, function.file, function.line);
    } else if (source->inlined_into.empty()) {
      add_line(location, function.name, function.file, source->at.line);
    } else {
      add_line(location, source->at.function, source->at.file, source->at.line);
      for (const emulator::SourceLine& caller : source->inlined_into)
        add_line(location, caller.function, caller.file, caller.line);
    }
    return entry->second;
  }

  void add_line(pprof::Location& location, const std::string& name, const std::string& file, unsigned line) {
    const auto [entry, is_new] = functions_.try_emplace({name, file}, functions_.size() + 1);
    if (is_new) {
      pprof::Function& function = *out_.add_function();
      function.set_id(entry->second);
      function.set_name(text(one_line(name)));
      function.set_system_name(function.name());
      function.set_filename(text(one_line(file)));
    }
    pprof::Line& added = *location.add_line();
    added.set_function_id(entry->second);
    added.set_line(line);
  }

  const Profile& profile_;
  InstructionIndex index_;
  pprof::Profile out_;
  std::unordered_map<std::string, std::size_t> texts_;
  std::map<std::pair<std::uint32_t, Address>, std::uint64_t> locations_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> functions_;  ///< By name and file.
};

/// As a file of gzip without name and time.
std::string compressed(const std::string& bytes) {
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);  // Cannot fail: the bound is the space that it may need.
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string pprof_export(const Profile& profile) {
  require_calls(profile, "pprof file");
  return compressed(Builder(profile).build().SerializeAsString());
}

}  // namespace mcusim::profiler
