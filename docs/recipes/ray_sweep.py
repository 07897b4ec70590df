#!/usr/bin/env python3
"""A sweep on Ray (pip install ray). Usage: ray_sweep.py PLAN SHARDS [ADDRESS]

Without an address Ray is started here. Nodes must see the folder of the plan. Ray runs the tasks of a node that dies on
another; a shard goes on where it was.
"""
import pathlib, subprocess, sys
import ray


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def shard(plan, number, shards):
    command = ["tenure", "sweep", "run", plan, "--shard", f"{number}/{shards}", "--threads", "1"]
    return subprocess.run(command, check=True, stderr=subprocess.PIPE, text=True).stderr


def main(plan, shards, address=None):
    plan, shards = str(pathlib.Path(plan).resolve()), int(shards)
    ray.init(address=address, include_dashboard=False if address is None else None)
    for line in ray.get([shard.remote(plan, number, shards) for number in range(1, shards + 1)]):
        print(line, end="", file=sys.stderr)
    subprocess.run(["tenure", "sweep", "merge", plan], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
