#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "codegen/emit/emit.h"
#include "common/files.h"

namespace mcusim::codegen::testing {

using Bytes = std::vector<std::uint8_t>;

/// An emitted network, compiled by the host's C compiler and loaded, to be run and compared natively.
class HostNetwork {
 public:
  /// Raw bytes of each input; returns those of each output. The arena keeps its bytes from run to run.
  std::vector<Bytes> run(const std::vector<Bytes>& inputs) const;
  /// The address of a symbol of the compiled program; nullptr when there is none.
  void* symbol(const std::string& name) const;
  bool has_symbol(const std::string& name) const { return symbol(name) != nullptr; }

 private:
  friend class HostCompiler;
  HostNetwork(std::shared_ptr<void> library, const EmittedNetwork& network);

  std::shared_ptr<void> library_;
  NetworkNote note_;
  void (*run_)() = nullptr;
  std::uint8_t* arena_ = nullptr;
};

/// Compiles networks with warnings as errors. Several are compiled together, because starting a compiler
/// costs more than most networks; each needs its own EmitOptions::prefix.
class HostCompiler {
 public:
  /// Throws std::runtime_error with the compiler's messages.
  std::vector<HostNetwork> compile(const std::vector<EmittedNetwork>& networks) const;
  HostNetwork compile(const EmittedNetwork& network) const { return compile(std::vector{network}).front(); }
};

}  // namespace mcusim::codegen::testing
