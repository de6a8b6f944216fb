#include "common/npy.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "common/error.h"
#include "common/files.h"

namespace mcusim {
namespace {

/// Bytes of a version-1 file with the header and data given.
std::string npy(const std::string& header, const std::string& data) {
  std::string file = "\x93NUMPY";
  file += {'\1', '\0', static_cast<char>(header.size()), static_cast<char>(header.size() >> 8)};
  return file + header + data;
}

NpyArray read(const std::string& content) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "a.npy", content);
  return read_npy(folder.path() / "a.npy");
}

TEST(Npy, WhatIsWrittenReadsBackTheSame) {
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{}, {3}, {2, 1, 5}}) {
    NpyArray array{DataType::int16, shape, {}};
    std::size_t count = 1;
    for (const auto dimension : shape) count *= static_cast<std::size_t>(dimension);
    for (std::size_t i = 0; i < count * 2; ++i) array.bytes.push_back(static_cast<std::uint8_t>(i * 7));
    const auto file = to_npy(array);
    EXPECT_EQ((file.size() - array.bytes.size()) % 64, 0u) << "numpy aligns the data to 64 bytes";
    const NpyArray back = read(std::string(file.begin(), file.end()));
    EXPECT_EQ(back.type, array.type);
    EXPECT_EQ(back.shape, array.shape);
    EXPECT_EQ(back.bytes, array.bytes);
  }
}

TEST(Npy, DoublesBecomeFloats) {
  const double values[2] = {0.1, -3e10};
  const NpyArray array = read(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n",
                                  std::string(reinterpret_cast<const char*>(values), 16)));
  ASSERT_EQ(array.type, DataType::float32);
  float floats[2];
  ASSERT_EQ(array.bytes.size(), sizeof floats);
  std::memcpy(floats, array.bytes.data(), sizeof floats);
  EXPECT_EQ(floats[0], 0.1f);
  EXPECT_EQ(floats[1], -3e10f);
}

TEST(Npy, DamagedFilesAreRefused) {
  const std::string good = npy("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }", "ab");
  EXPECT_NO_THROW(read(good));
  for (std::size_t length = 1; length < good.size(); ++length) {
    EXPECT_THROW(read(good.substr(0, length)), InputError) << "cut to " << length;
  }
  for (const char* header : {"{'descr': '|i1', 'fortran_order': True, 'shape': (2,), }",
                             "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }",
                             "{'descr': '|i1', 'fortran_order': False, 'shape': (-2,), }",
                             "{'descr': '|i1', 'fortran_order': False, 'shape': (4294967296,4294967296), }",
                             "{'descr': '|i1', 'fortran_order': False, 'shape': (2x,), }", "{}"}) {
    EXPECT_THROW(read(npy(header, "ab")), InputError) << header;
  }
}

}  // namespace
}  // namespace mcusim
