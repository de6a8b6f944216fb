#include "emulator/clock_tree/spc58_clocks.h"

#include "emulator/peripherals/register_file.h"

namespace mcusim::emulator::clock_tree {
namespace {

constexpr Hertz kInternalOscillator = 16'000'000;

// Offsets and fields (UM3100: MC_ME, MC_CGM, PLLDIG).
constexpr std::uint32_t kGlobalStatus = 0x000, kModeControl = 0x004, kFirstMode = 0x020;
constexpr std::uint32_t kKey = 0x5af0, kInvertedKey = 0xa50f;
constexpr std::uint32_t kCoreDivider = 0x1e8, kTimerDivider = 0x1ec, kBridgeDivider = 0x1f0,
                        kPll0Reference = 0x260, kPll1Reference = 0x280, kLinSource = 0x380,
                        kLinDivider = 0x390;
constexpr std::uint32_t kPll0Dividers = 0x08, kPll1Dividers = 0x28;
/// What the status repeats of the mode's configuration: which sources are on, and the system clock.
constexpr std::uint32_t kSources = 0xff, kSystemClock = 0xf;

unsigned bits(std::uint32_t value, unsigned shift, unsigned width) {
  return value >> shift & ((1u << width) - 1);
}

}  // namespace

/// Tells when a register has another value.
class Spc58Clocks::Block : public RegisterFile {
 public:
  Block(const mcu_models::PeripheralModel& model, Spc58Clocks& clocks)
      : RegisterFile(model), clocks_(clocks) {}

  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override {
    RegisterFile::write(offset, width, value);
    clocks_.registers_changed();
  }
  void reset() override {
    RegisterFile::reset();
    clocks_.registers_changed();
  }
  std::uint32_t word(std::uint32_t offset) const { return read_word(offset); }

 private:
  Spc58Clocks& clocks_;
};

/// Enters a mode when MCTL is written with it and the key, then with it and the inverted key.
class Spc58Clocks::ModeEntry : public Block {
 public:
  using Block::Block;

  void write(std::uint32_t offset, unsigned width, std::uint32_t value) override {
    if ((offset & ~3u) == kModeControl) {
      const std::uint32_t mode = value >> 28;
      if ((value & 0xffff) == kInvertedKey && keyed_mode_ == mode) {
        const std::uint32_t configuration = store_.word(kFirstMode + 4 * mode);
        const std::uint32_t rest = store_.word(kGlobalStatus) & ~(0xf0000000u | kSources);
        store_.set_word(kGlobalStatus, mode << 28 | rest | (configuration & kSources));
      }
      keyed_mode_ = (value & 0xffff) == kKey ? std::optional(mode) : std::nullopt;
    }
    Block::write(offset, width, value);
  }

 private:
  std::optional<std::uint32_t> keyed_mode_;
};

Hertz Spc58Clocks::Rates::of(std::string_view model) const {
  if (model == "stm") return timers;
  if (model == "pit") return bridges;
  if (model == "linflexd") return linflexd;
  return model == "swt" ? kInternalOscillator : core;
}

Spc58Clocks::Spc58Clocks(Hertz oscillator, std::function<void(const Rates&)> changed)
    : oscillator_(oscillator), changed_(std::move(changed)) {}
Spc58Clocks::~Spc58Clocks() = default;

std::unique_ptr<Device> Spc58Clocks::make(const mcu_models::PeripheralModel& block) {
  const auto made = [this](std::unique_ptr<Block> device, Block*& place) {
    place = device.get();
    registers_changed();
    return device;
  };
  if (block.name == "MC_ME") return made(std::make_unique<ModeEntry>(block, *this), modes_);
  if (block.name == "MC_CGM") return made(std::make_unique<Block>(block, *this), generation_);
  if (block.name == "PLLDIG") return made(std::make_unique<Block>(block, *this), plls_);
  return nullptr;
}

Hertz Spc58Clocks::reference(std::uint32_t selection_register) const {
  return bits(generation_->word(selection_register), 24, 4) == 1 ? oscillator_ : kInternalOscillator;
}

// Factors of 0 stop a PLL.
Hertz Spc58Clocks::source(unsigned number) const {
  switch (number) {
    case 1:
      return oscillator_;
    case 2: {
      const std::uint32_t factors = plls_->word(kPll0Dividers);
      const Hertz divisor = Hertz{bits(factors, 12, 3)} * bits(factors, 16, 6);
      return divisor == 0 ? 0 : reference(kPll0Reference) * bits(factors, 0, 7) / divisor;
    }
    case 4: {
      const std::uint32_t factors = plls_->word(kPll1Dividers);
      const Hertz divisor = Hertz{2} * bits(factors, 16, 6);
      return divisor == 0 ? 0 : reference(kPll1Reference) * bits(factors, 0, 7) / divisor;
    }
    default:
      return kInternalOscillator;
  }
}

Hertz Spc58Clocks::divided(Hertz clock, std::uint32_t divider_register) const {
  const std::uint32_t divider = generation_->word(divider_register);
  return (divider >> 31) != 0 ? clock / (bits(divider, 16, 6) + 1) : clock;
}

Spc58Clocks::Rates Spc58Clocks::rates() const {
  Hertz system = source(modes_->word(kGlobalStatus) & kSystemClock);
  // Hardware refuses to enter a mode whose clock stands still.
  const bool refused = system == 0;
  if (refused) system = kInternalOscillator;
  return {.core = refused ? system : divided(system, kCoreDivider),
          .timers = divided(system, kTimerDivider),
          .bridges = divided(system, kBridgeDivider),
          .linflexd = divided(source(bits(generation_->word(kLinSource), 24, 4)), kLinDivider)};
}

void Spc58Clocks::registers_changed() {
  if (modes_ == nullptr || generation_ == nullptr || plls_ == nullptr) return;
  const Rates now = rates();
  if (now == told_) return;
  told_ = now;
  changed_(now);
}

}  // namespace mcusim::emulator::clock_tree
