#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Packs what was built, with resources and configuration, into FOLDER.tar.gz. The same files give the same bytes.
#
#   dist.sh BUILD FOLDER
set -eu
cd "$(dirname "$0")/.."

build=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/share/faceserver"
install -m 755 --strip "$build/faceserver" "$folder/bin/"
cp -R "$build/faceserver_FaceServerResources.resources/." "$folder/share/faceserver/"
cp -R config README.md LICENSE "$folder/"
chmod -R u=rwX,go=rX "$folder"
time=$(git log -1 --format=%ct 2>/dev/null || echo 0)
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$time" \
    --directory="$(dirname "$folder")" "$(basename "$folder")" | gzip -9 -n >"$folder.tar.gz"
rm -r "$folder"
ls -l "$folder.tar.gz"
