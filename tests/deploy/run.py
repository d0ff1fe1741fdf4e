"""Builds deploy/kubernetes as kubectl would and holds it against the schemas, and against what only we can know."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import kubernetes_validate
import yaml

ROOT, WORK = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
# The oldest that has `preStop.sleep`, and the newest.
VERSIONS = ("1.30", "1.37")
OURS = {"app.kubernetes.io/name": "rollcall"}


def build(folder: pathlib.Path) -> list[dict]:
    built = subprocess.run(["kubectl", "kustomize", str(folder)], check=True, capture_output=True, text=True).stdout
    objects = list(yaml.safe_load_all(built))
    for one in objects:
        if not one["apiVersion"].startswith("monitoring.coreos.com/"):
            for version in VERSIONS:
                kubernetes_validate.validate(one, version, strict=True)
    return objects


def find(objects: list[dict], kind: str, name: str | None = None) -> dict:
    found = [one for one in objects if one["kind"] == kind and name in (None, one["metadata"]["name"])]
    assert len(found) == 1, f"{len(found)} objects of kind {kind}"
    return found[0]


def seconds(text: str) -> int:
    return int(re.fullmatch(r"(\d+)s", text)[1])


def check(objects: list[dict], replicas: int) -> None:
    deployment = find(objects, "Deployment")["spec"]
    pod = deployment["template"]["spec"]
    container = pod["containers"][0]
    assert deployment["replicas"] == replicas
    assert deployment["selector"]["matchLabels"] == OURS, "the deployment finds its pods"
    assert OURS.items() <= deployment["template"]["metadata"]["labels"].items()
    for kind in ("NetworkPolicy", "PodDisruptionBudget"):
        spec = find(objects, kind)["spec"]
        assert spec.get("podSelector", spec.get("selector"))["matchLabels"] == OURS, f"{kind} is about these pods"

    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    probes = [container[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    targets = [p["targetPort"] for one in objects if one["kind"] == "Service" for p in one["spec"]["ports"]]
    allowed = [p["port"] for rule in find(objects, "NetworkPolicy")["spec"]["ingress"] for p in rule["ports"]]
    assert set(targets + probes + allowed) <= set(ports), "every port that is named is one of the container's"

    config_map = find(objects, "ConfigMap")
    assert pod["volumes"][0]["configMap"]["name"] == config_map["metadata"]["name"], "the pods mount it"
    text = config_map["data"]["rollcall.toml"]
    for key, name in (("server.listen", "http"), ("webhooks.listen", "webhooks"), ("server.admin_listen", "admin")):
        assert f'listen = "0.0.0.0:{ports[name]}"' in text, f"{key} is where the port {name} is"
    drain = seconds(re.search(r'drain_timeout = "(\w+)"', text)[1])
    grace = drain + container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert grace < pod["terminationGracePeriodSeconds"], "it may drain before it is killed"
    assert container["securityContext"]["readOnlyRootFilesystem"] and pod["securityContext"]["runAsNonRoot"]
    loads(text, "/run/secrets/rollcall/")


def loads(text: str, secrets: str) -> None:
    """Rollcall takes the configuration once the secrets are there."""
    for path in re.findall(rf'"({re.escape(secrets)}[^"]+)"', text):
        file = WORK / pathlib.Path(path).name
        file.write_text("a-secret\n")
        text = text.replace(path, str(file))
    text = text.replace("/var/lib/rollcall", str(WORK))
    (WORK / "rollcall.toml").write_text(text)
    told = subprocess.run(
        [os.environ["ROLLCALL"], "check", "--config", WORK / "rollcall.toml"], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr


def kubernetes() -> int:
    """Everything about deploy/kubernetes; answers how many objects there were."""
    base, replicas = (build(ROOT / "deploy/kubernetes" / name) for name in ("base", "replicas"))
    check(base, 1)
    check(replicas, 3)
    environment = {one["name"]: one["value"] for one in find(replicas, "Deployment")["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert environment["ROLLCALL__CLUSTER__REPLICAS"] == "3", "as many as there are"

    own = WORK / "own"
    own.mkdir()
    folders = {name: os.path.relpath(ROOT / "deploy/kubernetes" / name, own) for name in ("base", "servicemonitor")}
    (own / "kustomization.yaml").write_text(f"resources: [{folders['base']}]\ncomponents: [{folders['servicemonitor']}]\n")
    monitored = build(own)
    monitor = find(monitored, "ServiceMonitor")["spec"]
    service = find(monitored, "Service", "rollcall-admin")
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["endpoints"][0]["port"] in [port["name"] for port in service["spec"]["ports"]]
    assert service["metadata"]["labels"][monitor["jobLabel"]] == "rollcall", "the job that the alerts ask for"
    return len(base) + len(replicas) + len(monitored)


def manifests() -> int:
    """Without kubectl: only what is an object as it stands in its file."""
    objects = [one for file in (ROOT / "deploy/kubernetes/base").glob("*.yaml") for one in yaml.safe_load_all(file.read_text())]
    objects = [one for one in objects if one["kind"] not in ("Kustomization", "Deployment", "Service")]
    for one in objects:
        kubernetes_validate.validate(one, VERSIONS[0], strict=True)
    print("no kubectl: what kustomize makes of deploy/kubernetes was not looked at")
    return len(objects)


objects = kubernetes() if shutil.which("kubectl") else manifests()

unit = (ROOT / "deploy/systemd/rollcall.service").read_text()
text = (ROOT / "deploy/systemd/rollcall.toml").read_text()
credentials = set(re.findall(r"^LoadCredential=(\w+):", unit, re.M))
assert credentials == set(re.findall(r"/run/credentials/rollcall.service/(\w+)", text)), "every credential is used, and given"
loads(text, "/run/credentials/rollcall.service/")
print(f"{objects} objects are what the schemas of Kubernetes {' and '.join(VERSIONS)} allow; the configurations load")
