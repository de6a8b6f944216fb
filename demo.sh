#!/usr/bin/env bash
# Sets up what is missing, builds, and runs the example network on an emulated STM32H743.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
set_up mcusim
say "build/bin/mcusim run examples/saline/saline_int8.tflite --mcu stm32h743"
build/bin/mcusim run examples/saline/saline_int8.tflite --mcu stm32h743
