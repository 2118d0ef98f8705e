#!/bin/sh
# Plays a sweep in shares with GNU parallel, and merges them.
#     sh gnu_parallel.sh OUT SHARES rebalance-sim run rolling.toml --seeds 1000
# On other machines: PARALLEL="--sshloginfile nodes --workdir $PWD" with OUT on a file system that all of them see.
set -eu
out=$1 shares=$2
shift 2
# A share that fails is started up to three times, and goes on where it was.
seq "$shares" | parallel --quote --retries 3 --halt soon,fail=1 \
    "$@" --quiet --jobs 1 --shard "{}/$shares" --out "$out-parts/{}"
exec "$1" merge "$out-parts"/* --out "$out"
