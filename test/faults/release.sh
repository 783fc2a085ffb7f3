#!/usr/bin/env bash
# Makes release archives and tries them: the same bytes twice, what is in each, and the one of this system without a network and in an empty environment.
# PLATFORMS has names, "all" for all six. Its last line counts what passed. WORK is a folder to work in.
set -euo pipefail
root=$(readlink -f "$(dirname "$0")/../..")
given=${WORK:-}
work=${given:-$(mktemp -d)}
mkdir -p "$work" && cd "$work"
trap '[ -n "$given" ] || rm -rf "$work"' EXIT
platforms=${PLATFORMS:-linux-x64}
[ "$platforms" = all ] && platforms="win32-x64 win32-arm64 linux-x64 linux-arm64 darwin-x64 darwin-arm64"

passed=0 failed=0
count() { if [ "$1" = 0 ]; then passed=$((passed + 1)); echo "ok    $2"; else failed=$((failed + 1)); echo "FAIL  $2"; fi; }
try() {
  local what=$1
  shift
  if "$@" >"$work/out.txt" 2>"$work/err.txt"; then count 0 "$what"; else count 1 "$what" && head -5 "$work/out.txt" "$work/err.txt"; fi
}
release() { (cd "$root" && npm run --silent release -- --platform "$1" --out "$2"); }

for platform in $platforms; do
  rm -rf one two "$platform" && mkdir "$platform"
  try "$platform is made" release "$platform" "$work/one"
  if [ "$platform" = "${platforms%% *}" ]; then
    TZ=Pacific/Kiritimati LC_ALL=C umask 027
    try "$platform is made again" release "$platform" "$work/two"
    try "with the same bytes" diff -r one two
  fi
  case $platform in
    win32-*) unzip -q one/*.zip -d "$platform" ;;
    *) tar xzf one/*.tar.gz -C "$platform" ;;
  esac
  cd "$platform"/* || exit 1
  try "$platform: SHA256SUMS holds" sha256sum -c --quiet SHA256SUMS
  try "$platform: SHA256SUMS names every file" test "$(find . -type f | wc -l)" = "$(($(wc -l <SHA256SUMS) + 1))"
  try "$platform: one engine, of this platform" test "$(ls node_modules/@duckdb | tr '\n' ' ')" = "node-bindings node-bindings-$platform "
  try "$platform: a bill of materials with Node and the engine" node -e '
    const names = require(process.cwd() + "/sbom.json").components.map(({ name }) => name).join(" ");
    process.exit(/\bnode-(?:win|linux|darwin|bin-darwin)-/.test(names) && names.includes(process.argv[1]) ? 0 : 1);
  ' "node-bindings-$platform"
  try "$platform: README and the license of Node" test -s README.md -a -s node/LICENSE
  case $platform in
    win32-x64) kind='PE32+ .* x86-64' ;;
    win32-arm64) kind='PE32+ .* Aarch64' ;;
    linux-x64) kind='ELF 64-bit .* x86-64' ;;
    linux-arm64) kind='ELF 64-bit .* aarch64' ;;
    darwin-x64) kind='Mach-O 64-bit .*x86_64' ;;
    darwin-arm64) kind='Mach-O 64-bit .*arm64' ;;
  esac
  for file in node/node.exe node/bin/node node_modules/@duckdb/node-bindings-*/duckdb.node; do
    [ -e "$file" ] && try "$platform: $file is of this platform" grep -Eq "$kind" <(file -b "$file")
  done
  cd "$work"
done

# No Node, no variables, no network: only what was unpacked.
if [[ $platforms = *linux-x64* ]] && [ "$(uname -sm)" = "Linux x86_64" ]; then
  app=$(echo "$work"/linux-x64/*)
  alone=(env -i)
  unshare -rn true 2>/dev/null && alone=(env -i unshare -rn) || echo "a network cannot be taken away here"
  rm -rf run && mkdir run && cd run
  try "linux-x64: --version names the engine" grep -q "DuckDB v" <("${alone[@]}" "$app/m365-offline" --version)
  try "linux-x64: import" "${alone[@]}" "$app/m365-offline" import "$app/samples/contoso"
  try "linux-x64: query" "${alone[@]}" "$app/m365-offline" query "from license_summary"
  try "linux-x64: export" "${alone[@]}" "$app/m365-offline" export --out handoff
  try "linux-x64: verify" "${alone[@]}" "$app/m365-offline" verify handoff
  ln -sf "$app/m365-offline" link
  try "linux-x64: by a link" "${alone[@]}" ./link status
  try "linux-x64: nothing is written into the folder" sh -c 'cd "$1" && sha256sum -c --quiet SHA256SUMS' sh "$app"
  cd "$work"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
