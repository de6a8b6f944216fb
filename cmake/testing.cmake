find_package(GTest REQUIRED)
include(GoogleTest)

# mcusim_test(NAME SOURCES... LIBRARIES...): one test program; each TEST becomes a ctest of its own.
function(mcusim_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    MCUSIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" MCUSIM_BINARY="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/mcusim"
    MCUSIM_MODELS_DIR="${MCUSIM_MODELS_DIR}")
  gtest_discover_tests(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} DISCOVERY_TIMEOUT 60)
endfunction()
