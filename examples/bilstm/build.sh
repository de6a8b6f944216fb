#!/usr/bin/env bash
# Usage: build.sh OUT.elf on|code|off [-O2]    (L1 caches: both, that of instructions, none; else -Os)
# Takes start-up code, console and runtime from the firmware that mcusim writes for any network, and puts bilstm.c in
# the network's place. Needs mcusim, make, clang and binutils-powerpc-linux-gnu in PATH.
set -euo pipefail
out=$(realpath -m "${1:?OUT.elf}")
caches=${2:?on, code or off}
optimization=${3:--Os}
cd "$(dirname "${BASH_SOURCE[0]}")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mcusim build ../saline/saline_int8.tflite --mcu spc58ec80 -o "$folder/unused.elf" --emit-c "$folder/c" >/dev/null
cd "$folder/c"
rm -f net*.c net*.h main.c conv2d_s8.c fully_connected_s8.c pool_s8.c softmax_s8.c mcusim_*.h
cp "$OLDPWD/bilstm.c" .
case $caches in
  on) ;;
  code) sed -i '/WRITE_SPR(1010, L1CSR_ENABLE)/d' startup.c ;;
  off) sed -i 's/CORE_HAS_L1_CACHES 1/CORE_HAS_L1_CACHES 0/' board.h ;;
  *) echo "$caches: neither on, code nor off" >&2; exit 2 ;;
esac
make -s CFLAGS="$(sed -n 's/^CFLAGS = //p' Makefile | sed "s/-Os/$optimization/" | sed 's/ -DMCUSIM[^ ]*//; s/'"'"'//g')"
cp firmware.elf "$out"
