#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the README's pictures from a server that runs on http://127.0.0.1:8080. Needs curl and ImageMagick.
set -eu
cd "$(dirname "$0")/.."

server=http://127.0.0.1:8080
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for seed in $(seq 0 23); do
    curl -fsS -o "$folder/$(printf %02d "$seed").png" "$server/faces/$seed.png?truncation=0.7&size=96"
done
montage "$folder"/*.png -tile 8x3 -geometry +2+2 -background white docs/faces.png
