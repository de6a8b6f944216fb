#include "codegen/toolchain/linker_script.h"

#include <fmt/format.h>

#include "codegen/emit/c_text.h"

namespace mcusim::codegen {
namespace {

std::string memory_line(const char* name, const char* access, const MemorySpan& span) {
  return fmt::format("  {:<5} ({}) : ORIGIN = 0x{:08x}, LENGTH = {}  /* {} */\n", name, access, span.base,
                     span.size, c_comment(span.name));
}

/// What differs between the architectures.
struct ScriptParts {
  std::string phdrs;
  std::string first_section;   ///< Name of the section at the start of the flash.
  std::string first_sections;  ///< That section and what else comes before the code.
  std::string code;            ///< Which program header a section is in.
  std::string data;
  std::string arena;
};

ScriptParts arm_parts() {
  constexpr const char* kPhdrs = R"(
PHDRS
{
  code  PT_LOAD FLAGS(5);
  data  PT_LOAD FLAGS(6);
  arena PT_LOAD FLAGS(6);
}
)";
  constexpr const char* kVectors = "  .vectors : { KEEP(*(.vectors)) } > FLASH :code\n";
  return {kPhdrs, ".vectors", kVectors, " :code", " :data", " :arena"};
}

std::string limits(const char* symbol, const char* memory) {
  return fmt::format("  __{0}_start = ORIGIN({1});\n  __{0}_end = ORIGIN({1}) + LENGTH({1});\n", symbol,
                     memory);
}

/// The linker marks segments of VLE code only where it makes the program headers itself. The start-up code
/// writes both memories from end to end, as their error correction wants; the second may be none.
ScriptParts vle_parts(bool together) {
  const std::string sections =
      limits("memory", "RAM") +
      (together ? "  __memory_2_start = 0;\n  __memory_2_end = 0;\n" : limits("memory_2", "ARENA")) +
      "  .boot : { KEEP(*(.boot)) } > FLASH\n"
      "  .vectors : { *(.vectors) } > FLASH\n";
  return {"", ".boot", sections, "", "", ""};
}

constexpr const char* kSections = R"(
ENTRY(Reset_Handler)
{phdrs}
SECTIONS
{{
{first_sections}  .text : {{ *(.text .text.*) }} > FLASH{code}
  .rodata : {{ *(.rodata .rodata.*) . = ALIGN(8); }} > FLASH{code}
  .ARM.exidx : {{ *(.ARM.exidx*) }} > FLASH{code}

  .stack (NOLOAD) :
  {{
    . = ALIGN(8);
    __stack_limit = .;
    . += {stack_size};
    __stack_top = .;
  }} > RAM{data}

  .data :
  {{
    . = ALIGN(8);
    __data_start = .;
    *(.data .data.*)
    . = ALIGN(8);
    __data_end = .;
  }} > RAM AT > FLASH{data}
  __data_load = LOADADDR(.data);

  .net_arena (NOLOAD) :
  {{
    . = ALIGN(32);
    __arena_start = .;
    *(.bss.*_arena)
    . = ALIGN(8);
    __arena_end = .;
  }} > {arena_memory}{arena}

  .bss (NOLOAD) :
  {{
    . = ALIGN(8);
    __bss_start = .;
    *(.bss .bss.* COMMON)
    . = ALIGN(8);
    __bss_end = .;
  }} > RAM{data}

  ASSERT(SIZEOF({first_section}) > 0, "{first_section} is missing")
  ASSERT(ADDR({first_section}) == ORIGIN(FLASH), "{first_section} is not at the start of the flash")
  ASSERT(__stack_top - __stack_limit >= 2048, "the stack is too small")
}}
)";

}  // namespace

std::string linker_script(const Placement& placement, mcu_models::Architecture architecture) {
  const bool together = placement.arena == placement.system;
  const ScriptParts parts = architecture == mcu_models::Architecture::vle ? vle_parts(together) : arm_parts();
  std::string script = "MEMORY\n{\n";
  script += memory_line("FLASH", "rx", placement.flash);
  script += memory_line("RAM", "rw", placement.system);
  if (!together) script += memory_line("ARENA", "rw", placement.arena);
  script += "}\n";
  script += fmt::format(
      kSections, fmt::arg("phdrs", parts.phdrs), fmt::arg("first_sections", parts.first_sections),
      fmt::arg("first_section", parts.first_section), fmt::arg("code", parts.code),
      fmt::arg("data", parts.data), fmt::arg("arena", parts.arena),
      fmt::arg("stack_size", placement.stack_size), fmt::arg("arena_memory", together ? "RAM" : "ARENA"));
  return script;
}

}  // namespace mcusim::codegen
