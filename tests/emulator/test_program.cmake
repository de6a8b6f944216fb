# mcusim_test_program(NAME SOURCES... CPU FLAGS...)
# Cross-compiles a bare-metal program for the tests to ${CMAKE_CURRENT_BINARY_DIR}/NAME.elf, target NAME_elf.
# Without an Arm compiler the tests that need it are left out, with a message.
find_program(MCUSIM_ARM_GCC arm-none-eabi-gcc)
if(NOT MCUSIM_ARM_GCC)
  message(STATUS "arm-none-eabi-gcc is missing: tests that execute Arm programs are left out")
endif()

function(mcusim_test_program name)
  cmake_parse_arguments(arg "" "SCRIPT" "SOURCES;FLAGS" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${MCUSIM_ARM_GCC} -mthumb -nostdlib -ffreestanding -Os -g ${arg_FLAGS} -Wl,--build-id=none
            -T ${arg_SCRIPT} ${arg_SOURCES} -o ${output}
    DEPENDS ${arg_SOURCES} ${arg_SCRIPT}
    COMMENT "Cross-compiling ${name}.elf"
    VERBATIM)
  add_custom_target(${name}_elf DEPENDS ${output})
endfunction()
