#include "profiler/checks/access_checks.h"

#include <fmt/format.h>

#include "common/error.h"
#include "profiler/checks/tensor_check.h"
#include "profiler/checks/uninit_check.h"

namespace mcusim::profiler {
namespace {

std::unique_ptr<AccessCheck> make_check(const std::string& name, emulator::Machine& machine,
                                        const emulator::Image& image) {
  if (name == "uninit") return std::make_unique<UninitCheck>(machine, image);
  if (name == "tensors") return std::make_unique<TensorCheck>(machine, image);
  throw InputError(fmt::format("--check {}: no such check; use uninit or tensors", name));
}

}  // namespace

AccessChecks::AccessChecks(emulator::Machine& machine, const emulator::Image& image,
                           const std::vector<std::string>& names)
    : engine_(machine.engine()) {
  for (const std::string& name : names) checks_.push_back(make_check(name, machine, image));
  if (!checks_.empty() && !engine_.follow_accesses(this))
    throw InputError("--check: this engine does not tell accesses; use --engine native without --lockstep");
}

AccessChecks::~AccessChecks() {
  if (!checks_.empty()) engine_.follow_accesses(nullptr);
}

void AccessChecks::loading(Address address, unsigned width, Address pc) {
  for (const auto& check : checks_) check->loading(address, width, pc);
}
void AccessChecks::stored(Address address, unsigned width, Address pc) {
  for (const auto& check : checks_) check->stored(address, width, pc);
}
void AccessChecks::changed(Address address, Bytes size) {
  for (const auto& check : checks_) check->changed(address, size);
}
void AccessChecks::at_probe(Address pc) {
  for (const auto& check : checks_) check->at_probe(pc);
}
void AccessChecks::layer_changed(std::optional<std::size_t> layer) {
  for (const auto& check : checks_) check->layer_changed(layer);
}
void AccessChecks::finish(Profile& profile) const {
  for (const auto& check : checks_) profile.checks.push_back(check->result());
}

}  // namespace mcusim::profiler
