#!/usr/bin/env bash
# Puts the pinned packages and the programs of this folder into FOLDER, which they run from.
#   install.sh FOLDER
# Packages come from the registry that npm is set up for, and are fetched anew only if the lock file
# changed.  None of them runs a script of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1

die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

command -v node >/dev/null || die "there is no node: install the Debian package nodejs (18 or newer)"
command -v npm >/dev/null || die "there is no npm: install the Debian package npm"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || die "node $(node --version) is too old: 18 is needed"

mkdir -p "$folder"
exec 9>"$folder/lock" # scenarios run side by side
flock 9
cp "$here"/*.mjs "$here/package.json" "$folder/"
if ! cmp -s "$here/package-lock.json" "$folder/installed.json"; then
	rm -f "$folder/installed.json"
	cp "$here/package-lock.json" "$folder/"
	(cd "$folder" && timeout 300 npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1) \
		>"$folder/npm.log" 2>&1 || {
		tail -15 "$folder/npm.log" >&2
		die "npm could not install the packages of tests/foreign/node: is its registry in reach?"
	}
	cp "$here/package-lock.json" "$folder/installed.json"
fi
