#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the built server against its own description: schemathesis reads /openapi.json and sends what it allows and what it
# forbids. Its packages come from PyPI into .build-api-test; where that cannot be reached, nothing is tested and the reason
# is said.
#
#   API_TEST_EXAMPLES  requests of each kind for each route (default 10)
set -euo pipefail
cd "$(dirname "$0")/.."

tools=.build-api-test
if ! "$tools/bin/schemathesis" --version >/dev/null 2>&1; then
    python3 -m venv "$tools"
    if ! "$tools/bin/pip" install --quiet --timeout 10 --retries 1 'schemathesis==4.*'; then
        echo "api-test: skipped, because schemathesis cannot be had from PyPI" >&2
        exit 0
    fi
fi

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
port=${API_TEST_PORT:-18090}
program=.build/release/faceserver

# With a key, so that it is tried too whether anything is to be had without.
$program key --name test --scope faces --scope metrics --scope admin >"$folder/key"
key=$(sed -n 's/^key: *//p' "$folder/key")
FACESERVER_ACCESS_KEYS=$(sed -n 's/^access.keys: *//p' "$folder/key") $program serve --port "$port" 2>"$folder/log" &
server=$!
for _ in $(seq 100); do
    curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
    kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done

# RFC 9110 section 9.1: a method that the server does not know at all, such as QUERY, is 501 and not 405.
cat >"$folder/schemathesis.toml" <<'END'
[phases.coverage]
unexpected-methods = ["PUT", "PATCH", "DELETE", "TRACE"]
END

# Not asked: whether everything that the schemas allow is accepted. JSON Schema cannot say that a t lies within its way, that
# layers need a second seed, or that a number has no exponent. One worker: Python 3.11 cannot parse sources on two threads at
# once, which the generators of two do.
"$tools/bin/schemathesis" --config-file "$folder/schemathesis.toml" run "http://127.0.0.1:$port/openapi.json" \
    --header "Authorization: Bearer $key" \
    --checks all --exclude-checks positive_data_acceptance \
    --phases examples,coverage,fuzzing --max-examples "${API_TEST_EXAMPLES:-10}" --seed 1 --no-shrink \
    --suppress-health-check all --request-timeout 60 --workers 1 --continue-on-failure --generation-database none
