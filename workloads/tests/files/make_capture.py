"""Makes small.bin, beside this file: a capture by memray 1.20 of a program that makes a few hundred objects.

    pip install memray==1.20.0
    python - < make_capture.py

A capture holds paths of the machine. They are left out or replaced, so that nothing of it is in the file: which is why this
is to be read from standard input.
"""

import os
import sys

import memray
from memray.reporters import module_tools

PROGRAM = """
class Node:
    def __init__(self, key):
        self.key = key
        self.text = "node %d " % key * (key % 7)

def work():
    kept = []
    for number in range(300):
        node = Node(number)
        pair = [node, {"number": number}]
        if number % 10 == 0:
            kept.append(pair)
    return len(kept), len(bytearray(100_000))

work()
"""


PATHS = {"stdlib": "/usr/lib/python3", "site_packages": [], "sys_path": ["/app"]}


def main():
    program = compile(PROGRAM, "program.py", "exec")
    sys.argv = ["program.py"]
    module_tools.get_python_path_info = lambda: PATHS
    if os.path.exists("small.bin"):
        os.remove("small.bin")
    with memray.Tracker("small.bin", trace_python_allocators=True):
        exec(program, {})


main()
