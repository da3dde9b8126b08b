#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets with libFuzzer and the address sanitizer, and runs each for a while from its corpus.
#
#   fuzz.sh [TARGET...]    FuzzHTTPRequestParser and so on; all of them when none is named
#
# FUZZ_SECONDS (60) is the time for each. Inputs that were new stay in .build-fuzz/corpus for the next run. Stops at the
# first finding and says where its input is.
set -eu
cd "$(dirname "$0")/.."

swift="${SWIFT:-swift}"
seconds="${FUZZ_SECONDS:-60}"
scratch=.build-fuzz
# Swift's own backtrace would read memory in ways that the address sanitizer takes for errors.
export SWIFT_BACKTRACE=enable=no

"$swift" build --package-path Fuzzing --scratch-path "$scratch" -c release \
    --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing

[ $# -gt 0 ] || set -- $(ls Fuzzing/Sources | grep -v '^FuzzSupport$')
for target in "$@"; do
    name="${target#Fuzz}"
    mkdir -p "$scratch/corpus/$name" "$scratch/findings/$name"
    echo "fuzz: $name for $seconds s"
    if ! "$scratch/release/Fuzz$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$scratch/findings/$name/" \
        "$scratch/corpus/$name" "Fuzzing/Corpus/$name" >"$scratch/$name.log" 2>&1; then
        tail -n 40 "$scratch/$name.log" >&2
        echo "fuzz: a finding of $name is in $scratch/findings/$name; its place once mended is Fuzzing/Corpus/$name" >&2
        exit 1
    fi
    grep -E '^(Done |stat::)' "$scratch/$name.log"
done
