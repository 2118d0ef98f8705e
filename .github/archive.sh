#!/bin/sh
# Packs one target for a release: the program with its completions, manual pages, licence and scenarios.
#     sh .github/archive.sh TARGET PROGRAM-OF-TARGET PROGRAM-THAT-RUNS-HERE
# Writes dist/rebalance-sim-TARGET.tar.gz and the sum beside it. Times and owners in it are fixed: the same program packs to
# the same bytes.
set -eu
target=$1 program=$2 here=$3
name=rebalance-sim-$target
rm -rf "dist/$name" && mkdir -p "dist/$name/completions"
cp "$program" "dist/$name/"
cp LICENSE README.md src/report/fonts/LICENSE-DejaVu.txt "dist/$name/"
cp -R scenarios "dist/$name/scenarios"
"$here" completions bash > "dist/$name/completions/rebalance-sim.bash"
"$here" completions zsh > "dist/$name/completions/_rebalance-sim"
"$here" completions fish > "dist/$name/completions/rebalance-sim.fish"
"$here" completions powershell > "dist/$name/completions/_rebalance-sim.ps1"
"$here" man --out "dist/$name/man"
cd dist
find "$name" -name '.rebalance-sim-files' -delete
when=$(git log -1 --format=%ct)
find "$name" -exec touch -d "@$when" {} + 2> /dev/null || find "$name" -exec touch -t "$(date -u -r "$when" +%Y%m%d%H%M.%S)" {} +
find "$name" -type f | LC_ALL=C sort > "$name.list"
if tar --version 2> /dev/null | grep -q GNU; then
    tar --owner=0 --group=0 --numeric-owner --no-recursion -cf - -T "$name.list" | gzip -9n > "$name.tar.gz"
else
    tar --uid 0 --gid 0 -n -cf - -T "$name.list" | gzip -9n > "$name.tar.gz"
fi
rm "$name.list"
if command -v sha256sum > /dev/null; then sha256sum "$name.tar.gz"; else shasum -a 256 "$name.tar.gz"; fi > "$name.tar.gz.sha256"
