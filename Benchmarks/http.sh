#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Compares faceserver's HTTP server, which sends pictures from memory, with nginx, which sends the same files from disk. Both
# run at the same time and are asked in turn by wrk over loopback, on connections that are kept. Fails when faceserver answers
# less than 80 % of nginx's requests a second for a picture, or fewer than nginx for 304. Needs nginx, wrk and curl.
#
#   http.sh [--rounds 5] [--seconds 4] [--keep]
#
# --keep writes results/http-DATE.md and .json. PROGRAM names another binary than .build/release/faceserver.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5
seconds=4
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --rounds) rounds=$2 && shift 2 ;;
    --seconds) seconds=$2 && shift 2 ;;
    --keep) keep=yes && shift ;;
    *) echo "http.sh: '$1' is none of --rounds, --seconds and --keep" >&2 && exit 2 ;;
    esac
done
program=${PROGRAM:-.build/release/faceserver}
ours=127.0.0.1:${FACESERVER_PORT:-18180}
theirs=127.0.0.1:${NGINX_PORT:-18181}

# name, least share of nginx's rate, target
cases="\
20 kB|0.80|/faces/42.png?size=116&truncation=0.7
1.2 MB|0.80|/grids/1-49.png?size=128&truncation=0.7
304|1.00|/faces/42.png?size=116&truncation=0.7"

folder=$(mktemp -d)
chmod 755 "$folder"
processes=()
finish() {
    [ ${#processes[@]} -eq 0 ] || kill "${processes[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap finish EXIT

# The access log is at info; nginx keeps none either.
"$program" serve --port "${ours#*:}" --log-level warning 2>"$folder/faceserver.log" &
processes+=($!)
mkdir "$folder/files"
cat >"$folder/nginx.conf" <<END
daemon off;
worker_processes 2;
pid $folder/nginx.pid;
error_log $folder/nginx.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    # As many as faceserver allows: the default of 1000 would have wrk connect anew.
    keepalive_requests 1000000000;
    default_type image/png;
    server {
        listen $theirs backlog=1024;
        root $folder/files;
    }
}
END
nginx -c "$folder/nginx.conf" -e "$folder/nginx.log" &
processes+=($!)
for address in "$ours/readyz" "$theirs/"; do
    curl --silent --output /dev/null --retry 20 --retry-delay 1 --retry-connrefused "http://$address"
done

# header ADDRESS TARGET NAME: the value of a response's field
header() {
    curl --silent --globoff --output /dev/null --dump-header - "http://$1$2" | tr -d '\r' | sed -n "s/^$3: //Ip"
}

# rate URL [FIELD]: requests a second, or an error where one was not answered as it should be
rate() {
    local url=$1 field=${2:-Accept: */*} report
    report=$(wrk -t1 -c64 -d"${seconds}s" -H "$field" "$url")
    if grep -qE 'Socket errors|Non-2xx' <<<"$report"; then
        echo "$url: $report" >&2
        return 1
    fi
    awk '/^Requests\/sec/ { print $2 }' <<<"$report"
}

# median NAME: of what is in a file, one number a line
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'; }

number=0
while IFS='|' read -r name least target; do
    number=$((number + 1))
    file=$number.png
    curl --silent --show-error --fail --globoff --output "$folder/files/$file" "http://$ours$target"
    chmod 644 "$folder/files/$file"
    status=200
    [ "$name" != 304 ] || status=304
    conditions=()
    urls=("http://$ours$target" "http://$theirs/$file")
    for at in 0 1; do
        address=$ours
        path=$target
        [ $at -eq 0 ] || { address=$theirs && path=/$file; }
        conditions[at]="Accept: */*"
        [ $status = 200 ] || conditions[at]="If-None-Match: $(header "$address" "$path" ETag)"
        # wrk does not tell 200 and 304 apart.
        answer=$(curl --silent --globoff --output "$folder/answer" --write-out '%{http_code}' -H "${conditions[at]}" "${urls[at]}")
        [ "$answer" = $status ] || { echo "http.sh: ${urls[at]} is answered $answer, not $status" >&2 && exit 1; }
        [ $status = 304 ] || cmp "$folder/answer" "$folder/files/$file"
    done
    for ((round = 0; round < rounds; round++)); do
        for turn in 0 1; do
            at=$(((round + turn) % 2))
            rate "${urls[at]}" "${conditions[at]}" >>"$folder/rates-$number-$at"
        done
    done
    echo "$name|$least|$(stat -c %s "$folder/files/$file")|$(median "$folder/rates-$number-0")|$(median "$folder/rates-$number-1")" |
        tee -a "$folder/medians" >&2
done <<<"$cases"

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
version=$(nginx -v 2>&1 | sed 's|.*/||')
kernel=$(uname -r)
table() {
    echo "$processor, $(nproc) cores, Linux $kernel, nginx $version. \`wrk -t1 -c64\`, medians of $rounds rounds of $seconds s."
    echo
    echo "| answer | bytes | faceserver, requests/s | nginx, requests/s | of nginx's | at least |"
    echo "|---|--:|--:|--:|--:|--:|"
    awk -F'|' '{ printf "| %s | %d | %.0f | %.0f | %.2f | %s |\n", $1, $1 == "304" ? 0 : $3, $4, $5, $4 / $5, $2 }' "$folder/medians"
}
table
if [ -n "$keep" ]; then
    result=Benchmarks/results/http-$(date +%F)
    { echo "# nginx and faceserver, $(date +%F)" && echo && table; } >"$result.md"
    awk -F'|' -v processor="$processor" -v cores="$(nproc)" -v kernel="$kernel" -v nginx="$version" -v rounds="$rounds" \
        -v seconds="$seconds" '
        BEGIN {
            printf "{\n  \"processor\": \"%s\", \"cores\": %d, \"kernel\": \"%s\", \"nginx\": \"%s\",\n", processor, cores, kernel, nginx
            printf "  \"rounds\": %d, \"seconds\": %d,\n  \"answers\": [", rounds, seconds
        }
        {
            printf "%s\n    { \"answer\": \"%s\", \"fileBytes\": %d, \"faceserver\": %s, \"nginx\": %s }", \
                (NR > 1 ? "," : ""), $1, $3, $4, $5
        }
        END { print "\n  ]\n}" }' "$folder/medians" >"$result.json"
fi
awk -F'|' '$4 < $2 * $5 { print "http.sh: " $1 " is too slow" > "/dev/stderr"; missed = 1 } END { exit missed }' "$folder/medians"
