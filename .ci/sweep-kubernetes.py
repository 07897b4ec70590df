"""Checks the manifest of an indexed job against what `batch/v1` says of one: sweep-kubernetes.py FILE

The fields, their types and what they may be are those of Kubernetes' API reference (Job v1 batch, PodSpec v1 core).
"""
import sys
import yaml

STRINGS = [str]
RESOURCES = {"cpu": (str, int), "memory": str}
JOB = {
    "apiVersion": str, "kind": str, "metadata": {"name": str, "labels": dict},
    "spec": {
        "completionMode": str, "completions": int, "parallelism": int, "backoffLimit": int, "backoffLimitPerIndex": int,
        "template": {"spec": {
            "restartPolicy": str,
            "containers": [{
                "name": str, "image": str, "command": STRINGS, "args": STRINGS,
                "resources": {"requests": RESOURCES, "limits": RESOURCES},
                "volumeMounts": [{"name": str, "mountPath": str, "readOnly": bool}],
            }],
            "volumes": [{"name": str, "persistentVolumeClaim": {"claimName": str, "readOnly": bool}}],
        }},
    },
}


def check(value, schema, path):
    if isinstance(schema, dict):
        assert isinstance(value, dict), f"{path} must have fields"
        for key, inner in value.items():
            assert key in schema, f"there is no {path}.{key}"
            check(inner, schema[key], f"{path}.{key}")
    elif isinstance(schema, list):
        assert isinstance(value, list) and value, f"{path} must be a list"
        for index, inner in enumerate(value):
            check(inner, schema[0], f"{path}[{index}]")
    else:
        assert isinstance(value, schema), f"{path} is {value!r}"


job = yaml.safe_load(open(sys.argv[1]))
check(job, JOB, "job")
spec, pod = job["spec"], job["spec"]["template"]["spec"]
assert (job["apiVersion"], job["kind"], spec["completionMode"]) == ("batch/v1", "Job", "Indexed")
assert 1 <= spec["parallelism"] <= spec["completions"]
assert pod["restartPolicy"] in ("OnFailure", "Never")
volumes = {volume["name"] for volume in pod["volumes"]}
for container in pod["containers"]:
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    assert container["command"][:3] == ["tenure", "sweep", "run"]
print(f"sweep: kubernetes: the manifest is one of an indexed job of {spec['completions']} shards")
