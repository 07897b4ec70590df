#!/usr/bin/env python3
"""A sweep on HyperQueue (pip install hyperqueue). Usage: hyperqueue_sweep.py PLAN SHARDS [SERVER-DIR | WORKERS]

With the folder of a server that runs, the sweep goes to its workers, on as many nodes as they are on. With a number, a
server and so many workers of one core are started here. HyperQueue moves the tasks of a worker that is lost to another;
shards that fail are submitted again, up to three times, and go on where they were.
"""
import pathlib, subprocess, sys
from hyperqueue import Client, Job, LocalCluster
from hyperqueue.client import FailedJobsException
from hyperqueue.cluster import WorkerConfig


def run(client, plan, shards):
    for _ in range(4):
        job = Job(max_fails=None, name="tenure sweep")
        for shard in range(1, shards + 1):
            command = ["tenure", "sweep", "run", str(plan), "--shard", f"{shard}/{shards}", "--threads", "1"]
            job.program(command, stdout=f"{plan}.{shard}.out", stderr=f"{plan}.{shard}.log")
        try:
            return client.wait_for_jobs([client.submit(job)])
        except FailedJobsException as failed:
            print(failed, file=sys.stderr)
    sys.exit("hyperqueue_sweep.py: shards still fail")


def main(plan, shards, where):
    plan = pathlib.Path(plan).resolve()
    if not where.isdigit():
        run(Client(pathlib.Path(where)), plan, int(shards))
    else:
        with LocalCluster() as cluster:
            for _ in range(int(where)):
                cluster.start_worker(WorkerConfig(cores=1))
            run(cluster.client(), plan, int(shards))
    subprocess.run(["tenure", "sweep", "merge", str(plan)], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
