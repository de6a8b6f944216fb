#pragma once

#include <array>
#include <string_view>

namespace mcusim::profiler {

/// An allocator's function, and which of its arguments (0: the first) say what; -1: none does.
struct HeapFunction {
  std::string_view symbol;
  int size = -1;   ///< Bytes, or bytes of one element.
  int count = -1;  ///< Elements.
  int freed = -1;  ///< The address that is given back.
  /// Moves the end of the heap by `size`, which may be negative, instead of giving a block.
  bool is_break = false;
  bool allocates() const { return size >= 0; }
};

/// Of newlib and picolibc by their public headers (stdlib.h, and reent.h of newlib for those with _r), and of
/// FreeRTOS (portable.h). What one of them calls of the others counts once.
inline constexpr std::array kHeapFunctions = {
    HeapFunction{"malloc", 0, -1, -1},
    HeapFunction{"calloc", 1, 0, -1},
    HeapFunction{"realloc", 1, -1, 0},
    HeapFunction{"free", -1, -1, 0},
    HeapFunction{"memalign", 1, -1, -1},
    HeapFunction{"aligned_alloc", 1, -1, -1},
    HeapFunction{"_malloc_r", 1, -1, -1},
    HeapFunction{"_calloc_r", 2, 1, -1},
    HeapFunction{"_realloc_r", 2, -1, 1},
    HeapFunction{"_free_r", -1, -1, 1},
    HeapFunction{"_memalign_r", 2, -1, -1},
    HeapFunction{"pvPortMalloc", 0, -1, -1},
    HeapFunction{"pvPortCalloc", 1, 0, -1},
    HeapFunction{"vPortFree", -1, -1, 0},
    HeapFunction{"reallocarray", 2, 1, 0},
    HeapFunction{"reallocf", 1, -1, 0},
    // operator new and delete as the Itanium C++ ABI mangles them for 32 bits: who calls them is the site.
    HeapFunction{"_Znwj", 0, -1, -1},
    HeapFunction{"_Znaj", 0, -1, -1},
    HeapFunction{"_ZdlPv", -1, -1, 0},
    HeapFunction{"_ZdaPv", -1, -1, 0},
    HeapFunction{"_ZdlPvj", -1, -1, 0},
    HeapFunction{"_ZdaPvj", -1, -1, 0},
};

/// What stands for an allocator where an image has none of these: firmware that takes memory from the end of
/// the heap itself.
inline constexpr std::array kBreakFunctions = {HeapFunction{"_sbrk", 0, -1, -1, true},
                                               HeapFunction{"sbrk", 0, -1, -1, true}};

}  // namespace mcusim::profiler
