@ Loops whose cycles are known. Each runs from ITCM on data in DTCM. Wide encodings throughout: two instructions
@ to a fetch, so that the loop's alignment does not matter. NAME marks the loop's first instruction.
@
@ `gate` is one cycle whatever stands before it: UXTB issues in the older slot only, the no-operation beside it.
@ Each loop ends with a gate and with SUBS beside the branch, which is predicted: 2 cycles, and the first
@ instruction of the next round is an older one.
  .syntax unified
  .cpu cortex-m7
  .fpu fpv5-d16
  .thumb
  .section .vectors, "a"
  .word 0x20001000, idle + 1
  .text
  .thumb_func
idle:
  b .

  .macro gate
  uxtb.w r11, r11
  nop.w
  .endm

  @ `times` times the code between two gates.
  .macro loop name, code, times=4
  .balign 8
  .global \name
\name:
  .rept \times
  \code
  .endr
  gate
  subs.w r12, r12, #1
  bne.w \name
  .endm

  @ The same with a gate behind each: what issues beside what.
  .macro gated name, code
  .balign 8
  .global \name
\name:
  .rept 4
  \code
  gate
  .endr
  gate
  subs.w r12, r12, #1
  bne.w \name
  .endm

  @ The same with a gate of two 16-bit instructions, which load and store multiple need nearby.
  .macro gated_short name, code
  .balign 8
  .global \name
