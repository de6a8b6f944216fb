#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/image/image.h"
#include "emulator/machine.h"
#include "profiler/checks/access_check.h"
#include "profiler/checks/finding_log.h"

namespace mcusim::profiler {

/// --check tensors: what a layer's function, and what it calls, accesses inside the arena must lie in the
/// tensors that the network note gives that layer; only outputs and scratch may be written. Handlers that
/// interrupt a layer are not looked at.
class TensorCheck : public AccessCheck {
 public:
  /// Both must outlive it. Throws InputError when the image has no note that tells the layers' tensors.
  TensorCheck(emulator::Machine& machine, const emulator::Image& image);

  void loading(Address address, unsigned width, Address pc) override {
    access({pc, address, width, 0, false});
  }
  void stored(Address address, unsigned width, Address pc) override { access({pc, address, width, 0, true}); }
  void changed(Address, Bytes) override {}
  void layer_changed(std::optional<std::size_t> layer) override;
  CheckResult result() const override { return log_.result(); }

 private:
  struct Tensor {
    emulator::AddressRange range;
    bool writable = false;
  };
  struct Layer {
    std::string rule;  ///< "outside the tensors of layer 3 conv".
    std::vector<Tensor> tensors;
  };

  void add_scratch(const NetworkNote& note, const std::vector<emulator::AddressRange>& ranges);
  void access(WrongAccess what);
  bool allowed(Address address, bool writes) const;
  bool in_handler() const;

  emulator::Machine& machine_;
  FindingLog log_;
  std::vector<emulator::AddressRange> arenas_;
  std::vector<Layer> layers_;
  const Layer* layer_ = nullptr;  ///< That executes.
};

}  // namespace mcusim::profiler
