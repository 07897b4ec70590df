"""A sweep on a server of HyperQueue with two workers, one of which is lost, while a process of the other is killed:
sweep-hyperqueue.py RECIPES PLAN SHARDS

The wheel has workers on threads of the process that starts them. So that a worker is lost, its connection is cut: for the
server that is the end of its machine. Its task goes to the other worker, and its process is killed with SIGKILL.
"""
import os, pathlib, signal, socket, subprocess, sys, time
from hyperqueue import LocalCluster
from hyperqueue.cluster import WorkerConfig

recipes, plan, shards = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]


def connections():
    """The numbers of this process's connections."""
    found = set()
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            end = socket.socket(fileno=os.dup(number))
            with end:
                if end.family == socket.AF_INET and end.getpeername():
                    found.add(number)
        except OSError:
            pass
    return found


def cut(number):
    """Ends a connection, unless it has ended with its other end."""
    try:
        with socket.socket(fileno=os.dup(number)) as end:
            end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def is_sweep(number):
    try:
        return b"sweep\0run" in pathlib.Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False


def processes():
    """The processes of tenure that workers here have started: their parent is this one."""
    children = pathlib.Path(f"/proc/{os.getpid()}/task").glob("*/children")
    numbers = [int(number) for one in children for number in one.read_text().split()]
    return [number for number in numbers if is_sweep(number)]


def kill_processes():
    for number in processes():
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            pass


def cells():
    return len(list(plan.with_suffix(".cells").glob("??/*.json")))


def wait(what, is_so):
    for _ in range(6000):
        if is_so():
            return
        time.sleep(0.01)
    sys.exit(f"sweep-hyperqueue.py: {what} did not happen")


with LocalCluster() as cluster:
    cluster.start_worker(WorkerConfig(cores=1))
    wait("the first worker", lambda: len(connections()) == 2)
    others = connections()
    cluster.start_worker(WorkerConfig(cores=1))
    # Looked at twice: a connection may be there for a moment only.
    wait("the second worker", lambda: len(connections() - others) == 2)
    time.sleep(0.5)
    second = connections() - others
    assert len(second) == 2, second
    recipe = subprocess.Popen([sys.executable, str(recipes / "hyperqueue_sweep.py"), str(plan), shards, cluster.cluster.server_dir],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait("a cell", lambda: cells() >= 10)
    lost_at = cells()
    for number in second:
        cut(number)
    kill_processes()
    wait("the end of the worker", lambda: not second & connections())
    at_once = []
    wait("another cell", lambda: at_once.append(len(processes())) or cells() >= lost_at + 10)
    # Between one process and the next, both may be seen.
    assert sorted(at_once)[len(at_once) // 2] == 1, "the worker that was lost still works"
    killed_at = cells()
    kill_processes()
    said = recipe.communicate()[1]
    if recipe.returncode != 0:
        sys.exit(said)
print(f"sweep: hyperqueue: a worker was lost after {lost_at} cells, a process killed after {killed_at}")
