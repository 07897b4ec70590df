#!/usr/bin/env python3
"""A sweep on Dask (pip install distributed). Usage: dask_sweep.py PLAN SHARDS [SCHEDULER-ADDRESS | WORKERS]

Workers must see the folder of the plan. Dask runs the tasks of a worker that dies on another; a shard goes on where it was.
"""
import pathlib, subprocess, sys
from dask.distributed import Client, LocalCluster


def shard(plan, number, shards):
    command = ["tenure", "sweep", "run", plan, "--shard", f"{number}/{shards}", "--threads", "1"]
    return subprocess.run(command, check=True, stderr=subprocess.PIPE, text=True).stderr


def main(plan, shards, where="2"):
    plan, shards = str(pathlib.Path(plan).resolve()), int(shards)
    here = LocalCluster(n_workers=int(where), threads_per_worker=1, dashboard_address=None) if where.isdigit() else where
    with Client(here) as client:
        # Not pure: the result is a file, not what the function returns.
        tasks = [client.submit(shard, plan, number, shards, pure=False, retries=3) for number in range(1, shards + 1)]
        for line in client.gather(tasks):
            print(line, end="", file=sys.stderr)
    subprocess.run(["tenure", "sweep", "merge", plan], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