\name:
  .rept 4
  \code
  uxtb r3, r3
  nop
  .endr
  gate
  subs.w r12, r12, #1
  bne.w \name
  .endm

  @ Operand 2: which kinds issue together. Rows of the matrix are the older instruction.
  .macro older kind
  .ifc \kind, simple
  add.w r4, r5, #1
  .endif
  .ifc \kind, pattern
  eor.w r4, r5, #0x1b1b1b1b
  .endif
  .ifc \kind, rotated
  eor.w r4, r5, #0x1fc0
  .endif
  .ifc \kind, inline
  add.w r4, r5, r6, ror #24
  .endif
  .ifc \kind, shift
  lsr.w r4, r5, #12
  .endif
  .ifc \kind, shiftreg
  ror.w r4, r5, r6
  .endif
  .endm
  .macro younger kind
  .ifc \kind, simple
  add.w r7, r5, #1
  .endif
  .ifc \kind, pattern
  eor.w r7, r5, #0x1b1b1b1b
  .endif
  .ifc \kind, rotated
  eor.w r7, r5, #0x1fc0
  .endif
  .ifc \kind, inline
  add.w r7, r5, r6, ror #24
  .endif
  .ifc \kind, shift
  lsr.w r7, r5, #12
  .endif
  .ifc \kind, shiftreg
  ror.w r7, r5, r6
  .endif
  .endm
  .macro matrix_row first
  .irp second, simple, pattern, rotated, inline, shift, shiftreg
  gated \first\()_\second, "older \first; younger \second"
  .endr
  .endm
  .irp first, simple, pattern, rotated, inline, shift, shiftreg
  matrix_row \first
  .endr

  loop nops, "nop.w; nop.w"
  loop alu_pairs, "add.w r4, r5, r6; sub.w r7, r5, r6"
  gated movw_movt, "movw r4, #1; movt r4, #2"

  @ Early and late ALU
  gated early_to_late, "add.w r4, r5, #1; eor.w r6, r4, r6"
  gated early_to_late_add, "add.w r4, r4, #1; add.w r4, r4, #1"
  gated late_to_late, "eor.w r4, r4, r5; eor.w r6, r4, r6"
  gated early_shift_to_late, "lsl.w r4, r5, #1; eor.w r6, r4, r6"
  gated early_rev_to_late, "rev.w r4, r5; eor.w r6, r4, r6"
  loop late_chain, "eor.w r4, r4, r5; nop.w"
  gated early_to_shifter_and_address, "add.w r7, r3, r3; eor.w r6, r7, r6, ror #22; ldr.w r4, [r0, r7]; ldr.w r5, [r0, r8]"
  gated early_to_address, "add.w r7, r3, r3; nop.w; ldr.w r4, [r0, r7]; nop.w"
  gated late_to_address, "orr.w r7, r3, r3; nop.w; ldr.w r4, [r0, r7]; nop.w"
  gated late_to_store_address, "orr.w r7, r3, r3; nop.w; str.w r4, [r0, r7]; nop.w"
  gated younger_add_to_address, "nop.w; add.w r7, r3, r3; ldr.w r4, [r0, r7]; nop.w"
  gated younger_shift_to_address, "nop.w; lsl.w r7, r3, #1; ldr.w r4, [r0, r7]; nop.w"
  gated late_to_plain_operand, "eor.w r7, r5, r6; nop.w; add.w r4, r5, r7; nop.w"
  gated late_to_shifted_operand, "eor.w r7, r5, r6; nop.w; add.w r4, r5, r7, lsl #1; nop.w"
  gated early_to_shifted_operand, "add.w r7, r5, r6; nop.w; add.w r4, r5, r7, lsl #1; nop.w"
  gated late_to_first_operand, "eor.w r7, r5, r6; nop.w; add.w r4, r7, r5, lsl #1; nop.w"

  @ Bit fields, extension, SIMD
  gated two_extensions, "uxtb.w r4, r5; sxth.w r6, r7"
  gated two_simd, "uadd8 r4, r5, r6; qadd r7, r5, r6"
  gated extension_older, "uxtb.w r4, r5; add.w r6, r7, r5"
  gated extension_younger, "add.w r6, r7, r5; uxtb.w r4, r5"
  gated bit_field_younger, "add.w r6, r7, r5; ubfx r4, r5, #3, #4"
  gated clz_younger, "add.w r6, r7, r5; clz r4, r5"
  gated reverse_younger, "add.w r6, r7, r5; rev.w r4, r5"
  gated pack_younger, "add.w r6, r7, r5; pkhbt r4, r5, r8"
  gated simd_younger, "add.w r6, r7, r5; uadd8 r4, r5, r8"
  gated saturate_younger, "add.w r6, r7, r5; qadd r4, r5, r8"
  gated bit_field_and_shifter, "ubfx r4, r5, #3, #4; add.w r6, r7, r5, lsl #2"
  gated insert_and_shifter, "bfi r4, r5, #3, #4; add.w r6, r7, r5, lsl #2"
  gated reverse_and_shifter, "rev.w r4, r5; add.w r6, r7, r5, lsl #2"
  gated pack_and_shifter, "pkhbt r4, r5, r8; add.w r6, r7, r5, lsl #2"
  gated extend_add_and_shifter, "uxtab r4, r5, r8; add.w r6, r7, r5, lsl #2"
  gated simd_and_shifter, "uadd8 r4, r5, r8; add.w r6, r7, r5, lsl #2"
  gated clz_and_shifter, "clz r4, r5; add.w r6, r7, r5, lsl #2"
  gated extension_and_shifter, "uxtb.w r4, r5; add.w r6, r7, r5, lsl #2"
  gated late_to_extension, "eor.w r7, r5, r6; nop.w; uxtb.w r4, r7; nop.w"
  gated late_to_bit_field, "eor.w r7, r5, r6; nop.w; ubfx r4, r7, #3, #4; nop.w"
  gated late_to_reverse, "eor.w r7, r5, r6; nop.w; rev.w r4, r7; nop.w"
  gated late_to_rbit, "eor.w r7, r5, r6; nop.w; rbit r4, r7; nop.w"
  gated late_to_inserted, "eor.w r7, r5, r6; nop.w; bfi r4, r7, #3, #4; nop.w"
  gated late_to_insertion, "eor.w r4, r5, r6; nop.w; bfi r4, r5, #3, #4; nop.w"
  gated late_to_extended, "eor.w r7, r5, r6; nop.w; uxtab r4, r5, r7; nop.w"
  gated late_to_extend_sum, "eor.w r7, r5, r6; nop.w; uxtab r4, r7, r5; nop.w"
  gated late_to_packed, "eor.w r7, r5, r6; nop.w; pkhbt r4, r5, r7; nop.w"
  gated late_to_pkhtb_first, "eor.w r7, r5, r6; nop.w; pkhtb r4, r7, r5, asr #1; nop.w"
  gated extension_to_address, "uxtb.w r7, r3; nop.w; ldr.w r4, [r0, r7]; nop.w"
  gated reverse_to_address, "rev.w r7, r9; nop.w; ldr.w r4, [r0, r7]; nop.w"

  @ Multiplication
  gated two_multiplications, "mul r4, r5, r6; mul r7, r5, r6"
  gated multiplication_and_store, "mul r4, r5, r6; str.w r7, [r0]"
  gated store_and_multiplication, "str.w r7, [r0]; mul r4, r5, r6"
  gated multiplication_and_load, "mul r4, r5, r6; ldr.w r7, [r0]"
  gated simd_and_multiplication, "uadd8 r4, r5, r6; smulbb r7, r5, r6"
  gated multiplication_and_shifter, "smulbb r7, r5, r6; add.w r4, r5, r6, lsl #2"
  loop mla_chain, "mla r4, r5, r6, r4; nop.w"
  loop smlad_chain, "smlad r4, r5, r6, r4; nop.w"
  loop smlald_chain, "smlald r4, r7, r5, r6; nop.w"
  gated product_to_alu, "mul r4, r5, r6; nop.w; eor.w r7, r4, r5; nop.w"
  gated product_to_shifter, "mul r4, r5, r6; nop.w; add.w r7, r5, r4, lsl #1; nop.w"
  gated product_to_factor, "mul r4, r5, r6; nop.w; mul r7, r4, r5; nop.w"
  gated product_to_store, "mul r4, r5, r6; nop.w; str.w r4, [r0]; nop.w"
  gated late_to_accumulator, "eor.w r4, r4, r5; mla r4, r5, r6, r4"

  @ Loads
  gated word_to_alu, "ldr.w r4, [r0]; nop.w; eor.w r7, r4, r5; nop.w"
  gated word_beside_alu, "ldr.w r4, [r0]; eor.w r7, r4, r5"
  gated word_to_shifter, "ldr.w r4, [r0]; nop.w; add.w r7, r5, r4, lsl #1; nop.w"
  gated word_to_address, "ldr.w r7, [r0]; nop.w; ldr.w r4, [r1, r7]; nop.w"
  gated word_to_factor, "ldr.w r4, [r0]; nop.w; mul r7, r4, r5; nop.w"
  gated word_to_accumulator, "ldr.w r4, [r0]; nop.w; mla r4, r5, r6, r4; nop.w"
  gated byte_to_alu, "ldrb.w r4, [r0]; nop.w; eor.w r7, r4, r5; nop.w"
  gated half_to_alu, "ldrh.w r4, [r0]; nop.w; eor.w r7, r4, r5; nop.w"
  gated signed_byte_to_alu, "ldrsb.w r4, [r0]; nop.w; eor.w r7, r4, r5; nop.w"
  gated byte_to_shifter, "ldrb.w r4, [r0]; nop.w; add.w r7, r5, r4, lsl #1; nop.w"
  gated byte_to_accumulator, "ldrb.w r4, [r0]; nop.w; mla r4, r5, r6, r4; nop.w"
  gated loads_of_two_banks, "ldr.w r4, [r0]; ldr.w r5, [r0, #4]"
  gated loads_of_one_bank, "ldr.w r4, [r0]; ldr.w r5, [r0, #8]"
  gated byte_loads_of_one_word, "ldrb.w r4, [r0]; ldrb.w r5, [r0, #1]"
  gated post_indexed_loads, "ldr.w r4, [r1], #8; ldr.w r5, [r2], #8"
  gated post_indexed_chain, "ldr.w r4, [r1], #8; nop.w; ldr.w r5, [r1], #8; nop.w"
  gated post_indexed_reused, "ldr.w r4, [r1], #8; ldr.w r5, [r1, #4]"
  gated post_index_to_late, "ldr.w r4, [r1], #8; eor.w r5, r1, r6"
  gated unaligned_older, "ldr.w r4, [r0, #1]; nop.w"
  gated unaligned_younger, "nop.w; ldr.w r4, [r0, #1]"
  gated load_double, "ldrd r4, r5, [r0]; nop.w"

  @ Stores
  gated two_stores, "str.w r4, [r0]; str.w r5, [r0, #4]"
  gated load_and_store, "ldr.w r4, [r0]; str.w r5, [r1]"
  gated load_stored, "ldr.w r4, [r0]; str.w r4, [r1]"
  gated byte_load_stored, "ldrb.w r4, [r0]; str.w r4, [r1]"
  gated product_stored, "eor.w r4, r5, r6; str.w r4, [r1]"
  loop words_stored, "str.w r4, [r0]; nop.w", 8
  loop bytes_one_bank, "strb.w r4, [r0]; nop.w", 8
  loop bytes_two_banks, "strb.w r4, [r0]; nop.w; strb.w r4, [r0, #4]; nop.w", 8
  loop halves_two_banks, "strh.w r4, [r0]; nop.w; strh.w r4, [r0, #4]; nop.w", 8
  loop bytes_unit_stride, "strb.w r4, [r1], #1; nop.w", 8
  loop halves_unit_stride, "strh.w r4, [r1], #2; nop.w", 8
  loop unaligned_stores, "str.w r4, [r0, #1]; nop.w", 8
  loop few_unaligned_stores, "str.w r4, [r0, #1]; gate; gate; gate", 4

  @ Load and store multiple
  gated_short ldm2, "ldm.w r0, {r4, r5}"
  gated_short ldm3, "ldm.w r0, {r4, r5, r6}"
  gated_short ldm4, "ldm.w r0, {r4, r5, r6, r7}"
  gated_short ldm5, "ldm.w r0, {r4, r5, r6, r7, r8}"
  gated_short ldm_alone, "nop.w; ldm.w r0, {r4, r5}; nop.w"
  gated_short stm4, "stm.w r0, {r4, r5, r6, r7}"
  gated_short stm3, "stm.w r0, {r4, r5, r6}"
  gated_short stm4_misaligned, "stm.w r10, {r4, r5, r6, r7}"
  gated_short stm3_misaligned, "stm.w r10, {r4, r5, r6}"
  gated_short push_pop, "push.n {r4, r5, r6, r7}; pop.n {r4, r5, r6, r7}"
  gated ldm4_wide, "ldm.w r0, {r4, r5, r6, r7}"
  gated ldm2_half_short, "uxtb.n r3, r3; nop.n; ldm.w r0, {r4, r5}; gate; ldm.w r0, {r4, r5}"

  @ Branches
  gated not_taken, "beq.w stopped; add.w r4, r5, r6"
  gated not_taken_younger, "add.w r4, r5, r6; beq.w stopped"
  .macro over
  uxtb r7, r7
  nop
  uxtb r7, r7
  nop
  uxtb r7, r7
  b.n 0f
  nop
  nop
