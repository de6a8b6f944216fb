#include "profiler/checks/written_memory.h"

namespace mcusim::profiler {

WrittenMemory::WrittenMemory(const emulator::Bus& bus) : bus_(bus) {
  for (const emulator::Bus::Memory& memory : bus.memories()) {
    bool is_alias = false;
    for (const Block& block : blocks_)
      is_alias |= memory.storage >= block.storage && memory.storage < block.storage + block.bytes.size();
    if (memory.writable && !is_alias) blocks_.push_back({memory.storage, std::vector<bool>(memory.size)});
  }
}

WrittenMemory::Bit WrittenMemory::find(Address address) const {
  if (last_ == nullptr || address - last_->base >= last_->size || last_->storage != last_storage_) {
    last_ = bus_.find_memory(address);
    last_block_ = kNone;
    if (last_ == nullptr) return {kNone, 0};
    last_storage_ = last_->storage;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      if (last_->storage >= block.storage && last_->storage < block.storage + block.bytes.size())
        last_block_ = i;
    }
  }
  if (last_block_ == kNone) return {kNone, 0};
  const auto inside = static_cast<std::size_t>(last_->storage - blocks_[last_block_].storage);
  return {last_block_, inside + (address - last_->base)};
}

void WrittenMemory::set(Address address, bool written) {
  const Bit bit = find(address);
  if (bit.block != kNone) blocks_[bit.block].bytes[bit.byte] = written;
}

void WrittenMemory::set_all(Address address, Bytes size) {
  for (Bytes i = 0; i < size; ++i) set(address + static_cast<Address>(i), true);
}

bool WrittenMemory::written(Address address) const {
  const Bit bit = find(address);
  return bit.block == kNone || blocks_[bit.block].bytes[bit.byte];
}

}  // namespace mcusim::profiler
