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

# mcusim_vle_test_program(NAME SOURCE SCRIPT)
# Assembles one file of VLE code to ${CMAKE_CURRENT_BINARY_DIR}/NAME.elf, target NAME_elf.
find_program(MCUSIM_POWERPC_AS powerpc-linux-gnu-as)
find_program(MCUSIM_POWERPC_LD powerpc-linux-gnu-ld)
if(NOT MCUSIM_POWERPC_AS OR NOT MCUSIM_POWERPC_LD)
  message(STATUS "powerpc-linux-gnu-as is missing: some tests of VLE programs are left out")
endif()

function(mcusim_vle_test_program name source script)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.elf)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${MCUSIM_POWERPC_AS} -mvle -mspe -mregnames -g ${source} -o ${name}.o
    COMMAND ${MCUSIM_POWERPC_LD} -n -T ${script} ${name}.o -o ${output}
    DEPENDS ${source} ${script}
    COMMENT "Assembling ${name}.elf"
    VERBATIM)
  add_custom_target(${name}_elf DEPENDS ${output})
endfunction()
