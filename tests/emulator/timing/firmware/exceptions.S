@ An SVC whose handler can make PendSV pending: R4 is the address of ICSR, R5 what is written to it. For every
@ Cortex-M.
  .syntax unified
  .cpu cortex-m0
  .thumb
  .section .vectors, "a"
  .word 0x20001000, start + 1
  .rept 9
  .word start + 1
  .endr
  .word svc_handler + 1, start + 1, start + 1, pendsv_handler + 1
  .text
  .global start, call, back, svc_handler, svc_return, pendsv_handler, pendsv_return

  .balign 16
  .thumb_func
start:
  .rept 8
  nop
  .endr
call:
  svc #0
back:
  nop
  b .

  .balign 16
  .thumb_func
svc_handler:
  str r5, [r4]
  nop
  nop
  nop
svc_return:
  bx lr

  .balign 16
  .thumb_func
pendsv_handler:
  nop
  nop
  nop
pendsv_return:
  bx lr
