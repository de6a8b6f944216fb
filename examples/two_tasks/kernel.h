// The smallest kernel that switches tasks: two of them, each with a stack of its own, take turns at every
// tick. Works on every Cortex-M; no interrupt of the application may be less urgent than PendSV.
#pragma once

#include <stdint.h>

#define TASKS 2u

extern volatile uint32_t ticks;         // since tasks_start()
extern volatile uint32_t current_task;  // 0 or 1

// `entry` must not return. `stack` has `words` words and is aligned to 8 bytes; 64 words are what the two
// frames of a switch take at the most, with floating point; the task's own needs come on top.
void task_create(unsigned task, void (*entry)(void), uint32_t* stack, uint32_t words);

// Starts task 0, with a tick every `cycles_per_tick` cycles of the core.
__attribute__((noreturn)) void tasks_start(uint32_t cycles_per_tick);

// Gives the rest of the turn to the other task.
void task_yield(void);

// The vector table names these.
void SysTick_Handler(void);
void PendSV_Handler(void);
