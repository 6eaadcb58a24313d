#!/usr/bin/env bash
# Configure refuses an #include of a room or a library that the room may not know.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$top/CMakeLists.txt" "$top/cmake" "$top/lib" "$top/proto" "$top/server" "$top/client" "$copy"

refuses() { # FILE LINE WHAT
	cp "$copy/$1" "$copy/kept"
	printf '%s\n' "$2" >>"$copy/$1"
	if cmake -G Ninja -S "$copy" -B "$copy/build" -DBUILD_TESTING=OFF >"$copy/log" 2>&1; then
		echo "configure let $1 say: $2" >&2
		exit 1
	fi
	tr -s '\n ' ' ' <"$copy/log" | grep -q -- "$3" || { cat "$copy/log" >&2; exit 1; }
	mv "$copy/kept" "$copy/$1"
}

cmake -G Ninja -S "$copy" -B "$copy/build" -DBUILD_TESTING=OFF >"$copy/log" 2>&1 || { cat "$copy/log" >&2; exit 1; }
refuses lib/engine/decide.c '#include "registry/compile.h"' "the room 'engine' knows only base"
refuses lib/engine/decide.c '#include "carnet/v1/registry.pb-c.h"' "the room 'engine' knows only base"
refuses lib/base/bytes.c '#include "crypto/hash.h"' "the room 'base' knows only itself"
refuses lib/rpc/server.c '#include <lmdb.h>' "does not link 'lmdb'"
refuses lib/receipt/leaf.c '#include <openssl/evp.h>' "does not link 'crypto'"
refuses server/journal.c '#include <lmdb.h>' 'which only files named'
refuses client/main.c '#include "server/journal.h"' "the room 'client' knows only"
