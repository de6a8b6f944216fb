#pragma once

#include <memory>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/checks/access_check.h"
#include "profiler/profile.h"

namespace mcusim::profiler {

/// The --check options of one run: makes them, and tells each what happens. Without any, nothing listens and
/// nothing costs.
class AccessChecks : public emulator::AccessListener {
 public:
  /// `image` has been loaded into `machine`; both must outlive it. Throws InputError when there is no such
  /// check, or the engine or the image does not allow it.
  AccessChecks(emulator::Machine& machine, const emulator::Image& image,
               const std::vector<std::string>& names);
  ~AccessChecks() override;
  AccessChecks(const AccessChecks&) = delete;
  AccessChecks& operator=(const AccessChecks&) = delete;

  void loading(Address address, unsigned width, Address pc) override;
  void stored(Address address, unsigned width, Address pc) override;
  void changed(Address address, Bytes size) override;
  void at_probe(Address pc);
  void layer_changed(std::optional<std::size_t> layer);
  /// Fills the results.
  void finish(Profile& profile) const;

 private:
  emulator::Engine& engine_;
  std::vector<std::unique_ptr<AccessCheck>> checks_;
};

}  // namespace mcusim::profiler
