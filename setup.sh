#!/usr/bin/env bash
# Sourced by demo.sh and test.sh: set_up TARGET installs missing Debian packages, configures and builds TARGET.
# It does only what is not done yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

missing_packages() {
  local package
  while read -r package; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
  done < <(grep -v '^#' packages.txt)
}

install_packages() {
  local missing log as_root=()
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail "apt-get not found; install these by hand: $missing"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo; install these by hand: $missing"
    as_root=(sudo)
  fi
  say "installing $missing"
  log=$(mktemp)
  "${as_root[@]}" apt-get update >"$log" 2>&1 || true  # an old index may still do
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >>"$log" 2>&1 ||
    fail "apt-get could not install: $(missing_packages | tr '\n' ' ')(see $log)"
  rm -f "$log"
}

build() {  # TARGET
  if [ ! -f build/build.ninja ]; then
    say "configuring (CMake, Ninja, Release)"
    cmake --preset release >build-configure.log 2>&1 || { tail -n 20 build-configure.log >&2; fail "cmake failed, see build-configure.log"; }
    rm -f build-configure.log
  fi
  if ! ninja -C build -n "$1" 2>/dev/null | grep -q 'no work to do'; then
    say "building"
    ninja -C build "$1" || fail "the build failed, see above"
  fi
}

set_up() {  # TARGET
  install_packages
  build "$1"
}
