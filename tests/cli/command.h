#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mcusim::test {

struct Outcome {
  int status = -1;  ///< Exit status; 128 + signal when killed by one.
  std::string output;
  std::string errors;
};

/// Runs the mcusim that this build made, with these arguments, in `folder`; `input` is its standard input.
Outcome mcusim(const std::vector<std::string>& arguments,
               const std::filesystem::path& folder = std::filesystem::temp_directory_path(),
               const std::string& input = "");

}  // namespace mcusim::test
