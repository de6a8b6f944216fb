// Scenarios for an STM32F407, one per run: the test puts the number into `scenario` before the start. What
// happened stands in `results`, which nobody clears, so that it outlives a system reset.
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t*)(address))
#define RCC_CR REGISTER(0x40023800)
#define RCC_CFGR REGISTER(0x40023808)
#define RCC_BDCR REGISTER(0x40023870)
#define RCC_CSR REGISTER(0x40023874)
#define FLASH_KEYR REGISTER(0x40023c04)
#define FLASH_SR REGISTER(0x40023c0c)
#define FLASH_CR REGISTER(0x40023c10)
#define SYSCFG_MEMRMP REGISTER(0x40013800)
#define SYSCFG_EXTICR1 REGISTER(0x40013808)
#define EXTI_IMR REGISTER(0x40013c00)
#define EXTI_RTSR REGISTER(0x40013c08)
#define EXTI_FTSR REGISTER(0x40013c0c)
#define EXTI_PR REGISTER(0x40013c14)
#define GPIOA_MODER REGISTER(0x40020000)
#define GPIOA_BSRR REGISTER(0x40020018)
#define GPIOB_MODER REGISTER(0x40020400)
#define GPIOB_BSRR REGISTER(0x40020418)
#define DMA2_LISR REGISTER(0x40026400)
#define DMA2_LIFCR REGISTER(0x40026408)
#define DMA2_S0CR REGISTER(0x40026410)
#define DMA2_S0NDTR REGISTER(0x40026414)
#define DMA2_S0PAR REGISTER(0x40026418)
#define DMA2_S0M0AR REGISTER(0x4002641c)
#define NVIC_ISER0 REGISTER(0xe000e100)
#define NVIC_ISER1 REGISTER(0xe000e104)
#define AIRCR REGISTER(0xe000ed0c)
#define CFSR REGISTER(0xe000ed28)
#define SHCSR REGISTER(0xe000ed24)

extern uint32_t stack_top[];
typedef uint32_t (*Function)(void);

volatile uint32_t scenario;
volatile uint32_t results[8];

static void wait_for_ever(void) {
  for (;;) {}
}

// At address 0 stands flash, or SRAM as soon as MEMRMP says so.
__attribute__((noinline, used)) static uint32_t two(void) {
  __asm volatile("");
  return 2;
}

static void remap(void) {
  const uint32_t offset = ((uint32_t)two & ~1u) - 0x08000000u;
  volatile uint16_t* const sram = (volatile uint16_t*)(0x20000000u + offset);
  sram[0] = 0x2001;  // movs r0, #1
  sram[1] = 0x4770;  // bx lr
  const Function at_zero = (Function)(offset | 1);
  results[0] = at_zero();
  SYSCFG_MEMRMP = 3;
  results[1] = at_zero();
  results[2] = REGISTER(offset & ~3u);
  REGISTER(0x1000) = 0x12345678;  // Through the alias into SRAM.
  results[3] = REGISTER(0x20001000);
  SYSCFG_MEMRMP = 0;
  results[4] = at_zero();
}

static void execute_ccm(void) {
  SHCSR = 1u << 17;  // BusFault has its own handler.
  REGISTER(0x10000000) = 0x47702001;
  results[0] = REGISTER(0x10000000);
  ((Function)0x10000001)();
  results[1] = 1;
}

void bus_fault(void) {
  results[2] = CFSR;
  wait_for_ever();
}

static void system_reset(void) {
  results[4 * results[7]] = RCC_CSR;
  results[4 * results[7] + 1] = GPIOB_MODER;
  results[4 * results[7] + 2] = RCC_CFGR | RCC_BDCR << 16;
  if (results[7]++ != 0) return;
  RCC_CR |= 1u << 16;
  RCC_CFGR = 1;  // From HSE.
  RCC_BDCR = 1;
  GPIOB_MODER = 0x5555;
  AIRCR = 0x05fa0004;
  wait_for_ever();
}

static void copy(const void* from, void* to, uint32_t words) {
  DMA2_S0PAR = (uint32_t)from;
  DMA2_S0M0AR = (uint32_t)to;
  DMA2_S0NDTR = words;
  DMA2_S0CR = 2u << 6 | 2u << 11 | 3u << 9 | 1u << 4 | 1;
}

// What DMA writes over code that has been executed is executed from then on.
static void copy_code(void) {
  static uint32_t place;
  static const uint32_t code[2] = {0x47702001, 0x47702007};  // movs r0, #1 or #7; bx lr
  NVIC_ISER1 = 1u << (56 - 32);
  for (uint32_t i = 0; i < 2; ++i) {
    copy(&code[i], &place, 1);
    while (results[2] == i) {}
    results[i] = ((Function)((uint32_t)&place | 1))();
  }
}

void dma_handler(void) {
  DMA2_LIFCR = DMA2_LISR;
  results[2] = results[2] + 1;
}

static void drive_pins(void) {
  SYSCFG_EXTICR1 = 1u << 12;  // Line 3 listens to port B.
  EXTI_RTSR = EXTI_IMR = 1u << 3;
  NVIC_ISER0 = 1u << 9;
  GPIOA_MODER = GPIOB_MODER = 1u << 6;
  GPIOA_BSRR = 1u << 3;
  results[1] = results[0];
  GPIOB_BSRR = 1u << 3;
  results[2] = results[0];
  GPIOB_BSRR = 1u << 19;
  results[3] = results[0];
  EXTI_FTSR = 1u << 3;
  GPIOB_BSRR = 1u << 3;
  GPIOB_BSRR = 1u << 19;
  results[4] = results[0];
}

void exti_handler(void) {
  EXTI_PR = 1u << 3;
  results[0] = results[0] + 1;
  __asm volatile("dsb");
}

static void program_flash(void) {
  volatile uint32_t* const place = (volatile uint32_t*)0x080e0000;
  *place = 0;  // Not programmed: PG is off.
  results[0] = *place;
  results[1] = FLASH_SR;
  FLASH_SR = FLASH_SR;
  FLASH_KEYR = 0x45670123;
  FLASH_KEYR = 0xcdef89ab;
  FLASH_CR = 2u << 8 | 1;
  *place = 0x12345678;
  while (FLASH_SR & 1u << 16) results[2] = 1;
  results[3] = *place;
  FLASH_CR = 11u << 3 | 2;
  FLASH_CR = 1u << 16 | 11u << 3 | 2;
  while (FLASH_SR & 1u << 16) {}
  results[4] = *place;
}

void reset_handler(void) {
  static void (*const scenarios[])(void) = {remap,     execute_ccm, system_reset,
                                            copy_code, drive_pins,  program_flash};
  scenarios[scenario]();
  wait_for_ever();
}

__attribute__((section(".vectors"), used)) const void* const vectors[16 + 57] = {
    [0] = stack_top,
    [1] = (const void*)reset_handler,
    [5] = (const void*)bus_fault,
    [16 + 9] = (const void*)exti_handler,
    [16 + 56] = (const void*)dma_handler};