0:
  .endm
  loop taken_free, "over; uxtb r7, r7; nop"
  .macro over_older
  uxtb r7, r7
  nop
  uxtb r7, r7
  nop
  b.n 0f
  nop
  nop
0:
  nop
  .endm
  loop taken_beside_target, "over_older"
  @ Eight rounds of an inner loop, whose last branch is predicted to be taken.
  .macro rounds_late
  mov.w r4, #8
  nop.w
1:
  gate
  subs.w r4, r4, #1
  bne.w 1b
  .endm
  .macro rounds_early
  mov.w r4, #8
  nop.w
1:
  subs.w r4, r4, #1
  nop.w
  gate
  gate
  gate
  nop.w
  bne.w 1b
  .endm
  loop mispredict_late, "rounds_late", 1
  loop mispredict_early, "rounds_early", 1
  .thumb_func
leaf:
  bx lr
  loop indirect_return, "nop.w; bl leaf", 1

  @ Predication
  gated it_takes_a_slot, "it ne; addne.w r4, r5, r6"
  gated it_of_two, "itt ne; addne.w r4, r5, r6; eorne.w r7, r5, r6; nop.w"
  gated suppressed_alu, "it eq; addeq.w r4, r5, r6"
  gated_short suppressed_ldm, "it eq; ldmeq.w r0, {r4, r5, r6, r7}"

  @ FPU
  gated two_fp_adds, "vadd.f32 s0, s1, s2; vadd.f32 s3, s4, s5"
  gated fp_multiply_and_add, "vmul.f32 s0, s1, s2; vadd.f32 s3, s4, s5"
  gated fp_and_integer, "vadd.f32 s0, s1, s2; add.w r4, r5, r6"
  loop vadd_chain, "vadd.f32 s0, s0, s1"
  loop vmul_chain, "vmul.f32 s0, s0, s1"
  loop vfma_chain, "vfma.f32 s0, s1, s2"
  loop vfma_of_two, "vfma.f32 s0, s1, s2; vfma.f32 s3, s1, s2"
  loop vfma_of_three, "vfma.f32 s0, s1, s2; vfma.f32 s3, s1, s2; vfma.f32 s4, s1, s2"
  loop vfma_to_factor, "vfma.f32 s0, s1, s2; vmul.f32 s1, s0, s3"
  gated vadd_to_accumulator, "vadd.f32 s0, s1, s2; nop.w; vfma.f32 s0, s4, s5; nop.w; gate; gate; gate"
  gated vldr_pair, "vldr s0, [r0]; vldr s1, [r0, #4]"
  gated vldr_to_add, "vldr s0, [r0]; nop.w; vadd.f32 s1, s0, s2; nop.w"
  gated vldr_to_factor, "vldr s1, [r0]; nop.w; vfma.f32 s0, s1, s2; nop.w"
  gated vldr_to_accumulator, "vldr s0, [r0]; nop.w; vfma.f32 s0, s1, s2; nop.w; gate; gate; gate"
  gated vldr_younger_behind_vfma, "vfma.f32 s0, s1, s2; nop.w; nop.w; vldr s3, [r0]"
  gated vldr_older_behind_vfma, "vfma.f32 s0, s1, s2; nop.w; vldr s3, [r0]; nop.w; gate"
  gated vadd_behind_vfma, "vfma.f32 s0, s1, s2; nop.w; vadd.f32 s3, s4, s5; nop.w"
  gated vmul_behind_vfma, "vfma.f32 s0, s1, s2; nop.w; vmul.f32 s3, s4, s5; nop.w; gate"
  gated_short vldm_behind_vfma, "vfma.f32 s0, s1, s2; nop.w; vldmia r0, {s4, s5}"
  gated vmov_constant_behind_vfma, "vfma.f32 s0, s1, s2; nop.w; vmov.f32 s4, #1.0; nop.w"
  gated vadd_to_store, "vadd.f32 s0, s1, s2; nop.w; vstr s0, [r0]; nop.w"
  gated vfma_to_store, "vfma.f32 s0, s1, s2; nop.w; vstr s0, [r0]; nop.w"
  gated core_to_fp, "vmov s0, r4; nop.w; vadd.f32 s1, s0, s2; nop.w"
  gated fp_to_core, "vmov r4, s0; nop.w; eor.w r7, r4, r5; nop.w"
  gated fp_result_to_core, "vadd.f32 s0, s1, s2; nop.w; vmov r4, s0; nop.w"
  gated fp_to_fp, "vmov.f32 s0, s1; nop.w; vadd.f32 s3, s0, s2; nop.w"
  gated two_fp_constants, "vmov.f32 s0, #1.0; vmov.f32 s1, #1.0"
  gated fp_pair_move, "vmov r4, r5, s0, s1; nop.w"
  gated vdiv, "vdiv.f32 s0, s1, s2; add.w r4, r5, r6"
  gated vsqrt, "vsqrt.f32 s0, s1; add.w r4, r5, r6"
  gated_short vldm4, "vldmia r0, {s4, s5, s6, s7}"
  gated_short vldm5, "vldmia r0, {s4, s5, s6, s7, s8}"
  gated vldr_double, "vldr d0, [r0]; nop.w"
  gated vdiv_double, "vdiv.f64 d0, d1, d2; add.w r4, r5, r6"

