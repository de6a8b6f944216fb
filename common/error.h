#pragma once

#include <stdexcept>
#include <string>

namespace mcusim {

/// Unusable input or arguments: the command line prints what() as its one line and exits with status 2.
/// The text reads "file: fault; remedy" and has no line break.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mcusim
