@ Sequences for Cortex-M0 and M0+ whose cycles are known. Each stands behind no-operations and begins on a word.
@ NAME_from and NAME_to mark what is counted.
  .syntax unified
  .cpu cortex-m0plus
  .thumb
  .section .vectors, "a"
  .word 0x20001000, idle + 1
  .text
  .thumb_func
idle:
  b .

  .macro sequence name
  .balign 16
  .rept 8
  nop
  .endr
  .global \name\()_from, \name\()_to
\name\()_from:
  .endm
  .macro ends name
\name\()_to:
  nop
  nop
  b .
  .endm
  .macro program name, code
  sequence \name
  \code
  ends \name
  .endm

  program nop_, "nop"
  program sums, "adds r4, #1; adds r4, r4, r5; subs r4, #1; adcs r4, r5"
  program logic, "ands r4, r5; orrs r4, r5; mvns r4, r5; tst r4, r5"
  program shifts, "lsls r4, r5, #3; asrs r4, r3; rors r4, r3"
  program extends, "sxtb r4, r5; uxth r4, r5; rev r4, r5; rev16 r4, r5"
  program multiply, "muls r4, r5, r4"
  program load, "ldr r4, [r0]"
  program load_byte, "ldrb r4, [r0, #1]"
  program load_offset, "ldrsh r4, [r0, r3]"
  program load_use, "ldr r4, [r0]; adds r4, r4, r5"
  program load_address, "ldr r4, [r0]; ldr r5, [r4]"
  program loads, "ldr r4, [r0]; ldr r5, [r0, #4]; ldr r6, [r1]"
  program load_literal, "ldr r4, literal_word"
  program store, "str r4, [r0]"
  program store_offset, "strh r4, [r0, r3]"
  program store_load, "str r4, [r1]; ldr r5, [r1]"
  program load_multiple, "ldm r0!, {r4, r5, r6}"
  program store_multiple, "stm r0!, {r4, r5, r6, r7}"
  program push, "push {r4, r5, lr}"
  program pop, "pop {r4, r5}"
  program return_, "push {r4, lr}; pop {r4, pc}"
  program not_taken, "cmp r3, r5; beq 1f; 1:"
  program status, "mrs r4, primask"
  program status_write, "msr primask, r7"
  program masks, "cpsid i"
  program barrier, "dsb"
  program rotate_by_16, "rev16 r4, r4; rev r4, r4"
  program middle_bytes, "rev16 r6, r4; uxtb r5, r6; lsrs r6, r6, #24"
  program example, "ldr r4, [r0]; ldr r5, [r1]; muls r4, r5, r4; adds r6, r6, r4; adds r0, #4; subs r3, #1; bne 1f; nop; 1:"
  program copy_words, "1: ldm r0!, {r4, r5, r6}; stm r1!, {r4, r5, r6}; subs r3, #1; bne 1b"

  sequence branch
  b 1f
  nop
1:
  ends branch
  sequence taken
  cmp r3, r5
  bne 1f
  nop
1:
  ends taken
  sequence call
  bl returning
  ends call
  sequence call_register
  adr r4, returning
  adds r4, #1
  blx r4
  ends call_register
  sequence computed
  movs r4, #0
  nop
  add pc, r4
  nop
  nop
  ends computed
  sequence count_down
1:
  subs r3, #1
  bne 1b
  ends count_down
  sequence dot_product
1:
  ldrb r4, [r0]
  ldrb r5, [r1]
  muls r4, r5, r4
  adds r6, r6, r4
  adds r0, #1
  adds r1, #1
  subs r3, #1
  bne 1b
  ends dot_product

  .balign 4
literal_word:
  .word 42
  .thumb_func
  .balign 4
returning:
  bx lr
