#include "emulator/peripherals/dma/dma_controller.h"

#include "emulator/peripherals/bus_master.h"
#include "emulator/peripherals/dma/dma_requests.h"

namespace mcusim::emulator {
namespace {

/// DMAREQ_ID of a DMAMUX_CxCR (RM0432 chapter 12, RM0433 chapter 17).
constexpr std::uint32_t kMultiplexerSelection = 0x7f;

}  // namespace

DmaController::DmaController(const mcu_models::PeripheralModel& model, const Wiring& wiring,
                             unsigned channels)
    : RegisterFile(model),
      wiring_(wiring),
      numbers_(model.interrupts),
      model_(model.dma),
      channels_(channels) {
  if (wiring_.requests != nullptr) wiring_.requests->listen([this] { schedule(); });
}

void DmaController::reset() {
  RegisterFile::reset();
  scheduled_ = false;
  ++generation_;
  update();
}

const std::string* DmaController::signal(unsigned channel) const {
  unsigned wanted = 0;
  if (model_.multiplexer) {
    wanted = wiring_.memory->read(*model_.multiplexer + 4 * channel, 4).value & kMultiplexerSelection;
  } else {
    wanted = selection(channel);
  }
  for (const mcu_models::DmaRequest& request : model_.requests) {
    const bool here = request.channel < 0 || request.channel == static_cast<int>(channel);
    // Where several signals share an input, one that is up counts.
    if (here && request.selection == wanted && wiring_.requests->raised(request.signal))
      return &request.signal;
  }
  return nullptr;
}

bool DmaController::ready(unsigned channel) const {
  switch (trigger(channel)) {
    case Trigger::none:
      return false;
    case Trigger::memory:
      return true;
    case Trigger::request:
      return wiring_.requests != nullptr && signal(channel) != nullptr;
  }
  return false;
}

void DmaController::schedule() {
  if (scheduled_ || wiring_.scheduler == nullptr || wiring_.memory == nullptr) return;
  bool any = false;
  for (unsigned channel = 0; channel < channels_ && !any; ++channel) any = ready(channel);
  if (!any) return;
  scheduled_ = true;
  wiring_.scheduler->at(wiring_.scheduler->now() + kCyclesPerItem, [this, generation = generation_] {
    if (generation == generation_) serve();
  });
}

void DmaController::serve() {
  for (unsigned channel = 0; channel < channels_; ++channel) {
    if (ready(channel)) move(channel);
  }
  scheduled_ = false;
  update();
}

void DmaController::update() {
  update_interrupts();
  schedule();
}

// Channels may share an interrupt.
void DmaController::update_interrupts() {
  if (wiring_.interrupts == nullptr) return;
  std::map<int, bool> levels;
  for (unsigned channel = 0; channel < channels_ && channel < numbers_.size(); ++channel) {
    if (numbers_[channel] >= 0) levels[numbers_[channel]] |= interrupts(channel);
  }
  for (const auto& [number, level] : levels) wiring_.interrupts->set(static_cast<unsigned>(number), level);
}

BusRead DmaController::read_memory(Address address) const { return wiring_.memory->read(address, 4); }

bool DmaController::copy(Address source, unsigned read_width, Address destination, unsigned write_width) {
  const BusRead item = wiring_.memory->read(source, read_width);
  return item.status == BusStatus::ok &&
         wiring_.memory->write(destination, write_width, item.value) == BusStatus::ok;
}

}  // namespace mcusim::emulator
