#!/usr/bin/env bash
# A sweep with GNU parallel: on the cores of this machine, or on others that ssh reaches and that see the same folder.
# Usage: parallel.sh PLAN SHARDS [HOST...]
# A shard whose process or machine dies is started again, up to three times; what was done is not done again.
set -euo pipefail
plan=$1 shards=$2
shift 2
hosts=()
for host in "$@"; do hosts+=(--sshlogin "$host"); done
# Each process runs one cell at a time: parallel starts one for each core.
seq "$shards" | parallel "${hosts[@]}" --workdir . --retries 3 --joblog "$plan.log" \
    tenure sweep run "$plan" --shard "{}/$shards" --threads 1
tenure sweep merge "$plan"
