@ Calls, returns from the stack and by LR, and loops around them.
  .syntax unified
  .thumb
  .section .vectors, "a"
  .word 0x20001000, start + 1

  .text
  .thumb_func
  .global start
start:
  movs r4, #0
next_round:
  movs r0, #9
  bl fibonacci
  bl leaf
  adds r4, #1
  cmp r4, #40
  bne next_round
  b .

@ r0 = fibonacci(r0)
  .thumb_func
  .global fibonacci
fibonacci:
  cmp r0, #2
  bhs deeper
  bx lr
deeper:
  push {r4, r5, lr}
  mov r4, r0
  subs r0, #1
  bl fibonacci
  mov r5, r0
  subs r0, r4, #2
  bl fibonacci
  adds r0, r0, r5
  pop {r4, r5, pc}

  .thumb_func
  .global leaf
leaf:
  movs r1, #5
1:
  subs r1, #1
  bne 1b
  bx lr
