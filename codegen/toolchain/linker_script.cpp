#include "codegen/toolchain/linker_script.h"

#include <fmt/format.h>

#include "codegen/emit/c_text.h"

namespace mcusim::codegen {
namespace {

std::string memory_line(const char* name, const char* access, const MemorySpan& span) {
  return fmt::format("  {:<5} ({}) : ORIGIN = 0x{:08x}, LENGTH = {}  /* {} */\n", name, access, span.base,
                     span.size, c_comment(span.name));
}

constexpr const char* kSections = R"(
ENTRY(Reset_Handler)

PHDRS
{{
  code  PT_LOAD FLAGS(5);
  data  PT_LOAD FLAGS(6);
  arena PT_LOAD FLAGS(6);
}}

SECTIONS
{{
  .vectors : {{ KEEP(*(.vectors)) }} > FLASH :code
  .text : {{ *(.text .text.*) }} > FLASH :code
  .rodata : {{ *(.rodata .rodata.*) . = ALIGN(8); }} > FLASH :code
  .ARM.exidx : {{ *(.ARM.exidx*) }} > FLASH :code

  .stack (NOLOAD) :
  {{
    . = ALIGN(8);
    __stack_limit = .;
    . += {stack_size};
    __stack_top = .;
  }} > RAM :data

  .data :
  {{
    . = ALIGN(8);
    __data_start = .;
    *(.data .data.*)
    . = ALIGN(8);
    __data_end = .;
  }} > RAM AT > FLASH :data
  __data_load = LOADADDR(.data);

  .net_arena (NOLOAD) :
  {{
    . = ALIGN(32);
    __arena_start = .;
    *(.bss.*_arena)
    . = ALIGN(8);
    __arena_end = .;
  }} > {arena_memory} :arena

  .bss (NOLOAD) :
  {{
    . = ALIGN(8);
    __bss_start = .;
    *(.bss .bss.* COMMON)
    . = ALIGN(8);
    __bss_end = .;
  }} > RAM :data

  ASSERT(SIZEOF(.vectors) > 0, "the vector table is missing")
  ASSERT(ADDR(.vectors) == ORIGIN(FLASH), "the vector table is not at the start of the flash")
  ASSERT(__stack_top - __stack_limit >= 2048, "the stack is too small")
}}
)";

}  // namespace

std::string linker_script(const Placement& placement) {
  const bool together = placement.arena == placement.system;
  std::string script = "MEMORY\n{\n";
  script += memory_line("FLASH", "rx", placement.flash);
  script += memory_line("RAM", "rw", placement.system);
  if (!together) script += memory_line("ARENA", "rw", placement.arena);
  script += "}\n";
  script += fmt::format(kSections, fmt::arg("stack_size", placement.stack_size),
                        fmt::arg("arena_memory", together ? "RAM" : "ARENA"));
  return script;
}

}  // namespace mcusim::codegen
