#include "profiler/reports/io_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "profiler/reports/tensor_values.h"

namespace mcusim::profiler {
namespace {

constexpr std::size_t kShownElements = 8;

std::string line(const char* kind, const RecordedTensor& tensor) {
  std::string text = fmt::format("{:<6} {}  {}{}{}:", kind, tensor.name, name_of(tensor.array.type),
                                 tensor.array.shape.empty() ? "" : " ", fmt::join(tensor.array.shape, "x"));
  for_values(tensor.array, kShownElements, [&](auto value) {
    // Integers of a byte are no characters.
    if constexpr (std::is_same_v<decltype(value), float>)
      text += fmt::format(" {:g}", value);
    else
      text += fmt::format(" {}", static_cast<std::int64_t>(value));
  });
  const std::size_t elements = tensor.array.bytes.size() / size_of(tensor.array.type);
  return text + (elements > kShownElements ? fmt::format(" .. ({})\n", elements) : "\n");
}

}  // namespace

std::string io_report(const Profile& profile) {
  std::string text;
  for (const RecordedInference& entry : profile.recorded) {
    std::string head = fmt::format("inference {:<2} ", entry.inference);
    const auto add = [&](const char* kind, const std::vector<RecordedTensor>& tensors) {
      for (const RecordedTensor& tensor : tensors) {
        text += head + line(kind, tensor);
        head.assign(head.size(), ' ');
      }
    };
    add("input", entry.inputs);
    add("output", entry.outputs);
  }
  return text;
}

}  // namespace mcusim::profiler
