#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes sure that what the build needs is there. Installs missing Debian or Ubuntu packages where it may (as root, or
# with a sudo that asks no password) and otherwise says what to install.
#
#   setup.sh PACKAGE...
set -eu

swift_needed=6.2

missing=""
for package in "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done

if [ -n "$missing" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "setup: these packages are needed, under your system's names for them:$missing" >&2
        exit 1
    fi
    if [ "$(id -u)" -eq 0 ]; then
        sudo=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo="sudo"
    else
        echo "setup: packages are missing and cannot be installed without a password. Please run:" >&2
        echo "    sudo apt-get install -y$missing" >&2
        exit 1
    fi
    echo "setup: installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $sudo apt-get install -y -qq --no-install-recommends $missing
fi

swift_version=$("${SWIFT:-swift}" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
oldest=$(printf '%s\n%s\n' "$swift_needed" "${swift_version:-0}" | sort -V | head -n 1)
if [ "$oldest" != "$swift_needed" ]; then
    echo "setup: Swift $swift_needed or later is needed, found ${swift_version:-none}." >&2
    echo "    Install a toolchain from https://www.swift.org/install/linux/ and put its usr/bin on the PATH," >&2
    echo "    or name the command: make SWIFT=/path/to/swift ..." >&2
    exit 1
fi
