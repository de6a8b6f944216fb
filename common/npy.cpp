#include "common/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "common/error.h"
#include "common/files.h"

namespace mcusim {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct Descriptor {
  std::string_view text;
  DataType type;
};
constexpr std::array<Descriptor, 7> kDescriptors{{{"<f4", DataType::float32},
                                                  {"|i1", DataType::int8},
                                                  {"|u1", DataType::uint8},
                                                  {"<i2", DataType::int16},
                                                  {"<i4", DataType::int32},
                                                  {"<i8", DataType::int64},
                                                  {"|b1", DataType::boolean}}};

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view fault) {
  throw InputError(fmt::format("{}: {}; save it with numpy.save in C order as float32 or an integer type",
                               path.string(), fault));
}

/// The text behind 'key': in numpy's header, a Python dict of three known keys.
std::string_view value_of(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) return {};
  std::string_view rest = header.substr(at + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

std::optional<std::vector<std::int64_t>> parse_shape(std::string_view text) {
  if (text.empty() || text.front() != '(') return std::nullopt;
  const std::size_t end = text.find(')');
  if (end == std::string_view::npos) return std::nullopt;
  text = text.substr(1, end - 1);
  std::vector<std::int64_t> shape;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(", "), text.size()));
    if (text.empty()) return shape;
    std::int64_t dimension = 0;
    const auto [next, error] = std::from_chars(text.data(), text.data() + text.size(), dimension);
    if (error != std::errc() || dimension < 0 || shape.size() == 8) return std::nullopt;
    shape.push_back(dimension);
    text.remove_prefix(static_cast<std::size_t>(next - text.data()));
  }
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> file = read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.size() < 10 || !text.starts_with(kMagic)) fail(path, "not a .npy file");
  const int version = file[6];
  if (version < 1 || version > 3) fail(path, fmt::format(".npy version {} is unknown", version));
  const std::size_t prefix = version == 1 ? 10 : 12;
  if (text.size() < prefix) fail(path, "the .npy header is cut off");
  const std::size_t header_size =
      version == 1 ? file[8] | file[9] << 8
                   : file[8] | file[9] << 8 | file[10] << 16 | static_cast<std::size_t>(file[11]) << 24;
  if (header_size > text.size() - prefix) fail(path, "the .npy header is cut off");
  const std::string_view header = text.substr(prefix, header_size);
  const std::string_view data = text.substr(prefix + header_size);

  NpyArray array;
  const std::string_view descriptor = value_of(header, "descr");
  const bool wide_float = descriptor.starts_with("'<f8'");
  bool known = wide_float;
  for (const Descriptor& candidate : kDescriptors) {
    if (descriptor.starts_with(fmt::format("'{}'", candidate.text))) {
      array.type = candidate.type;
      known = true;
    }
  }
  if (!known) fail(path, "its element type is not supported");
  if (!value_of(header, "fortran_order").starts_with("False")) fail(path, "it is in Fortran order");
  const auto shape = parse_shape(value_of(header, "shape"));
  if (!shape) fail(path, "its shape cannot be read");
  array.shape = *shape;

  const std::size_t element_size = wide_float ? 8 : size_of(array.type);
  std::size_t expected = element_size;
  for (const std::int64_t dimension : array.shape) {
    if (__builtin_mul_overflow(expected, static_cast<std::size_t>(dimension), &expected)) {
      fail(path, "its shape is too large");
    }
  }
  if (expected != data.size()) {
    fail(path, fmt::format("shape ({}) needs {} bytes of data, the file has {}", fmt::join(array.shape, ","),
                           expected, data.size()));
  }
  array.bytes.assign(data.begin(), data.end());
  if (wide_float) {
    std::vector<std::uint8_t> narrow(array.bytes.size() / 2);
    for (std::size_t i = 0; i < narrow.size() / 4; ++i) {
      double value = 0;
      std::memcpy(&value, &array.bytes[i * 8], 8);
      const float rounded = static_cast<float>(value);
      std::memcpy(&narrow[i * 4], &rounded, 4);
    }
    array.bytes = std::move(narrow);
  }
  return array;
}

std::vector<std::uint8_t> to_npy(const NpyArray& array) {
  std::string_view descriptor;
  for (const Descriptor& candidate : kDescriptors) {
    if (candidate.type == array.type) descriptor = candidate.text;
  }
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", descriptor,
                                   fmt::join(array.shape, ", "), array.shape.size() == 1 ? "," : "");
  // The data start at a multiple of 64 bytes; the header ends with a line feed.
  header.append(63 - (kMagic.size() + 4 + header.size()) % 64, ' ');
  header.push_back('\n');
  std::string text(kMagic);
  text.push_back(1);
  text.push_back(0);
  text.push_back(static_cast<char>(header.size() & 0xff));
  text.push_back(static_cast<char>(header.size() >> 8));
  text += header;
  std::vector<std::uint8_t> file(text.begin(), text.end());
  file.insert(file.end(), array.bytes.begin(), array.bytes.end());
  return file;
}

}  // namespace mcusim
