#!/bin/sh
# Builds the guest programs from guests/src into guests/bin.
#
#   guests/build.sh             all of them
#   guests/build.sh NAME...     only these
#   guests/build.sh --check     all of them, elsewhere, and compares with guests/bin (status 1 if any differs)
#
# Needs Debian's gcc-riscv64-linux-gnu (CROSS_COMPILE names another prefix). The same compiler and C
# library give the same bytes on every machine and in every folder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
compiler=${CROSS_COMPILE:-riscv64-linux-gnu-}gcc
out=$here/bin
check=no
if [ "${1-}" = --check ]; then
    check=yes
    shift
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
fi

if ! command -v "$compiler" >/dev/null; then
    echo "build.sh: $compiler is not installed; Debian has it in gcc-riscv64-linux-gnu" >&2
    exit 125
fi

# Sources are named relative to src, so no path gets into a binary. Symbols stay, debug information goes.
cd "$here/src"
common="-O2 -std=gnu11 -Wall -Wextra -Wno-missing-field-initializers -g0 -Wl,--build-id=none -Wl,-S"
bare="-nostdlib -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables -Wl,--no-relax"

flags_of() {
    case $1 in
    static-pie) echo "$common -static-pie -fpie -Wl,--no-dynamic-linker $bare" ;;
    *)
        if [ -f "$1.S" ] || grep -q '"bare.h"' "$1.c"; then
            echo "$common -static $bare"
        else
            echo "$common -static"
        fi
        ;;
    esac
}

mkdir -p "$out"
[ $# -gt 0 ] || set -- $(ls | sed -n 's/\.[cS]$//p')
status=0
for name; do
    source=$name.c
    [ -f "$source" ] || source=$name.S
    if [ ! -f "$source" ]; then
        echo "build.sh: there is no guests/src/$name.c or $name.S" >&2
        exit 125
    fi
    # Unquoted on purpose: one word a flag.
    "$compiler" $(flags_of "$name") -o "$out/$name" "$source" -lm
    if [ $check = yes ] && ! cmp -s "$out/$name" "$here/bin/$name"; then
        echo "build.sh: guests/bin/$name is not what guests/src/$source gives here" >&2
        status=1
    fi
done
exit $status
