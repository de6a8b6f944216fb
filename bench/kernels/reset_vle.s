# What precedes a kernel on an SPC58: boot header, stack, floating point, L1 caches, branch target buffer and the wait
# states of 180 MHz.
    .section .boot, "a"
    .long 0x00a50001, _start

    .text
    .globl _start
_start:
    e_lis  r1, stack_top@ha
    e_add16i r1, r1, stack_top@l
    e_lis  r3, 0x0200
    mtmsr  r3
    se_li  r3, 1
    mtspr  1010, r3
    mtspr  1011, r3
    e_li   r3, 0x201
    mtspr  1013, r3
    e_lis  r3, 0xf403
    e_or2i r3, 0x4000
    e_li   r4, 0x501
    e_stw  r4, 0(r3)
    e_b    Reset_Handler
