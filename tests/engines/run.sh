#!/bin/sh
# Plays a sweep through GNU parallel and through Slurm on this machine, and compares with the sweep in one piece. Needs
# Debian's packages parallel, slurmctld, slurmd, slurm-client and munge, and root for Slurm's daemons; is none of the tests
# that `cargo test` runs.
#     sh tests/engines/run.sh target/release/rebalance-sim
set -eu
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")/../..")
engines=$here/scenarios/large/engines
work=$(mktemp -d)
cd "$here"
set -- "$program" run scenarios/releases/rolling_restart_of_ten.toml --seeds 12

now() { date +%s%N; }
began=$(now)
"$@" --quiet --jobs 1 --out "$work/whole" > "$work/whole.txt"
one=$(($(now) - began))

began=$(now)
sh "$engines/gnu_parallel.sh" "$work/parallel" 4 "$@" > "$work/parallel.txt"
of_parallel=$(($(now) - began))
diff -r "$work/whole" "$work/parallel"
echo "GNU parallel: the same report; $((one / 1000000)) ms in one piece on one core, $((of_parallel / 1000000)) ms in 4 shares on $(nproc) cores"

# One machine that is controller and node. Munge needs its daemon, and Slurm its state in a folder of its own.
mkdir -p /run/munge "$work/slurm" && chown munge: /run/munge
[ -f /etc/munge/munge.key ] || mungekey --create
munged=
if ! pgrep -x munged > /dev/null; then
    su -s /bin/sh munge -c /usr/sbin/munged
    munged=$(cat /run/munge/munged.pid)
fi
host=$(hostname -s)
cat > "$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/ctld.pid
SlurmdPidFile=$work/slurm/d.pid
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
mkdir -p "$work/slurm/state" "$work/slurm/spool"
slurmctld -c && slurmd -c
# The daemons write their state as they end: what they write into goes after them.
ended() {
    for daemon in $(cat "$work/slurm/ctld.pid" "$work/slurm/d.pid") $munged; do
        kill "$daemon"
        for _ in $(seq 100); do kill -0 "$daemon" 2> /dev/null || break; sleep 0.1; done
    done
    rm -rf "$work"
}
trap ended EXIT
for _ in $(seq 30); do sinfo -h -o %T | grep -q idle && break; sleep 1; done
began=$(now)
merge=$(sh "$engines/slurm.sh" "$work/slurm-all" 4 "$@")
for _ in $(seq 600); do [ -z "$(squeue -h -j "$merge" 2> /dev/null)" ] && break; sleep 1; done
of_slurm=$(($(now) - began))
diff -r "$work/whole" "$work/slurm-all"
diff "$work/whole.txt" "$work/slurm-all.log"
echo "Slurm: the same report and the same text; $((of_slurm / 1000000)) ms in 4 shares on $(nproc) cores"
