#include "emulator/peripherals/flash_interface.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "emulator/clock_tree/timebase.h"
#include "emulator/peripherals/bus_master.h"
#include "interrupt_recorder.h"

// The flash interfaces of the families, by what their manuals tell firmware to do.

namespace mcusim::emulator {
namespace {

constexpr Address kFlash = 0x08000000;

struct Chip {
  explicit Chip(const std::string& part)
      : mcu(mcu_models::load_mcu(part)),
        flash(*mcu.find_peripheral("FLASH"),
              {.interrupts = &lines, .time = &time, .scheduler = &scheduler, .memory = &master}) {
    const mcu_models::PeripheralModel& model = *mcu.find_peripheral("FLASH");
    range = model.flash.front();
    bus.add_memory("FLASH", kFlash, mcu.find_memory("FLASH")->size, false);
    bus.add_alias("boot alias", 0, kFlash);
    bus.set_writer(kFlash, &flash);
  }

  void unlock() {
    flash.write(range.key, 4, 0x45670123);
    flash.write(range.key, 4, 0xcdef89ab);
  }
  std::uint32_t control() { return flash.read(range.control, 4); }
  std::uint32_t status() { return flash.read(range.status, 4); }
  void set_control(std::uint32_t value) { flash.write(range.control, 4, value); }
  /// Control with PG, and PSIZE for words where there is one.
  std::uint32_t programming() const {
    return range.program_bit | (range.size_width != 0 ? 2u << range.size_shift : 0);
  }
  unsigned width() const { return range.write_bytes == 0 ? 4 : range.write_bytes; }
  /// One unit from `address` on, of the byte `value`.
  void program_unit(Address address, std::uint8_t value) {
    for (unsigned done = 0; done < range.unit_bytes; done += width()) {
      EXPECT_EQ(bus.write(address + done, width(), value * 0x01010101u), BusStatus::ok);
    }
  }
  /// Lets whatever is under way end.
  void wait() {
    while (scheduler.next() != Scheduler::kNever) {
      scheduler.set_now(scheduler.next());
      scheduler.serve();
    }
  }
  std::uint32_t byte(Address address) { return bus.read(address, 1).value; }
  std::uint32_t errors() {
    return status() & (range.sequence_flag | range.not_erased_flag | range.size_flag | range.align_flag);
  }

