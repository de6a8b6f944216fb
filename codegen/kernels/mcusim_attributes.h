/* What C99 cannot say. */
#ifndef MCUSIM_ATTRIBUTES_H
#define MCUSIM_ATTRIBUTES_H

/* Each layer stays a function of its own: not inlined, not merged with an identical one, not cloned. */
#if defined(__clang__)
#define MCUSIM_NOIPA __attribute__((noinline))
#elif defined(__GNUC__)
#define MCUSIM_NOIPA __attribute__((noipa))
#else
#define MCUSIM_NOIPA
#endif

#if defined(__GNUC__)
#define MCUSIM_ALIGNED(bytes) __attribute__((aligned(bytes)))
#else
#define MCUSIM_ALIGNED(bytes)
#endif

/* Uninitialised memory that a linker script may place by name. */
#if defined(__ELF__)
#define MCUSIM_ARENA(name) __attribute__((section(".bss." name), aligned(16)))
#else
#define MCUSIM_ARENA(name) MCUSIM_ALIGNED(16)
#endif

/* A program that measures layers defines MCUSIM_PROFILE_HEADER as the name of a header, with quotes, which
 * defines both hooks. `layer` counts from 0. */
#if defined(MCUSIM_PROFILE_HEADER)
#include MCUSIM_PROFILE_HEADER
#endif
#ifndef MCUSIM_LAYER_BEGIN
#define MCUSIM_LAYER_BEGIN(layer)
#endif
#ifndef MCUSIM_LAYER_END
#define MCUSIM_LAYER_END(layer)
#endif

#endif