@ Sequences of several rules. They are what compilers make of such loops; pipeline_m7_test.cpp works them out.
@ Their own SUBS and branch end them.
  .macro sequence name, code
  .balign 8
  .global \name
\name:
  \code
  .endm

  sequence int8_dot, "ldr.w r4, [r1], #4; ldr.w r5, [r2], #4; sxtb16 r6, r4; sxtb16 r7, r5; sxtb16 r4, r4, ror #8; sxtb16 r5, r5, ror #8; smlad r8, r6, r7, r8; smlad r8, r4, r5, r8; subs.w r12, r12, #1; bne.w int8_dot"
  sequence int16_dot, "ldr.w r4, [r1], #4; ldr.w r5, [r2], #4; smlad r8, r4, r5, r8; subs.w r12, r12, #1; bne.w int16_dot"
  sequence float_dot, "vldr s1, [r1]; vldr s2, [r2]; add.w r1, r1, #4; add.w r2, r2, #4; vfma.f32 s0, s1, s2; subs.w r12, r12, #1; bne.w float_dot"
  sequence float_dot_of_four, "vldmia r1!, {s4, s5, s6, s7}; vldmia r2!, {s8, s9, s10, s11}; vfma.f32 s0, s4, s8; vfma.f32 s1, s5, s9; vfma.f32 s2, s6, s10; vfma.f32 s3, s7, s11; subs.w r12, r12, #1; bne.w float_dot_of_four"
  sequence copy_words, "ldr.w r4, [r1], #4; str.w r4, [r2], #4; subs.w r12, r12, #1; bne.w copy_words"
  sequence copy_four, "ldm.w r1!, {r4, r5, r6, r7}; stm.w r9!, {r4, r5, r6, r7}; subs.w r12, r12, #1; bne.w copy_four"
  sequence sum_bytes, "ldrb.w r4, [r1], #1; add.w r5, r5, r4; subs.w r12, r12, #1; bne.w sum_bytes"
  sequence sum_words, "ldr.w r4, [r1], #4; add.w r5, r5, r4; subs.w r12, r12, #1; bne.w sum_words"
  sequence list_walk, "ldr.w r9, [r9]; nop.w; subs.w r12, r12, #1; bne.w list_walk"
  sequence list_sum, "ldr.w r4, [r9, #4]; ldr.w r9, [r9]; add.w r5, r5, r4; nop.w; subs.w r12, r12, #1; bne.w list_sum"
  sequence horner_fma, "vmov.f32 s1, s5; vfma.f32 s1, s0, s7; vmov.f32 s0, s6; vfma.f32 s0, s1, s7; subs.w r12, r12, #1; bne.w horner_fma"
  sequence horner_mul, "vmul.f32 s0, s0, s7; nop.w; vadd.f32 s0, s0, s1; nop.w; subs.w r12, r12, #1; bne.w horner_mul"
  sequence horner_int, "mla r4, r4, r5, r6; nop.w; mla r4, r4, r5, r7; nop.w; subs.w r12, r12, #1; bne.w horner_int"
  sequence table_lookup, "ldrb.w r4, [r9]; ldr.w r5, [r0, r4, lsl #2]; eor.w r6, r6, r5; subs.w r12, r12, #1; bne.w table_lookup"
  sequence saturate_store, "smull r4, r5, r6, r7; ssat r5, #8, r5; strb.w r5, [r0]; subs.w r12, r12, #1; bne.w saturate_store"
  sequence crc_step, "eor.w r4, r4, r5, lsr #1; and.w r5, r4, #1; subs.w r12, r12, #1; bne.w crc_step"
  sequence clamp, "cmp.w r4, r5; it gt; movgt.w r6, r5; add.w r7, r7, #1; subs.w r12, r12, #1; bne.w clamp"
  sequence scale_float, "vldr s1, [r1]; vmul.f32 s2, s1, s0; vstr s2, [r2]; subs.w r12, r12, #1; bne.w scale_float"
  sequence depthwise_int8, "ldrsb.w r4, [r1], #1; ldrsb.w r5, [r2], #1; smlabb r8, r4, r5, r8; subs.w r12, r12, #1; bne.w depthwise_int8"
  sequence fill_words, "str.w r4, [r1], #4; subs.w r12, r12, #1; bne.w fill_words"
  sequence max_pool, "ldrsb.w r4, [r1], #1; cmp.w r4, r5; it gt; movgt.w r5, r4; subs.w r12, r12, #1; bne.w max_pool"
  sequence biquad_step, "smull r4, r7, r5, r6; smlal r4, r7, r5, r6; ldr.w r8, [r0]; add.w r7, r7, r8; str.w r7, [r0, #4]; subs.w r12, r12, #1; bne.w biquad_step"
  .thumb_func
