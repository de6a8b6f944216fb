#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "codegen/graph/graph.h"

namespace mcusim::codegen {

/// The constant arrays of a network: what stands in its weights file and in that file's header.
class Constants {
 public:
  explicit Constants(std::string prefix) : prefix_(std::move(prefix)) {}

  /// Adds an array named <prefix>_<name> and returns that symbol; `comment` says what it holds.
  std::string add(std::string_view name, std::string_view comment, std::span<const std::int8_t> values);
  std::string add(std::string_view name, std::string_view comment, std::span<const std::uint16_t> values);
  std::string add(std::string_view name, std::string_view comment, std::span<const std::int32_t> values);

  /// The array of a constant tensor, written once however many operators read it.
  std::string add_tensor(const Graph& graph, TensorId id);

  const std::string& definitions() const { return definitions_; }
  const std::string& declarations() const { return declarations_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void add_text(std::string_view symbol, std::string_view c_type, std::string_view comment, std::size_t count,
                std::size_t element_bytes, const std::string& values);

  std::string prefix_;
  std::set<TensorId> tensors_;
  std::string definitions_;
  std::string declarations_;
  std::size_t bytes_ = 0;
};

}  // namespace mcusim::codegen
