"""Files of the repository for GitHub, editors and contributors."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from dlstudio import __version__

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOW = GITHUB / "workflows" / "ci.yml"
CHANGELOG = GITHUB / "CHANGELOG.md"
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
DOCUMENTS = [ROOT / "README.md", *sorted(GITHUB.rglob("*.md"))]
TEXTS = (".py", ".md", ".yml", ".yaml", ".toml", ".json", ".po")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
PATH = re.compile(r"(?<![\w./])(?:dlstudio|packaging|resources|tests)/[\w./-]*[\w/]")
MODULE = re.compile(r"python -m (dlstudio[\w.]*)")
CLASS = re.compile(r"`([A-Z][a-z]+[A-Z]\w+)`")
BY_RECIPES = ("image_list", "locale/de/")
"""Names that exist only after following a recipe."""
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
FIELDS = ("markdown", "textarea", "input", "dropdown", "checkboxes")


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def test_the_workflow_tests_every_system_and_every_python() -> None:
    matrix = read_yaml(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]
    systems = [name.partition("-")[0] for name in matrix["os"]]
    assert systems == ["ubuntu", "macos", "windows"]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    pythons = re.findall(r"Python :: (3\.\d+)", project)
    assert matrix["python"] == pythons and len(pythons) == 4


def test_the_workflow_runs_every_check_and_the_sample() -> None:
    workflow = read_yaml(WORKFLOW)
    # YAML 1.1 reads the key "on" as true.
    assert set(workflow[True]) == {"push", "pull_request", "workflow_dispatch"}
    assert workflow["permissions"] == {"contents": "read"}
    assert "packaging/bootstrap.py test" in (ROOT / ".ci" / "run").read_text("utf-8")
    jobs = workflow["jobs"]
    assert commands(jobs["test"])[-1] == "python packaging/bootstrap.py test"
    assert commands(jobs["sample"]) == ["python packaging/bootstrap.py run --headless"]


def commands(job: Any) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_workflow_installs_the_libraries_that_the_bootstrap_knows() -> None:
    path = ROOT / "packaging" / "bootstrap.py"
    spec = importlib.util.spec_from_file_location("bootstrap", path)
    assert spec is not None and spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    installed = commands(read_yaml(WORKFLOW)["jobs"]["test"])[0].split()
    wanted = set(bootstrap.SYSTEM_LIBRARIES["gui"].values())
    assert wanted and wanted <= set(installed)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_complete(path: Path) -> None:
    form = read_yaml(path)
    if path.stem == "config":
        assert set(form) <= {"blank_issues_enabled", "contact_links"}
        return
    assert {"name", "description", "body"} <= set(form)
    fields = [each for each in form["body"] if each["type"] != "markdown"]
    names = [each["id"] for each in fields]
    assert names and len(set(names)) == len(names)
    for each in form["body"]:
        assert each["type"] in FIELDS
    for each in fields:
        assert each["attributes"]["label"]


def test_there_is_a_form_for_bugs_and_one_for_features() -> None:
    assert {path.stem for path in FORMS} == {"bug", "config", "feature"}


def hooks() -> list[Any]:
    repositories = read_yaml(ROOT / ".pre-commit-config.yaml")["repos"]
    # Only local hooks: nothing is downloaded, and the versions are the pinned ones.
    assert [each["repo"] for each in repositories] == ["local"]
    return [hook for each in repositories for hook in each["hooks"]]


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_each_hook_runs_a_tool_that_the_checks_have(hook: Any) -> None:
    assert hook["language"] == "system"
    program, *rest = hook["entry"].split()
    if program != "python":
        scripts = importlib.metadata.entry_points(group="console_scripts")
        assert program in scripts.names
    elif rest[0] == "-m":
        assert importlib.util.find_spec(rest[1]) is not None
    else:
        assert (ROOT / rest[0]).is_file()


def test_the_changelog_keeps_its_form() -> None:
    text = CHANGELOG.read_text("utf-8")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    released = [
        re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - \d{4}-\d\d-\d\d", each)
        for each in versions[1:]
    ]
    assert all(released), "a version is written as [1.2.3] - 2026-01-31"
    numbers = [tuple(map(int, each.groups())) for each in released if each]
    assert all(newer > older for newer, older in pairwise(numbers))
    assert __version__ in text
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= set(KINDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_point_to_files(path: Path) -> None:
    links = LINK.findall(path.read_text("utf-8"))
    inside = [each for each in links if "://" not in each]
    assert [each for each in inside if not (path.parent / each).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_named_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    paths = [each for each in PATH.findall(text) if not (ROOT / each).exists()]
    assert [each for each in paths if not any(n in each for n in BY_RECIPES)] == []
    for module in MODULE.findall(text):
        assert importlib.util.find_spec(module) is not None
    assert set(CLASS.findall(text)) <= classes()


def classes() -> set[str]:
    """Names of all classes of the package, and other names in that style."""
    found = {"TensorSpec", "RunEvaluated"}  # TensorFlow's, and a line of `train --json`
    for path in (ROOT / "dlstudio").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    return found


def test_the_readme_links_to_the_documents() -> None:
    links = LINK.findall((ROOT / "README.md").read_text("utf-8"))
    for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"):
        assert f".github/{name}" in links
    assert "dlstudio/ARCHITECTURE.md" in links


KEPT = ROOT / "tests" / "golden" / "interrupted_v2"
"""A run byte for byte as an earlier version has written it."""


def texts() -> Iterator[Path]:
    """Every file of the repository that holds text and was written by hand."""
    for folder in ("dlstudio", "packaging", "resources", "tests", ".github"):
        paths = (path for path in (ROOT / folder).rglob("*") if path.suffix in TEXTS)
        yield from (
            path for path in paths if path.is_file() and KEPT not in path.parents
        )
    yield from (path for path in ROOT.iterdir() if path.suffix in TEXTS)


def test_texts_are_written_as_editorconfig_says() -> None:
    wrong = []
    for path in texts():
        data = path.read_bytes()
        data.decode("utf-8")
        if b"\r" in data or b"\t" in data or (data and not data.endswith(b"\n")):
            wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == [], "LF, spaces, and a newline at the end"
