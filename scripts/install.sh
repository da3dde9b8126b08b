#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs what was built.
#
#   install.sh BUILD DESTDIR PREFIX SYSCONFDIR
#
# A configuration file that is there already stays, and the new one lies beside it.
set -eu
cd "$(dirname "$0")/.."

build=$1 destdir=$2 prefix=$3 sysconfdir=$4
if [ ! -x "$build/faceserver" ]; then
    echo "install: there is no $build/faceserver; 'make static' builds it" >&2
    exit 1
fi

share="$destdir$prefix/share"

install -D -m 755 --strip "$build/faceserver" "$destdir$prefix/bin/faceserver"
mkdir -p "$share/faceserver" "$share/doc/faceserver"
cp -R "$build/faceserver_FaceServerResources.resources/." "$share/faceserver/"
install -m 644 README.md LICENSE "$share/doc/faceserver/"

configuration="$destdir$sysconfdir/faceserver/faceserver.yaml"
if [ -e "$configuration" ] && ! cmp -s config/faceserver.yaml "$configuration"; then
    echo "install: $configuration stays, the new one is $configuration.new"
    configuration="$configuration.new"
fi
install -D -m 644 config/faceserver.yaml "$configuration"

unit="$destdir$prefix/lib/systemd/system/faceserver.service"
mkdir -p "$(dirname "$unit")"
sed -e '/^# `make install`/d' -e "s|/usr/local/|$prefix/|" -e "s|/etc/|$sysconfdir/|" config/systemd/faceserver.service >"$unit"
chmod 644 "$unit"