  mcu_models::McuModel mcu;
  mcu_models::FlashProgramming range;
  Scheduler scheduler;
  InterruptRecorder lines;
  clock_tree::Timebase time{16'000'000};
  Bus bus;
  std::vector<std::pair<Address, Bytes>> changed;
  BusMaster master{bus, [this](Address address, Bytes size) { changed.emplace_back(address, size); }};
  FlashInterface flash;
};

const char* const kParts[] = {"stm32f103", "stm32f407", "stm32f411", "stm32f446", "stm32f746", "stm32g0b1",
                              "stm32g474", "stm32h743", "stm32h7a3", "stm32l476", "stm32l4r5", "stm32u575"};

TEST(FlashInterface, IsLockedUntilItsTwoKeysCome) {
  for (const char* part : kParts) {
    Chip chip(part);
    chip.set_control(chip.programming());
    EXPECT_NE(chip.control() & chip.range.lock_bit, 0u) << part;
    EXPECT_EQ(chip.control() & chip.range.program_bit, 0u) << part << ": a locked register takes nothing";
    chip.unlock();
    EXPECT_EQ(chip.control() & chip.range.lock_bit, 0u) << part;
    chip.set_control(chip.range.lock_bit);
    EXPECT_NE(chip.control() & chip.range.lock_bit, 0u) << part;
    chip.set_control(0);
    EXPECT_NE(chip.control() & chip.range.lock_bit, 0u) << part << ": only the keys unlock";
  }
}

TEST(FlashInterface, AWrongKeyLocksUntilReset) {
  for (const char* part : kParts) {
    Chip chip(part);
    chip.flash.write(chip.range.key, 4, 0x45670123);
    chip.flash.write(chip.range.key, 4, 0x12345678);
    chip.unlock();
    EXPECT_NE(chip.control() & chip.range.lock_bit, 0u) << part;
    chip.flash.reset();
    chip.unlock();
    EXPECT_EQ(chip.control() & chip.range.lock_bit, 0u) << part;
  }
}

TEST(FlashInterface, AWriteWithoutPgChangesNothingAndIsASequenceError) {
  for (const char* part : kParts) {
    Chip chip(part);
    for (const bool unlocked : {false, true}) {
      if (unlocked) chip.unlock();
      EXPECT_EQ(chip.bus.write(kFlash + 0x4000, chip.width(), 0), BusStatus::ok) << part;
      EXPECT_EQ(chip.bus.write(0, chip.width(), 0), BusStatus::ok) << part << ": through the boot alias";
      EXPECT_EQ(chip.byte(kFlash + 0x4000), 0xffu) << part;
      EXPECT_EQ(chip.byte(kFlash), 0xffu) << part;
      EXPECT_EQ(chip.errors(), chip.range.sequence_flag) << part;
    }
    EXPECT_TRUE(chip.changed.empty()) << part;
  }
}

TEST(FlashInterface, ProgramsItsUnitAndIsBusyMeanwhile) {
  for (const char* part : kParts) {
    Chip chip(part);
    chip.unlock();
    chip.set_control(chip.programming() | chip.range.end_interrupt_bit);
    chip.program_unit(kFlash + 0x4000, 0x5a);
    EXPECT_NE(chip.status() & chip.range.busy_flag, 0u) << part;
    EXPECT_EQ(chip.status() & chip.range.end_flag, 0u) << part;
    chip.wait();
    EXPECT_EQ(chip.status() & chip.range.busy_flag, 0u) << part;
    EXPECT_NE(chip.status() & chip.range.end_flag, 0u) << part;
    const unsigned interrupt = static_cast<unsigned>(chip.mcu.find_peripheral("FLASH")->interrupt);
    EXPECT_TRUE(chip.lines.levels[interrupt]) << part;
    EXPECT_NEAR(static_cast<double>(chip.scheduler.now()), chip.range.program_us * 16, 1) << part;
    for (unsigned i = 0; i < chip.range.unit_bytes; ++i) {
      EXPECT_EQ(chip.byte(kFlash + 0x4000 + i), 0x5au) << part << " byte " << i;
    }
    EXPECT_EQ(chip.byte(kFlash + 0x4000 + chip.range.unit_bytes), 0xffu) << part;
    EXPECT_EQ(chip.changed.size(), 1u) << part << ": the engine hears of it";
    chip.flash.write(chip.range.clear.value_or(chip.range.status), 4, chip.range.end_flag);
    EXPECT_EQ(chip.status() & chip.range.end_flag, 0u) << part;
    EXPECT_FALSE(chip.lines.levels[interrupt]) << part;
  }
}

TEST(FlashInterface, WhereTheFamilyChecksOnlyZerosGoOverWhatIsNotErased) {
  for (const char* part : kParts) {
    Chip chip(part);
    chip.unlock();
    chip.set_control(chip.programming());
    chip.program_unit(kFlash + 0x4000, 0xf0);
    chip.wait();
    chip.program_unit(kFlash + 0x4000, 0x3c);
    chip.wait();
    if (chip.range.not_erased_flag != 0) {
      EXPECT_EQ(chip.byte(kFlash + 0x4000), 0xf0u) << part;
      EXPECT_EQ(chip.errors(), chip.range.not_erased_flag) << part;
    } else {
      EXPECT_EQ(chip.byte(kFlash + 0x4000), 0x30u) << part << ": bits only fall";
    }
    chip.program_unit(kFlash + 0x4000, 0);
    chip.wait();
    EXPECT_EQ(chip.byte(kFlash + 0x4000), 0u) << part;
  }
}

TEST(FlashInterface, AWriteOfAnotherSizeIsAnError) {
  for (const char* part : kParts) {
    Chip chip(part);
    if (chip.range.size_flag == 0 && !chip.range.size_fault) continue;  // The H7 takes any.
    chip.unlock();
    chip.set_control(chip.programming());
    const BusStatus status = chip.bus.write(kFlash + 0x4000, 1, 0);
    EXPECT_EQ(status, chip.range.size_fault ? BusStatus::read_only : BusStatus::ok) << part;
    EXPECT_EQ(chip.errors(), chip.range.size_flag) << part;
    EXPECT_EQ(chip.byte(kFlash + 0x4000), 0xffu) << part;
  }
}

TEST(FlashInterface, AUnitMustBeWrittenInOrder) {
  for (const char* part : kParts) {
    Chip chip(part);
    if (chip.range.unit_bytes <= chip.width()) continue;
    chip.unlock();
    chip.set_control(chip.programming());
    chip.bus.write(kFlash + 0x4000, chip.width(), 0);
    chip.bus.write(kFlash + 0x4100, chip.width(), 0);
    EXPECT_EQ(chip.errors(), chip.range.align_flag) << part;
    chip.wait();
    EXPECT_EQ(chip.byte(kFlash + 0x4000), 0xffu) << part << ": an incomplete unit is lost";
  }
}

struct Sector {
  const char* part;
  std::uint32_t select;  ///< Bits of control, or the address.
  Address base;
  Bytes size;
};

TEST(FlashInterface, ErasesTheSectorOfTheManualAndNoOther) {
  const Sector sectors[] = {
      {"stm32f103", 0x08004400, 0x08004400, 0x400},
      {"stm32f407", 3 << 3, 0x0800c000, 0x4000},
      {"stm32f407", 4 << 3, 0x08010000, 0x10000},
      {"stm32f407", 11 << 3, 0x080e0000, 0x20000},
      {"stm32f411", 7 << 3, 0x08060000, 0x20000},
      {"stm32f746", 4 << 3, 0x08020000, 0x20000},
      {"stm32f746", 7 << 3, 0x080c0000, 0x40000},
      {"stm32l476", 5 << 3, 0x08002800, 0x800},
      {"stm32l476", 1u << 11 | 5 << 3, 0x08082800, 0x800},
      {"stm32l4r5", 1u << 11 | 255 << 3, 0x081ff000, 0x1000},
      {"stm32g474", 1u << 11 | 127 << 3, 0x0807f800, 0x800},
      {"stm32g0b1", 1u << 13 | 257 << 3, 0x08040800, 0x800},
      {"stm32h743", 7u << 8, 0x080e0000, 0x20000},
      {"stm32h7a3", 127u << 6, 0x080fe000, 0x2000},
      {"stm32u575", 1u << 11 | 3 << 3, 0x08106000, 0x2000},
  };
  for (const Sector& sector : sectors) {
    Chip chip(sector.part);
    const Bytes size = chip.mcu.find_memory("FLASH")->size;
    const std::vector<std::uint8_t> zeros(size, 0);
    chip.bus.load(kFlash, zeros.data(), size);
    chip.unlock();
    std::uint32_t select = sector.select;
    if (chip.range.address) {
      chip.flash.write(*chip.range.address, 4, select);
      select = 0;
    }
    chip.set_control(chip.range.erase_bit | select);
    EXPECT_EQ(chip.byte(sector.base), 0u) << sector.part << ": not without START";
    chip.set_control(chip.range.erase_bit | select | chip.range.start_bit);
    EXPECT_NE(chip.status() & chip.range.busy_flag, 0u) << sector.part;
    EXPECT_NE(chip.control() & chip.range.start_bit, 0u) << sector.part;
    chip.wait();
    EXPECT_EQ(chip.status() & chip.range.busy_flag, 0u) << sector.part;
    EXPECT_EQ(chip.control() & chip.range.start_bit, 0u) << sector.part;
    Bytes erased = 0;
    for (Bytes i = 0; i < size; ++i) erased += chip.byte(kFlash + static_cast<Address>(i)) == 0xff ? 1 : 0;
    EXPECT_EQ(erased, sector.size) << sector.part << " select " << sector.select;
    EXPECT_EQ(chip.byte(sector.base), 0xffu) << sector.part << " select " << sector.select;
    EXPECT_EQ(chip.byte(sector.base + static_cast<Address>(sector.size) - 1), 0xffu) << sector.part;
  }
}

TEST(FlashInterface, TheSecondBankOfAnH7HasItsOwnRegisters) {
  Chip chip("stm32h743");
  const mcu_models::FlashProgramming& second = chip.mcu.find_peripheral("FLASH")->flash[1];
  EXPECT_EQ(second.base, 0x08100000u);
  chip.unlock();
  chip.set_control(chip.programming());
  chip.bus.write(0x08100000, 4, 0);
  EXPECT_EQ(chip.flash.read(second.status, 4), second.sequence_flag) << "still locked";
  EXPECT_EQ(chip.status(), 0u);
  chip.flash.write(second.key, 4, 0x45670123);
  chip.flash.write(second.key, 4, 0xcdef89ab);
  chip.flash.write(second.control, 4, second.program_bit);
  chip.program_unit(0x08100000, 0x11);
  EXPECT_EQ(chip.byte(0x0810001f), 0x11u);
}

TEST(FlashInterface, MassEraseTakesTheBankOrTheWhole) {
  for (const char* part : kParts) {
    Chip chip(part);
    const std::vector<std::uint8_t> zeros(chip.range.size, 0);
    chip.bus.load(kFlash, zeros.data(), zeros.size());
    chip.unlock();
    chip.set_control(chip.range.erase_all_bits.front() | chip.range.start_bit);
    chip.wait();
    const Bytes part_size = chip.range.size / chip.range.erase_all_bits.size();
    EXPECT_EQ(chip.byte(kFlash), 0xffu) << part;
    EXPECT_EQ(chip.byte(kFlash + static_cast<Address>(part_size) - 1), 0xffu) << part;
    if (part_size < chip.range.size) {
      EXPECT_EQ(chip.byte(kFlash + static_cast<Address>(part_size)), 0u) << part;
    }
  }
}

TEST(FlashInterface, ASectorThatThePartLacksIsASequenceError) {
  Chip chip("stm32f411");
  chip.unlock();
  chip.set_control(chip.range.erase_bit | 11 << 3 | chip.range.start_bit);
  chip.wait();
  EXPECT_EQ(chip.errors(), chip.range.sequence_flag);
}

}  // namespace
}  // namespace mcusim::emulator
