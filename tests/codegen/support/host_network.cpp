#include "tests/codegen/support/host_network.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <cstring>
#include <set>
#include <stdexcept>

namespace mcusim::codegen::testing {
namespace {

// Floats are computed as on the targets: no fused multiply-add, no excess precision.
constexpr const char* kFlags =
    "-std=c99 -O1 -fPIC -ffp-contract=off -Wall -Wextra -Wshadow -Werror -pedantic -I.";

/// Runs a shell command in `folder`; throws with what it printed when it fails.
void shell(const std::filesystem::path& folder, const std::string& command) {
  const std::filesystem::path log = folder / "log.txt";
  const std::string line = fmt::format("cd '{}' && {{ {} ; }} > log.txt 2>&1", folder.string(), command);
  if (std::system(line.c_str()) == 0) return;
  const std::vector<std::uint8_t> text = read_file(log);
  throw std::runtime_error(
      command.substr(0, 300) + "\n" +
      std::string(text.begin(), text.begin() + std::min<std::ptrdiff_t>(4000, text.size())));
}

bool is_source(const std::string& name) { return name.ends_with(".c"); }

}  // namespace

HostNetwork::HostNetwork(std::shared_ptr<void> library, const EmittedNetwork& network)
    : library_(std::move(library)), note_(network.note) {
  run_ = reinterpret_cast<void (*)()>(symbol(note_.run_function));
  arena_ = static_cast<std::uint8_t*>(symbol(note_.outputs.front().symbol));
  if (run_ == nullptr || arena_ == nullptr)
    throw std::runtime_error("the compiled network lacks its symbols");
}

std::vector<Bytes> HostNetwork::run(const std::vector<Bytes>& inputs) const {
  if (inputs.size() != note_.inputs.size()) throw std::runtime_error("wrong number of inputs");
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const NoteTensor& tensor = note_.inputs[i];
    const std::size_t size = static_cast<std::size_t>(element_count(tensor.shape)) * size_of(tensor.type);
    if (inputs[i].size() != size) throw std::runtime_error("wrong size of input " + tensor.name);
    std::memcpy(arena_ + tensor.offset, inputs[i].data(), size);
  }
  run_();
  std::vector<Bytes> outputs;
  for (const NoteTensor& tensor : note_.outputs) {
    const std::uint8_t* data = arena_ + tensor.offset;
    outputs.emplace_back(data,
                         data + static_cast<std::size_t>(element_count(tensor.shape)) * size_of(tensor.type));
  }
  return outputs;
}

void* HostNetwork::symbol(const std::string& name) const { return dlsym(library_.get(), name.c_str()); }

std::vector<HostNetwork> HostCompiler::compile(const std::vector<EmittedNetwork>& networks) const {
  // Kernels are the same files for all networks; the networks' own sources are included by one unit each
  // kind.
  const TemporaryDirectory folder;
  std::set<std::string> kernels;
  std::string own;
  for (const EmittedNetwork& network : networks) {
    const std::string prefix = network.note.run_function.substr(0, network.note.run_function.rfind("_run"));
    for (const SourceFile& file : network.files) {
      const bool kernel =
          !file.name.starts_with(prefix + ".") && !file.name.starts_with(prefix + "_weights.");
      if (kernel && !kernels.insert(file.name).second) continue;
      write_file(folder.path() / file.name, std::string_view(file.content));
      if (!kernel && is_source(file.name)) own += fmt::format("#include \"{}\"\n", file.name);
    }
  }
  write_file(folder.path() / "networks_.c", std::string_view(own));
  std::string sources = "networks_.c";
  for (const std::string& name : kernels) {
    if (is_source(name)) sources += " " + name;
  }
  // Kernels are compiled faster one by one than their optimised code would be linked: two jobs at a time.
  shell(folder.path(), fmt::format("echo {} | tr ' ' '\\n' | xargs -P 2 -n 1 gcc {} -c", sources, kFlags));
  shell(folder.path(), "gcc -shared -o networks.so *.o -lm");
  void* handle = dlopen((folder.path() / "networks.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw std::runtime_error(dlerror());
  const std::shared_ptr<void> library(handle, [](void* open) { dlclose(open); });
  std::vector<HostNetwork> loaded;
  for (const EmittedNetwork& network : networks) loaded.push_back(HostNetwork(library, network));
  return loaded;
}

}  // namespace mcusim::codegen::testing
