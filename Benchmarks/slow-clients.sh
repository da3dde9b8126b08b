#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Attacks faceserver with slowhttptest in each of its modes, 1,000 connections at a time, while wrk asks it for pictures as
# other clients do. Fails when wrk sees an error, or slowhttptest finds the server gone. Needs slowhttptest, wrk and curl.
#
#   slow-clients.sh [--connections 1000] [--seconds 20] [--keep]
#
# --keep writes results/slow-clients-DATE.md. PROGRAM names another binary than .build/release/faceserver. The server has
# its default limits: 10,000 connections, and none of one address, for all clients come from loopback.
set -euo pipefail
cd "$(dirname "$0")/.."

connections=1000
seconds=20
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --connections) connections=$2 && shift 2 ;;
    --seconds) seconds=$2 && shift 2 ;;
    --keep) keep=yes && shift ;;
    *) echo "slow-clients.sh: '$1' is none of --connections, --seconds and --keep" >&2 && exit 2 ;;
    esac
done
program=${PROGRAM:-.build/release/faceserver}
server=http://127.0.0.1:${FACESERVER_PORT:-18182}
small="$server/faces/42.png?truncation=0.7"
large="$server/grids/1-49.png?size=128&truncation=0.7"
ulimit -n "$(ulimit -Hn)"

folder=$(mktemp -d)
"$program" serve --port "${server##*:}" --log-level warning 2>"$folder/log" &
process=$!
trap 'kill $process 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
for url in "$server/readyz" "$small" "$large"; do
    curl --silent --show-error --fail --globoff --output /dev/null --retry 20 --retry-delay 1 --retry-connrefused "$url"
done

# attack OPTIONS...: slowhttptest's, all connections at once, again and again until wrk is done: an attack whose requests
# are answered at once ends at once.
attack() {
    while [ ! -e "$folder/done" ]; do
        slowhttptest -c "$connections" -r "$connections" -l $((seconds + 2)) -p 3 "$@" </dev/null 2>&1 |
            sed 's/\x1b\[[0-9;]*[A-Za-z]//g' >>"$folder/attack"
    done
}

# field NAME: of slowhttptest's counts the largest
field() { awk -F: -v name="$1" '$1 == name && $2 + 0 > most { most = $2 + 0 } END { print most + 0 }' "$folder/attack"; }

missed=0
# row NAME OPTIONS...: of the table; no options for wrk alone.
row() {
    local name=$1 report errors=none
    shift
    : >"$folder/attack"
    rm -f "$folder/done"
    if [ $# -gt 0 ]; then
        attack "$@" &
        local attacker=$!
        sleep 2
    fi
    report=$(wrk -t1 -c16 -d"${seconds}s" --latency "$small")
    touch "$folder/done"
    [ $# -eq 0 ] || wait "$attacker" || true
    if grep -qE 'Socket errors|Non-2xx' <<<"$report"; then
        errors=$(grep -E 'Socket errors|Non-2xx' <<<"$report" | tr -s ' \n' ' ')
        missed=1
    fi
    if grep -qE 'service available: *NO' "$folder/attack"; then
        errors="$errors; slowhttptest: not available"
        missed=1
    fi
    echo "| $name | $(field connected) | $(field closed) | $(awk '/^Requests\/sec/ { printf "%.0f", $2 }' <<<"$report")" \
        "| $(awk '$1 == "99%" { print $2 }' <<<"$report") | $errors |"
}

{
    echo "# Slow clients, $(date +%F)"
    echo
    echo "slowhttptest $(slowhttptest -h 2>&1 | sed -n 's/.*slowhttptest.* v*\([0-9][0-9.]*\).*/\1/p' | head -n 1) with" \
        "$connections connections and \`wrk -t1 -c16\` for $seconds s at once, $(nproc) cores."
    echo
    echo "| attack | connected at most | closed | wrk, requests/s | 99th percentile | wrk's errors |"
    echo "|---|--:|--:|--:|--:|---|"
    row "none"
    row "slow headers (-H)" -H -i 2 -u "$small"
    row "slow bodies (-B)" -B -i 2 -s 8192 -u "$server/faces"
    row "ranges (-R)" -R -u "$large"
    row "slow reads (-X)" -X -w 10 -y 20 -n 5 -z 32 -k 3 -u "$large"
} >"$folder/report"
cat "$folder/report"
[ -z "$keep" ] || cp "$folder/report" "Benchmarks/results/slow-clients-$(date +%F).md"
exit $missed
