#!/usr/bin/env bash
# Runs the release archive for win32-x64 as Windows does (Wine) and compares its exports with those of Linux.
# Its last line counts what passed. Without Wine it says that it skipped. WORK is a folder to work in.
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
command -v wine >/dev/null || { echo "skipped: there is no wine"; exit 0; }
given=${WORK:-}
work=${given:-$(mktemp -d)}
mkdir -p "$work" && work=$(readlink -f "$work") && cd "$work"
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEARCH=win64
trap 'wineserver -k 2>/dev/null || true; [ -n "$given" ] || rm -rf "$work"' EXIT

# Node asks for Windows 10.
[ -d "$WINEPREFIX" ] || { timeout 120 wineboot -i >/dev/null 2>&1; timeout 60 wine winecfg -v win10; }

# What the archive has, in a folder that tries quotes.
(cd "$root" && npm run --silent release -- --platform win32-x64 --out "$work")
programs="$WINEPREFIX/drive_c/Program Files"
app="$programs/m365 offline é & [x]"
rm -rf "$app" "$programs"/m365-offline-* && unzip -q -d "$programs" m365-offline-*-win32-x64.zip
mv "$programs"/m365-offline-*-win32-x64 "$app"
folder='C:\Program Files\m365 offline é & [x]'
node="$app/node/node.exe"

passed=0 failed=0
count() { if [ "$1" = 0 ]; then passed=$((passed + 1)); echo "ok    $2"; else failed=$((failed + 1)); echo "FAIL  $2"; fi; }
# Not into a pipe: Wine 8 gives Node a Unix pipe that it cannot open (EBADF).
win() { timeout 180 wine "$node" "$folder\\bin\\m365-offline.js" "$@" >out.txt 2>err.txt </dev/null; }
# step CODE WORDS ARGS...: the exit code, and words of what it says on either stream.
step() {
  local want=$1 words=$2 code=0
  shift 2
  win "$@" || code=$?
  if [ "$code" = "$want" ] && grep -qF -- "$words" out.txt err.txt; then count 0 "$*"; else
    count 1 "$* -> $code, not $want with: $words"
    head -5 err.txt
  fi
}

rm -rf ./*.duckdb* handoff linux contoso && cp -r "$root/samples/contoso" .
here=$(winepath -w "$work")
step 0 win32-x64 --version
step 0 "" check contoso
step 0 "" import contoso --db t.duckdb
step 0 "already imported" import contoso --db t.duckdb
step 0 Contoso status --db t.duckdb
step 0 "" export --out handoff --db t.duckdb
mkdir linux
(cd linux && for args in "import ../contoso" "export --out handoff"; do
  # shellcheck disable=SC2086
  node "$root/bin/m365-offline.js" $args --db t.duckdb >/dev/null 2>&1
done)
for file in handoff/*.csv; do cmp -s "$file" "linux/$file" || count 1 "$file is not that of Linux"; done
count 0 "the exports are compared with those of Linux"
step 0 "" import contoso --db t.duckdb --as-of 2026-11-02
step 0 "" forget --import 2 --db t.duckdb
step 3 "no such file or folder" import nosuch --db t.duckdb
step 2 refused query "select * from read_csv('C:\\windows\\win.ini')" --db t.duckdb

# Paths and files of Windows.
printf '\xff\xfe' >q.sql && printf 'select display_name from users' | iconv -t utf-16le >>q.sql
step 0 display_name query --file q.sql --db t.duckdb --format csv
printf "select 'Z\xfcrich'" >q.sql
step 2 "Save it as UTF-8" query --file q.sql --db t.duckdb
step 0 "" import "\\\\?\\$here\\contoso" --db "\\\\?\\$here\\long.duckdb"
step 0 Contoso status "--db=\\\\?\\$here\\long.duckdb"
step 3 "name the folder" import 'contoso\*.json' --db t.duckdb
step 3 "backslash before it" import 'contoso" --db t.duckdb'
step 2 "keeps for a device" import contoso --db NUL
step 2 "keeps for a device" import contoso --db con.duckdb
(cd "$app" && timeout 60 wine cmd /c m365-offline.cmd --version) >out.txt 2>err.txt </dev/null || true
grep -q win32-x64 out.txt && count 0 "m365-offline.cmd --version" || count 1 "m365-offline.cmd --version"

# A database that another program holds: no import is lost, none calls it damaged.
before=$(sha256sum t.duckdb)
cat >hold.cjs <<'HOLD'
// Holds a file open for writing, as a scanner or an editor does, until stop.txt is there.
const { openSync, existsSync, writeFileSync } = require("node:fs");
const bindings = require(`${process.argv[2]}\\node_modules\\@duckdb\\node-bindings`);
bindings.open(process.argv[3], bindings.create_config()).then((database) => {
  writeFileSync("held.txt", "");
  const wait = setInterval(() => {
    if (!existsSync("stop.txt")) return;
    clearInterval(wait);
    bindings.close_sync(database);
  }, 100);
});
HOLD
rm -f held.txt stop.txt
wine "$node" hold.cjs "$folder" t.duckdb >hold.log 2>&1 </dev/null &
holder=$!
for _ in $(seq 1 100); do [ -e held.txt ] && break; sleep 0.2; done
[ -e held.txt ] && count 0 "another program holds the database" || { count 1 "another program holds the database"; cat hold.log; }
step 4 "is open elsewhere" import contoso --db t.duckdb --as-of 2026-11-04
grep -qi damaged err.txt && count 1 "nothing is called damaged" || count 0 "nothing is called damaged"
touch stop.txt && wait "$holder" || true
[ "$before" = "$(sha256sum t.duckdb)" ] && count 0 "the database is as it was" || count 1 "the database is as it was"
step 0 Contoso status --db t.duckdb

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
