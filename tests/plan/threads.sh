#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# The example of docs/examples, from eight threads: threads.sh plain|tsan. With tsan the
# library is compiled anew under ThreadSanitizer. THREADS is the program as built.
#
# Exit status: 0 passed, 1 failed, 77 skipped.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-threads.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cc=${CC:-cc}

skip() {
    echo "SKIPPED: $*"
    exit 77
}

# Whether ThreadSanitizer is there, works on this kernel, and finds a race.
probe() {
    cat >"$work/race.c" <<'END'
#include <pthread.h>
static int shared;
static void *run(void *x) { for (int i = 0; i < 1000; i++) shared++; return x; }
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, run, 0);
    pthread_create(&b, 0, run, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return shared == 0;
}
END
    "$cc" -fsanitize=thread -g -o "$work/race" "$work/race.c" -lpthread 2>/dev/null ||
        skip "$cc has no -fsanitize=thread"
    "$work/race" >"$work/race.out" 2>&1 || :
    grep -q 'data race' "$work/race.out" || skip "ThreadSanitizer does not work here"
}

# compile FOLDER SOURCE...: objects in a folder of their own, since rooms share names.
compile() {
    mkdir "$work/$1"
    cd "$work/$1"
    shift
    # shellcheck disable=SC2046 # words are what is meant
    printf '%s\n' "$@" |
        xargs -P 2 -n 8 "$cc" -c -std=c11 -g -O1 -fsanitize=thread -D_GNU_SOURCE \
            -D_FILE_OFFSET_BITS=64 -I"$top/include" -I"$top/src" -I"$top/docs/examples" \
            $(pkg-config --cflags jansson uuid)
}

build() {
    for room in base format image inspect know edit plan; do
        compile "$room" "$top/src/$room"/*.c
    done
    compile example "$top/docs/examples/tftp.c" "$top/tests/plan/threads.c"
    # shellcheck disable=SC2046
    "$cc" -fsanitize=thread -o "$work/threads" "$work"/*/*.o \
        $(pkg-config --libs jansson uuid) -lz -llzma -lpthread
}

gzip -dc "$top/fixtures/rpi4-4m-stock.fd.gz" >"$work/image.fd"
if [ "$1" = tsan ]; then
    probe
    build
    THREADS=$work/threads
fi
"$THREADS" "$work/image.fd" "$top/fixtures/plans/netboot.json"
