# From reset to start(): what must come before the first use of a stack. Written in VLE, not converted.
# e200z4 core of the SPC58 E and C lines; boot header and watchdog keys: UM3100 (RM0407 names them alike).

	.section .boot, "a"
	.long 0x00A50001             # Boot header: start the boot core
	.long Reset_Handler          # there;
	.long other_core             # the other core waits.

# One branch to itself for each exception, so that a debugger names it. The core takes the handlers at fixed
# distances of 16 bytes from IVPR.
	.macro exception name
	.p2align 4
	.globl \name
	.type \name, @function
\name:	e_b \name
	.endm

	.section .vectors, "ax"
	.globl vectors
	.p2align 9
vectors:
	exception Critical_Input_Handler
	exception Machine_Check_Handler
	exception Data_Storage_Handler
	exception Instruction_Storage_Handler
	exception External_Input_Handler
	exception Alignment_Handler
	exception Program_Handler
	exception Float_Unavailable_Handler
	exception System_Call_Handler
	exception Processor_Unavailable_Handler
	exception Decrementer_Handler
	exception Interval_Timer_Handler
	exception Watchdog_Handler
	exception Data_Translation_Handler
	exception Instruction_Translation_Handler
	exception Debug_Handler
	.org vectors + 16 * 32
	exception Efpu_Unavailable_Handler
	exception Efpu_Data_Handler
	exception Efpu_Round_Handler

	.section .rodata
	.p2align 2
memories:
	.long __memory_start, __memory_end, __memory_2_start, __memory_2_end, 0, 0

	.text
	.globl Reset_Handler
	.type Reset_Handler, @function
	.p2align 3                   # The boot code wants 64-bit alignment.
Reset_Handler:
# Watchdogs off: two keys open the control register (SR at 0x10, CR at 0).
	e_lis r3, watchdogs@ha
	e_add16i r3, r3, watchdogs@l
1:	se_lwz r4, 0(r3)
	se_addi r3, 4
	se_cmpi r4, 0
	se_beq 2f
	e_li r5, 0xC520
	se_stw r5, 0x10(r4)
	e_li r5, 0xD928
	se_stw r5, 0x10(r4)
	e_lis r5, 0xFF00             # Every master may access it;
	e_or2i r5, 0x000A            # frozen while debugging, not enabled.
	se_stw r5, 0(r4)
	se_b 1b

# Memories with error correction: every word must be written before it is read.
2:	.irp reg, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	e_li r\reg, 0
	.endr
	e_lis r3, memories@ha
	e_add16i r3, r3, memories@l
3:	se_lwz r4, 0(r3)
	se_lwz r5, 4(r3)
	se_addi r3, 8
	se_cmpi r4, 0
	se_beq 5f
4:	e_stmw r16, 0(r4)
	e_add16i r4, r4, 64
	se_cmpl r4, r5
	se_blt 4b
	se_b 3b

5:	e_lis r1, __stack_top@ha
	e_add16i r1, r1, __stack_top@l
	se_li r0, 0
	e_stwu r0, -16(r1)           # The end of the chain of frames.
	e_lis r3, vectors@ha
	e_add16i r3, r3, vectors@l
	mtspr 63, r3                 # IVPR
	e_lis r3, 0x0200             # MSR: floating point (SPE)
	e_or2i r3, 0x1000            # and machine checks on.
	mtmsr r3
	se_isync
	e_b start

other_core:
	se_b other_core
