#include "emulator/host_io/prompted_end.h"

#include <algorithm>

namespace mcusim::emulator::host_io {

void PromptedEnd::write(std::string_view bytes) {
  end_->write(bytes);
  if (seen_) return;
  tail_ += bytes;
  seen_ = tail_.find(prompt_) != std::string::npos;
  tail_.erase(0, tail_.size() - std::min(tail_.size(), prompt_.size() - 1));
}

}  // namespace mcusim::emulator::host_io
