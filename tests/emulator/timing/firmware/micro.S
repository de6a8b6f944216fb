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
  program load_store_data, "ldr r4, [r0]; str r4, [r1]"
  program load_store_offset, "ldr r4, [r0]; str r5, [r1, r3]"
  program load_store_elsewhere, "ldr r4, [r0]; str r5, [r2]"
  program load_store_address, "ldr r4, [r0]; str r5, [r4]"
  program load_store_load, "ldr r4, [r0]; str r5, [r1]; ldr r6, [r0]"
  program loads_offset, "ldr r4, [r0, r3]; ldr r5, [r1]; ldr r6, [r1, #4]"
  program half_word_load, "nop; ldr.w r4, [r0]"
  program half_word_load_behind_load, "ldr r4, [r0]; ldr.w r5, [r0, #4]"
  program word_load, "ldr.w r4, [r0]"
  program pre_index, "ldr r4, [r0, #4]!"
  program indexed_two_bases, "ldr r4, [r0], #4; ldr r5, [r1], #4"
  program store_post_index, "str r4, [r0], #4"
  program stores, "str r4, [r0]; str r5, [r0, #4]; str r6, [r1]; str r7, [r1, #4]"
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
  sequence literal
  ldr r4, 1f
  ends literal
  .balign 4
1: .word 42

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
  sequence conditional_taken
  cmp r3, #4
  beq 1f
1:
  ends conditional_taken
  sequence branch_register
  ldr r4, 2f
  nop
  bx r4
  .balign 4
2: .word 1f + 1
1:
  ends branch_register
  sequence load_pc
  ldr pc, 2f
  .balign 4
2: .word 1f + 1
1:
  ends load_pc
  sequence return_pop
  bl popping
  ends return_pop
  sequence table_half
  tbh [pc, r7]
  .short 2, 2
1:
  ends table_half
  sequence loop
  movs r4, #5
1: subs r4, #1
  bne 1b
  ends loop
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
  program six_wide_at_half, "nop; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1; add.w r4, r4, #1"
  program two_wide_behind_load, "ldr r4, [r0]; add.w r5, r5, #1; add.w r5, r5, #1"
  program nop_wide_mixed, "nop; add.w r4, r4, #1; nop; add.w r4, r4, #1; nop"
  program parallel, "qadd r4, r5, r6; sadd8 r4, r5, r6; sel r4, r5, r6; usad8 r4, r5, r6; pkhbt r4, r5, r6"
  program bits, "clz r4, r5; rbit r4, r5; bfi r4, r5, #3, #4; ssat r4, #8, r5; movw r4, #1; movt r4, #2"
  program umull, "umull r4, r5, r6, r7"
  program smlal, "smlal r4, r5, r6, r7"
  program mls, "mls r4, r5, r6, r7"
  program smlad, "smlad r4, r5, r6, r4; smlad r4, r5, r6, r4; smlad r4, r5, r6, r4"
  program umaal, "umaal r4, r5, r6, r7"
  program exclusive, "ldrex r4, [r0]; clrex"
  program set_status, "msr primask, r7"
  program push_one, "push {r4}"
  program two_suppressed, "cmp r3, #99; itt eq; moveq r4, r5; moveq r4, r6"
  program fp_multiply, "vmul.f32 s0, s1, s2; vneg.f32 s3, s1; vabs.f32 s4, s1; vcvt.s32.f32 s5, s1"
  program fp_chained, "vmla.f32 s0, s1, s2; vmla.f32 s0, s1, s2"
  program fp_root, "vsqrt.f32 s0, s1; vadd.f32 s3, s0, s2"
  program fp_store_double, "vstr d0, [r0]"
  program fp_store_multiple, "vstm r0, {s0-s3}"
  program fp_compare, "vcmp.f32 s0, s1; nop; vmrs APSR_nzcv, fpscr"
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

  @ With wait states: lines of 16 bytes, cold, behind one line of no-operations.
  .macro lines name, code, count
  .balign 16
  .rept 8
  nop
  .endr
  .global \name\()_from, \name\()_to
\name\()_from:
  .rept \count
  \code
  .endr
\name\()_to:
  nop
  b .
  .endm
  lines narrow_8, nop, 64
  lines narrow_12, nop, 96
  lines wide_8, nop.w, 32
  lines wide_12, nop.w, 48
  @ `times` rounds through `count` lines, behind a line that sets the counter.
  .macro rounds name, count, times
  .balign 16
  .rept 8
  nop
  .endr
  .global \name\()_from, \name\()_to
\name\()_from:
  movs.w r3, #\times
  nop.w
  nop.w
  nop.w
1:
  .rept 4 * \count - 2
  nop.w
  .endr
  subs.w r3, #1
  bne.w 1b
\name\()_to:
  nop
  b .
  .endm
  rounds fits_twice, 40, 2
  rounds fits_thrice, 40, 3
  rounds exceeds_twice, 80, 2
  rounds exceeds_thrice, 80, 3
  .macro literals name, code
  .balign 16
  .rept 8
  nop
  .endr
  .global \name\()_from, \name\()_to
\name\()_from:
  \code
\name\()_to:
  nop
  b .
  .balign 16
  .endm
  literals literal_cold, "ldr.w r4, far_word; nop.w; nop.w; nop.w"
  literals literal_twice, "ldr.w r4, far_word; nop.w; ldr.w r5, far_word; nop.w"
  literals literal_line, "ldr.w r4, far_word; nop.w; ldr.w r5, far_word + 4; nop.w"
  literals no_literal, "nop.w; nop.w; nop.w; nop.w"
  .balign 64
far_word:
  .word 1, 2, 3, 4
  .thumb_func
  .balign 4
popping:
  push {r4, lr}
  pop {r4, pc}
  .thumb_func
  .balign 4
returning:
  bx lr
