#!/usr/bin/env bash
# A sweep as a Slurm array. Usage: slurm.sh PLAN SHARDS [SBATCH-OPTION...]
# Each task finds its shard in Slurm's variables, and takes the cores that it is given. A task that is requeued after its
# node has failed goes on where it was.
set -euo pipefail
plan=$(realpath "$1") shards=$2
shift 2
sbatch --wait --requeue --array="1-$shards" --chdir="$(dirname "$plan")" --output="$plan.%a.log" "$@" --wrap \
    "tenure sweep run '$plan' --resume --threads \${SLURM_CPUS_PER_TASK:-1}" || true
# Shards that are not whole are named here, to be run again: slurm.sh with --array=3,7.
tenure sweep merge "$plan"
