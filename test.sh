#!/usr/bin/env bash
# Sets up what is missing, builds, and runs all tests. Arguments go to ctest, as -R NAME.
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
set_up all
say "running the tests"
ctest --test-dir build --output-on-failure -j "$(nproc)" "$@"
