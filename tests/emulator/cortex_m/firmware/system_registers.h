// Addresses of the Arm system space, for firmware that tests it. Source: DDI 0403E B3.
#pragma once

#include <stdint.h>

#define REG(address) (*(volatile uint32_t*)(address))
#define REG8(address) (*(volatile uint8_t*)(address))

#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
#define NVIC_ISER0 REG(0xe000e100)
#define NVIC_ISPR0 REG(0xe000e200)
#define NVIC_ICPR0 REG(0xe000e280)
#define NVIC_IPR(n) REG8(0xe000e400 + (n))
#define ICSR REG(0xe000ed04)
#define VTOR REG(0xe000ed08)
#define AIRCR REG(0xe000ed0c)
#define SCR REG(0xe000ed10)
#define CCR REG(0xe000ed14)
#define SHPR2 REG(0xe000ed1c)
#define SHPR3 REG(0xe000ed20)
#define SHCSR REG(0xe000ed24)
#define CFSR REG(0xe000ed28)
#define HFSR REG(0xe000ed2c)
#define MMFAR REG(0xe000ed34)
#define BFAR REG(0xe000ed38)
#define CPACR REG(0xe000ed88)
#define MPU_CTRL REG(0xe000ed94)
#define MPU_RNR REG(0xe000ed98)
#define MPU_RBAR REG(0xe000ed9c)
#define MPU_RASR REG(0xe000eda0)
#define DEMCR REG(0xe000edfc)
#define FPCCR REG(0xe000ef34)
#define DWT_CTRL REG(0xe0001000)
#define DWT_CYCCNT REG(0xe0001004)
#define DWT_LAR REG(0xe0001fb0)

#define PEND_SV (1u << 28)