stopped:
  b .

@ Memories. CCR gets r1; then pointers from the list at r1 are followed one a round, in 6 cycles:
@ LDR at 0, the address two cycles later, 3 for what is behind it.
  .thumb_func
configure:
  str.w r1, [r0]
  dsb
  isb
configured:
  b .
  .balign 8
follow:
  ldr.w r0, [r1], #4
  nop.w
  ldr.w r4, [r0]
  nop.w
  gate
  gate
  subs.w r12, r12, #1
  bne.w follow
  .balign 8
follow_two_lines:
  ldr.w r0, [r1], #4
  nop.w
  ldr.w r4, [r0]
  nop.w
  ldr.w r4, [r0, #32]
  nop.w
  gate
  gate
  subs.w r12, r12, #1
  bne.w follow_two_lines
  .balign 8
follow_store:
  ldr.w r0, [r1], #4
  nop.w
  str.w r4, [r0]
  nop.w
  gate
  gate
  subs.w r12, r12, #1
  bne.w follow_store

@ One word every 2 cycles, and a line of 8 words in 9.
  .balign 8
stream:
  ldr.w r4, [r0], #4
  nop.w
  subs.w r12, r12, #1
  bne.w stream
  .balign 8
stream_lines:
  .rept 8
  ldr.w r4, [r0], #4
  nop.w
  .endr
  subs.w r12, r12, #1
  bne.w stream_lines

@ A function of one line, in ITCM and in flash.
  .macro one_line
  .rept 7
  nop.w
  .endr
  bx lr
  nop
  .endm
  .balign 8
call:
  blx r9
  nop
  gate
  subs.w r12, r12, #1
  bne.w call
  .balign 32
  .thumb_func
near_function:
  one_line
  .section .flash, "ax"
  .balign 32
  .thumb_func
far_function:
  one_line
