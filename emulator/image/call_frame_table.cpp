#include "emulator/image/call_frame_table.h"

#include <dwarf.h>

#include <cstdlib>
#include <span>
#include <vector>

#include "emulator/image/debug_file.h"

namespace mcusim::emulator {
namespace {

constexpr std::size_t kMostOperations = 64;  ///< Compilers write one to three.

struct FrameEnd {
  void operator()(Dwarf_Frame* frame) const { std::free(frame); }
};

/// A value, or the register or the address in memory that holds it.
struct Location {
  enum class Kind : std::uint8_t { memory, value, reg } kind = Kind::memory;
  std::uint32_t word = 0;
};

/// The register that tables call `number`; nothing when chains do not follow it.
std::optional<std::uint32_t> value_of(std::uint64_t number, const FrameRegisters& registers) {
  if (number == kPowerFrames.link_number) return registers[kPowerFrames.link];
  return number < kPowerFrames.general ? std::optional(registers[number]) : std::nullopt;
}

std::uint32_t low_word(Dwarf_Word value) { return static_cast<std::uint32_t>(value); }

/// Evaluates what call frame tables of compilers contain of DWARF's expressions (section 2.5); nothing
/// for any other operation.
std::optional<Location> evaluate(std::span<const Dwarf_Op> operations, const FrameRegisters& registers,
                                 std::optional<std::uint32_t> cfa, const ReadWord& read) {
  if (operations.size() > kMostOperations) return std::nullopt;
  std::vector<std::uint32_t> stack;
  Location location;
  for (const Dwarf_Op& operation : operations) {
    const unsigned atom = operation.atom;
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
      stack.push_back(registers[atom - DW_OP_breg0] + low_word(operation.number));
    } else if (atom == DW_OP_bregx && value_of(operation.number, registers)) {
      stack.push_back(*value_of(operation.number, registers) + low_word(operation.number2));
    } else if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
      stack.push_back(registers[atom - DW_OP_reg0]);
      location.kind = Location::Kind::reg;
    } else if (atom == DW_OP_regx && value_of(operation.number, registers)) {
      stack.push_back(*value_of(operation.number, registers));
      location.kind = Location::Kind::reg;
    } else if (atom == DW_OP_call_frame_cfa && cfa) {
      stack.push_back(*cfa);
    } else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
      stack.push_back(atom - DW_OP_lit0);
    } else if ((atom >= DW_OP_const1u && atom <= DW_OP_const4s) || atom == DW_OP_constu ||
               atom == DW_OP_consts) {
      stack.push_back(low_word(operation.number));
    } else if (atom == DW_OP_plus_uconst && !stack.empty()) {
      stack.back() += low_word(operation.number);
    } else if (atom == DW_OP_plus && stack.size() >= 2) {
      const std::uint32_t top = stack.back();
      stack.pop_back();
      stack.back() += top;
    } else if (atom == DW_OP_deref && !stack.empty()) {
      const auto word = read(stack.back());
      if (!word) return std::nullopt;
      stack.back() = *word;
    } else if (atom == DW_OP_stack_value) {
      location.kind = Location::Kind::value;
    } else {
      return std::nullopt;
    }
  }
  if (stack.empty()) return std::nullopt;
  location.word = stack.back();
  return location;
}

/// The value of register `number` in the caller; nothing when it is lost.
std::optional<std::uint32_t> caller_register(Dwarf_Frame* frame, unsigned number,
                                             const FrameConvention& convention,
                                             const FrameRegisters& registers, std::uint32_t cfa,
                                             const ReadWord& read) {
  Dwarf_Op memory[3];
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_register(frame, static_cast<int>(number), memory, &operations, &count) != 0)
    return std::nullopt;
  if (count == 0) {
    // Not mentioned: kept, but for the stack pointer, which is the frame's address (IHI 0040).
    return number == convention.stack_pointer ? cfa : value_of(number, registers);
  }
  const auto location = evaluate({operations, count}, registers, cfa, read);
  if (!location) return std::nullopt;
  return location->kind == Location::Kind::memory ? read(location->word) : location->word;
}

}  // namespace

struct CallFrameTable::Tables {
  Dwarf_CFI* debug_frame = nullptr;  ///< Belongs to the Dwarf.
  Dwarf_CFI* eh_frame = nullptr;

  explicit Tables(DebugFile& file)
      : debug_frame(file.dwarf() == nullptr ? nullptr : dwarf_getcfi(file.dwarf())),
        eh_frame(file.elf() == nullptr ? nullptr : dwarf_getcfi_elf(file.elf())) {}
  ~Tables() {
    if (eh_frame != nullptr) dwarf_cfi_end(eh_frame);
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
};

CallFrameTable::CallFrameTable(std::shared_ptr<DebugFile> file) : file_(std::move(file)) {}
CallFrameTable::~CallFrameTable() = default;

const FrameConvention& CallFrameTable::convention() {
  const Elf32_Ehdr* header = file_->elf() == nullptr ? nullptr : elf32_getehdr(file_->elf());
  return header != nullptr && header->e_machine == EM_PPC ? kPowerFrames : kArmFrames;
}

std::optional<FrameRegisters> CallFrameTable::caller(Address pc, const FrameRegisters& registers,
                                                     const ReadWord& read) {
  const FrameConvention& convention = this->convention();
  if (tables_ == nullptr) tables_ = std::make_unique<Tables>(*file_);
  for (Dwarf_CFI* table : {tables_->debug_frame, tables_->eh_frame}) {
    Dwarf_Frame* found = nullptr;
    if (table == nullptr || dwarf_cfi_addrframe(table, pc, &found) != 0) continue;
    const std::unique_ptr<Dwarf_Frame, FrameEnd> frame(found);
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_cfa(frame.get(), &operations, &count) != 0) {
      file_->note_damage("call frame table");
      continue;
    }
    const auto cfa = evaluate({operations, count}, registers, std::nullopt, read);
    if (!cfa) continue;
    FrameRegisters caller = registers;
    bool complete = true;
    const auto take = [&](unsigned number, unsigned index) {
      const auto value = caller_register(frame.get(), number, convention, registers, cfa->word, read);
      complete = complete && value.has_value();
      if (value) caller[index] = *value;
    };
    for (unsigned number = 0; complete && number < convention.general; ++number) take(number, number);
    if (complete) take(convention.link_number, convention.link);
    if (!complete) continue;
    caller[convention.program_counter] = caller[convention.link];
    return caller;
  }
  return std::nullopt;
}

}  // namespace mcusim::emulator
