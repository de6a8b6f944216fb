# Stack, floating point, the program, the end.
	.text
	.globl begin
begin:
	e_lis r1, __stack_top@ha
	e_add16i r1, r1, __stack_top@l
	e_lis r3, 0x0200
	mtmsr r3
	e_li r0, 0
	e_stwu r0, -16(r1)
	e_bl program
	.globl end
end:
	se_b end
