// STM32F4 at its reset clock, USART2 on PA2: the console of NUCLEO-F411RE and NUCLEO-F446RE.
#pragma once

#define BOARD_CLOCK 16000000u  // HSI

void board_start(void);
void board_put(char letter);
void board_print(const char* text);
// Waits for the last letter and stops for good.
__attribute__((noreturn)) void board_end(void);
