@ Sequences whose cycles are known. Each stands behind 16-bit no-operations that fill the fetch queue, begins
@ on a word and ends with one more nop, so that the second cycle of a load is seen. NAME_from and NAME_to mark
@ what is counted.
  .syntax unified
  .cpu cortex-m4
  .fpu fpv4-sp-d16
  .thumb
  .section .vectors, "a"
  .word 0x20001000, idle + 1
  .text
  .thumb_func
idle:
  b .

  .macro sequence name
  .balign 8
  .rept 8
  nop
  .endr
  .global \name\()_from, \name\()_to
\name\()_from:
  .endm
  .macro ends name
  nop
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

  program nops, "nop; nop; nop"
  program adds, "adds r4, #1; adds r4, #1; adds r5, r4; lsls r4, r4, #1"
  program wide_alu, "add.w r4, r4, r5, lsl #2; sxtab r4, r4, r5; ubfx r4, r5, #3, #4"
  program mul, "muls r4, r5"
  program mla, "mla r4, r5, r6, r4"
  program smull, "smull r4, r5, r6, r7"
  program smlald, "smlald r4, r5, r6, r7"
  program divide_small, "udiv r4, r3, r5"
  program divide_large, "udiv r4, r11, r12"
  program load, "ldr r4, [r0]"
  program loads, "ldr r4, [r0]; ldr r5, [r0, #4]; ldr r6, [r1]"
  program load_of_address, "ldr r4, [r0]; ldr r5, [r4]"
  program load_store, "ldr r4, [r0]; str r5, [r1]"
  program load_alu, "ldr r4, [r0]; adds r5, r4"
  program store, "str r5, [r1]"
  program store_offset, "str r5, [r1, r3]"
  program store_load, "str r5, [r1]; ldr r4, [r0]"
  program store_store, "str r5, [r1]; str r6, [r1, #4]"
  program store_ldm, "str r5, [r1]; ldm r0, {r4, r5}"
  program store_stm, "str r5, [r1]; stm r0!, {r4, r5}"
  program loads_of_two_memories, "ldr r4, [r0]; ldr r5, [r2]"
  program address_result, "adds r0, #4; ldr r4, [r0]"
  program address_result_later, "adds r0, #4; nop; ldr r4, [r0]"
  program address_result_store, "adds r1, #4; str r4, [r1]"
  program load_double, "ldrd r4, r5, [r0]"
  program store_double, "strd r4, r5, [r0]"
  program load_multiple, "ldm r0, {r4, r5, r6, r7}"
  program store_multiple, "stm r0!, {r4, r5, r6}"
  program push_pop, "push {r4, r5}; pop {r4, r5}"
  program post_index, "ldr r4, [r0], #4; ldr r5, [r0], #4"
  program offset_loads, "ldr r4, [r0, r3]; ldr r5, [r1, r3]"
  program unaligned_load, "ldr.w r4, [r0, #2]"
  program unaligned_inside, "ldrh.w r4, [r0, #1]"
  program literal, "ldr r4, literal_word"

  program example, "ldr r4, [r0]; ldr r5, [r0, #4]; adds r0, #8; ldr r6, [r0]"

  sequence branch
  b 1f
  .balign 4
1:
  ends branch
  sequence branch_half
  b 1f
  .balign 4
  nop
1: nop
  ends branch_half
  sequence branch_wide_half
  b 1f
  .balign 4
  nop
1: add.w r4, r4, #1
  ends branch_wide_half
  sequence branch_wide_word
  b 1f
  .balign 4
1: add.w r4, r4, #1
  ends branch_wide_word
  sequence not_taken
  cmp r3, #99
  beq 1f
1:
  ends not_taken
  sequence call
  bl returning
  ends call
  sequence zero_taken
  cbz r7, 1f
  .balign 4
  nop
  nop
1:
  ends zero_taken
  sequence zero_not_taken
  cbnz r7, 1f
1:
  ends zero_not_taken
  sequence table
  tbb [pc, r7]
  .byte 2, 2
  nop
1: 
  ends table

  program folded_it, "nop; it eq; addeq r4, r5"
  program it_after_wide, "add.w r4, r4, #1; it eq; addeq r4, r5"
  program suppressed_load, "cmp r3, #99; it eq; ldreq r4, [r0]"
  program two_wide_at_half, "nop; add.w r4, r4, #1; add.w r4, r4, #1"
  program three_wide_at_half, "nop; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1"
  program five_wide_at_word, "add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1"
  program status, "mrs r4, primask"
  program fp_add, "vadd.f32 s0, s1, s2; vadd.f32 s3, s1, s2"
  program fp_dependent, "vadd.f32 s0, s1, s2; vadd.f32 s3, s0, s2"
  program fp_dependent_later, "vadd.f32 s0, s1, s2; nop; vadd.f32 s3, s0, s2"
  program fp_move_dependent, "vmov.f32 s0, s1; vadd.f32 s3, s0, s2"
  program fp_mac, "vfma.f32 s0, s1, s2"
  program fp_divide_hidden, "vdiv.f32 s0, s1, s2; nop; nop; nop"
  program fp_divide, "vdiv.f32 s0, s1, s2; vadd.f32 s3, s0, s2"
  program fp_load, "vldr s0, [r0]"
  program fp_load_double, "vldr d0, [r0]"
  program fp_store, "vstr s0, [r0]"
  program fp_load_multiple, "vldm r0, {s0-s3}"
  program fp_move_core, "vmov r4, s0"
  program fp_move_pair, "vmov r4, r5, s0, s1"

  .balign 4
literal_word:
  .word 42
  .thumb_func
  .balign 4
returning:
  bx lr
