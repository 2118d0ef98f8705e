#!/bin/sh
# Plays a sweep in shares as a Slurm array, and merges them in a job behind it.
#     sh slurm.sh OUT SHARES rebalance-sim run rolling.toml --seeds 1000
# OUT has to be on a file system that all nodes see. Prints the number of the job that merges.
set -eu
out=$1 shares=$2
shift 2
words=
for word in "$@"; do
    words="$words '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"
done
mkdir -p "$out-parts"
# A node that fails, or a job that is preempted, has its share queued again: it goes on where it was.
array=$(sbatch --parsable --requeue --array="1-$shares" --cpus-per-task=1 --output="$out-parts/%a.log" --wrap \
    "exec $words --quiet --jobs 1 --shard \$SLURM_ARRAY_TASK_ID/$shares --out '$out-parts/part-'\$SLURM_ARRAY_TASK_ID")
sbatch --parsable --dependency="afterok:$array" --output="$out.log" --wrap \
    "exec '$1' merge '$out-parts/part-'* --out '$out'"
