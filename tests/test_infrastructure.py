"""What carries the project: the installer, the locks, the commands, the settings of kernels, the files about files."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from imports import imported

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.lock"))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def module(name: str) -> ModuleType:
    """A script of requirements/ as a module."""
    spec = importlib.util.spec_from_file_location(f"requirements_{name}", REQUIREMENTS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


install = module("install")
lock = module("lock")


def run(*command: str | Path, **more) -> subprocess.CompletedProcess[str]:
    """A command and what it said."""
    return subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", timeout=120, **more)


# --- `import recount` from anywhere ---------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small copy of the project below a folder with a space and Chinese characters."""
    folder = tmp_path / "a folder 人才 报告"
    (folder / "lib" / "recount").mkdir(parents=True)
    (folder / "lib" / "recount" / "__init__.py").write_text("HERE = True\n", encoding="utf-8")
    return folder


def import_under_c(site_packages: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Start Python in another folder under LC_ALL=C, read the .pth files of a folder as site does, import recount."""
    # ascii() and -S: neither the command line nor another .pth may help
    code = f"import site, sys; site.addsitedir({ascii(str(site_packages))}); import recount; print(recount.HERE)"
    env = {"LC_ALL": "C", "PATH": os.environ["PATH"]}
    return run(sys.executable, "-S", "-c", code, cwd=cwd, env=env)


def test_the_link_works_from_another_folder_under_a_bare_locale(checkout: Path, tmp_path: Path) -> None:
    site_packages = checkout / "build" / "venv" / "lib" / "python3.11" / "site-packages"
    site_packages.mkdir(parents=True)
    written = install.link(site_packages, checkout / "lib")
    assert written.read_bytes().isascii()
    assert not Path(written.read_text(encoding="ascii").strip()).is_absolute()
    assert import_under_c(site_packages, tmp_path).stdout == "True\n"


def test_the_link_survives_a_move_of_the_checkout(checkout: Path, tmp_path: Path) -> None:
    (checkout / "build" / "packages").mkdir(parents=True)
    install.link(checkout / "build" / "packages", checkout / "lib")
    moved = checkout.rename(tmp_path / "moved 上海")
    assert import_under_c(moved / "build" / "packages", tmp_path).stdout == "True\n"


def test_a_link_from_outside_the_checkout_is_ascii_too(checkout: Path, tmp_path: Path) -> None:
    outside = tmp_path / "packages"
    outside.mkdir()
    written = install.link(outside, checkout / "lib")
    assert written.read_bytes().isascii()
    assert import_under_c(outside, tmp_path).stdout == "True\n"


def test_an_ordinary_absolute_link_would_not_do(checkout: Path, tmp_path: Path) -> None:
    """The trap itself: if this begins to work, the escapes are no longer needed on this Python."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "recount.pth").write_text(f"{checkout / 'lib'}\n", encoding="utf-8")
    assert import_under_c(tmp_path / "plain", tmp_path).returncode != 0


def test_pip_install_editable_links_the_checkout(checkout: Path, tmp_path: Path) -> None:
    """The wheel of the build backend, unpacked as pip does, makes the same import work."""
    (checkout / "requirements").mkdir()
    for name in ("requirements/backend.py", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout / name)
    code = "import backend; print(backend.build_editable('.'))"
    made = run(sys.executable, "-c", code, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(checkout / "requirements")})
    assert made.returncode == 0, made.stderr
    shutil.unpack_archive(tmp_path / made.stdout.strip(), tmp_path / "packages", "zip")
    assert import_under_c(tmp_path / "packages", tmp_path).stdout == "True\n"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert (tmp_path / "packages" / f"recount-{version}.dist-info" / "RECORD").exists()


# --- the installer ---------------------------------------------------------------------------------------------------


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A folder that looks like an environment in which the groups core and site are complete."""
    folder = tmp_path / "venv"
    install.python_of(folder).parent.mkdir(parents=True)
    install.python_of(folder).touch()
    stamps = install.Stamps(folder)
    stamps.begin()
    stamps.finish(["core", "site"])
    return folder


def test_a_complete_group_is_not_installed_again(venv: Path) -> None:
    stamps = install.Stamps(venv)
    assert not stamps.stale()
    assert stamps.has("core") and stamps.has("site") and not stamps.has("test")
    assert install.install(venv, ["core", "site"]) is False


def test_an_interrupted_install_is_begun_anew(venv: Path) -> None:
    install.Stamps(venv).begin()
    assert install.Stamps(venv).stale()


@pytest.mark.parametrize("change", ["lock", "python", "place", "newest", "group gone"])
def test_another_lock_python_or_place_is_begun_anew(venv: Path, change: str) -> None:
    stamp = venv / "recount-stamps" / "core"
    first, python, *rest = stamp.read_text(encoding="utf-8").split("\n")
    if change == "lock":
        stamp.write_text("\n".join(["core.lock 0" + first[11:], python, *rest]), encoding="utf-8")
    elif change == "python":
        stamp.write_text("\n".join([first, "3.11.0", *rest]), encoding="utf-8")
    elif change == "place":
        venv = venv.rename(venv.with_name("moved"))
    elif change == "group gone":
        stamp.rename(stamp.with_name("formerly"))
    assert install.Stamps(venv, newest=change == "newest").stale()


def test_a_folder_that_is_no_environment_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(install.InstallError, match="is no virtual environment"):
        install.install(tmp_path / "letters", ["core"])
    assert (tmp_path / "letters" / "dear.txt").exists()


def test_an_unknown_group_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(install.InstallError, match=r"cores\.lock does not exist.*core, site, spark, tally, test"):
        install.install(tmp_path / "venv", ["cores"])
    assert not (tmp_path / "venv").exists()


# --- locks -----------------------------------------------------------------------------------------------------------


def without_hash(text: str) -> list[str]:
    """Entries of a lock that no hash follows, and lines that are neither an entry, a hash nor a comment."""
    entries = text.replace("\\\n", " ").splitlines()
    return [entry for entry in entries if entry.strip() and not entry.startswith("#") and not HASH.search(entry)]


def places(text: str) -> list[str]:
    """Whatever in a lock says where to fetch from: addresses, options other than a hash, local paths."""
    return re.findall(r"\S*://\S*|(?:^|\s)-{1,2}(?!hash=)[a-z][\w-]*|\S+ @ \S+|^[./]\S*", text, re.MULTILINE)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert without_hash(text) == []
    assert places(text) == []
    assert all(re.match(r"[a-z0-9.-]+==\S+ ", line) for line in text.splitlines() if not line.startswith((" ", "#")))


@pytest.mark.parametrize(
    "line",
    ["pandas==3.1.1", "-e .", "--index-url https://host.example/simple", "./wheel.whl", "pandas @ file:///wheel.whl"],
)
def test_what_a_lock_must_not_hold_is_found(line: str) -> None:
    text = LOCKS[0].read_text(encoding="utf-8") + line + "\n"
    assert without_hash(text) or places(text)


def versions(path: Path) -> dict[str, set[str]]:
    """Package → the versions a lock pins it to (more than one where it depends on the Python)."""
    pins = lock.pins(path.read_text(encoding="utf-8"))
    return {name: {part.split(" ;")[0] for part in pin.split(" | ")} for name, pin in pins.items()}


def test_there_is_one_lock_for_each_group() -> None:
    assert [path.stem for path in LOCKS] == sorted(lock.GROUPS) == sorted(path.stem for path in REQUIREMENTS.glob("*.in"))


def test_all_locks_agree_on_every_version() -> None:
    together: dict[str, set[str]] = {}
    for path in LOCKS:
        for name, found in versions(path).items():
            assert together.setdefault(name, found) == found, f"{path.name}: {name}"
    assert len(together) > 150


@pytest.mark.parametrize("group", sorted(lock.GROUPS))
def test_a_lock_holds_what_is_asked_for(group: str) -> None:
    wanted = lock.names((REQUIREMENTS / f"{group}.in").read_text(encoding="utf-8"))
    missing = {lock.normal(name) for name in wanted} - set(versions(REQUIREMENTS / f"{group}.lock"))
    assert not missing, f"{missing}: run `make locks`"


def test_requirements_txt_is_the_core_lock_by_name() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[-1] == "-e ."
    pins = dict(line.split("==") for line in lines[:-1])
    core = versions(REQUIREMENTS / "core.lock")
    assert {name: {version} for name, version in pins.items()} == {name: core[lock.normal(name)] for name in pins}
    assert set(pins) == set(lock.names((REQUIREMENTS / "core.in").read_text(encoding="utf-8")))


def test_the_readers_core_is_free_of_what_only_tests_site_and_tallies_need() -> None:
    heavy = {"sphinx", "altair", "duckdb", "ibis-framework", "pyspark", "playwright", "frictionless", "ruff"}
    assert not heavy & set(versions(REQUIREMENTS / "core.lock"))


def test_make_installs_everything_the_library_imports() -> None:
    """README names commands right after `make`; only the Spark engine is asked for by itself."""
    recipe = re.search(
        r"^install:\n\t.*build/venv ([a-z ]+?) \$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert recipe is not None
    installed = {name for group in recipe[1].split() for name in versions(REQUIREMENTS / f"{group}.lock")}
    names = set().union(*(imported(path.read_text(encoding="utf-8")) for path in (ROOT / "lib").rglob("*.py")))
    wanted = {name.partition(".")[0] for name in names} - {"", "recount", "pyspark", *sys.stdlib_module_names}
    packages = importlib.metadata.packages_distributions()
    missing = {name for name in wanted if not {lock.normal(one) for one in packages.get(name, [name])} & installed}
    assert {"duckdb", "pandas"} <= wanted and not missing


# --- commands --------------------------------------------------------------------------------------------------------


def targets() -> set[str]:
    """Targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def commands(text: str) -> set[str]:
    """Make targets that a text tells a person to type; plain ``make`` is ``all``."""
    fenced = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    typed = re.findall(r"`(make(?: [^`]*)?)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    typed += [
        line for block in fenced for line in re.findall(r"(?:^|&& |; )\s*\$? ?(make(?:[ \t][^#\n&;]*)?)", block, re.MULTILINE)
    ]
    words = [[word for word in line.split()[1:] if re.fullmatch(r"[a-z][a-z-]*", word)] for line in typed]
    return {target for line in words for target in (line[:1] or ["all"])}


def test_readme_gives_the_two_commands() -> None:
    assert {"all", "test"} <= commands((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_in_the_texts_exists(name: str) -> None:
    assert commands((ROOT / name).read_text(encoding="utf-8")) <= targets()


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_help_lists_the_documented_targets() -> None:
    said = run("make", "help", cwd=ROOT).stdout
    assert {"all", "test", "test-all", "lab", "bench", "refresh", "clean", "help"} <= set(re.findall(r"make ([a-z-]+)", said))


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_own_tallies_go_to_a_build_of_their_own(tmp_path: Path) -> None:
    """`make DATA=…` never writes where the published results are built; a shell variable of that name does nothing."""
    mine = run("make", "-n", "all", f"DATA={tmp_path}/my own", cwd=ROOT).stdout
    assert 'run --out "$PWD/build/user"' in mine and '--out "$PWD/build/user/site"' in mine and '"$PWD/build"' not in mine
    env = os.environ | {"DATA": "elsewhere"}
    assert 'run --out "$PWD/build"' in run("make", "-n", "all", cwd=ROOT, env=env).stdout


def test_no_published_command_uses_a_persons_own_tables() -> None:
    """Tests and `make refresh` unset what points at other tables or outputs."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("test", "test-all", "fresh", "refresh", "bench"):
        recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", text, re.MULTILINE)
        assert recipe and all("$(published)" in line for line in recipe[1].splitlines()), target


@pytest.mark.parametrize("name", [".ci/run", ".binder/postBuild"])
def test_scripts_can_be_started_and_parsed(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & stat.S_IXUSR
    assert run("bash", "-n", path).returncode == 0


def test_ci_and_the_workflow_run_the_two_commands() -> None:
    for name in (".ci/run", ".github/workflows/test.yml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.search(r"\bmake$", text, re.MULTILINE) and re.search(r"\bmake test\b", text), name
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))["jobs"]
    assert {
        step["with"]["python-version"]
        for job in jobs.values()
        for step in job["steps"]
        if "with" in step and "python-version" in step["with"]
    } == {"3.11"}


def test_binder_uses_the_locked_core_on_the_same_python() -> None:
    lines = (ROOT / ".binder/requirements.txt").read_text(encoding="utf-8").split()
    assert lines[0] == "-r" and (ROOT / ".binder" / lines[1]).resolve() == REQUIREMENTS / "core.lock"
    assert (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip() == "python-3.11"


# --- what kernels run under ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event, address", [("socket.connect", ("192.0.2.1", 80)), ("socket.getaddrinfo", "host.example")])
def test_no_python_of_the_tests_reaches_another_machine(event: str, address: object) -> None:
    """Raised by the hook itself: nothing is sent, not even by this test."""
    arguments = (None, address) if event == "socket.connect" else (address, 80, 0, 0, 0)
    said = run(sys.executable, "-c", f"import sys; sys.audit({event!r}, *{arguments!r})").stderr
    assert "the tests run without a network" in said


def test_this_machine_can_be_reached() -> None:
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()); print('ok')"
    assert run(sys.executable, "-c", code).stdout == "ok\n"


def test_kernels_see_the_library_of_this_checkout_and_no_settings_of_a_person() -> None:
    code = "import os, recount; print(recount.__file__); print(sorted(k for k in os.environ if k.startswith('RECOUNT_')))"
    said = run(sys.executable, "-c", code).stdout.splitlines()
    assert Path(said[0]).is_relative_to(ROOT / "lib")
    assert set(re.findall(r"RECOUNT_\w+", said[1])) <= {"RECOUNT_WITHOUT", "RECOUNT_STRICT_FIGURES"}
    assert date.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"])) == date(2025, 12, 6)


def test_nbval_is_strict(pytestconfig: pytest.Config) -> None:
    """Every cell is compared: no lax mode, no sanitiser, and notebooks cannot hang."""
    assert pytestconfig.getoption("nbval") and not pytestconfig.getoption("nbval_lax")
    assert not pytestconfig.getoption("nbval_sanitize_with")
    assert int(pytestconfig.getoption("nbval_cell_timeout")) <= 120
    assert pytestconfig.getoption("nbval_current_env")


# --- files about files -----------------------------------------------------------------------------------------------


def citation_problems(record: dict) -> list[str]:
    """What a reader of Citation File Format 1.2.0 would reject, of the fields used here."""
    known = {
        "abstract", "authors", "cff-version", "contact", "date-released", "doi", "identifiers", "keywords", "license",
        "message", "preferred-citation", "references", "repository", "repository-code", "title", "type", "url", "version",
    }  # fmt: skip
    problems = [f"unknown field {name}" for name in set(record) - known]
    problems += [f"no {name}" for name in ("authors", "cff-version", "message", "title") if not record.get(name)]
    problems += [
        f"{name} is no text"
        for name in ("cff-version", "message", "title", "version")
        if not isinstance(record.get(name, ""), str)
    ]
    problems += ["authors need a name each"] * any("name" not in author for author in record.get("authors", []))
    problems += ["type"] * (record.get("type", "software") not in ("software", "dataset"))
    problems += ["keywords repeat"] * (len(set(record.get("keywords", []))) != len(record.get("keywords", [])))
    return problems


def test_citation_file_is_valid_and_invents_no_address() -> None:
    record = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation_problems(record) == []
    assert record["cff-version"] == "1.2.0" and record["authors"] == [{"name": "Recount"}] and record["license"] == "MIT"
    assert not {"doi", "url", "repository", "repository-code"} & set(record)


@pytest.mark.parametrize("change", [{"title": ""}, {"authors": [{"alias": "x"}]}, {"version": 1.0}, {"colour": "red"}])
def test_a_broken_citation_file_is_found(change: dict) -> None:
    record = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation_problems(record | change)


def test_one_version_everywhere() -> None:
    import recount

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["version"] == citation["version"] == recount.__version__


def test_the_licence_file_names_all_three_kinds_of_terms() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "MIT License" in text and "CC BY 4.0" in text and "data/datapackage.json" in text


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_what_a_run_writes_is_ignored_by_git() -> None:
    written = [
        "build/outputs/results.json",
        "build/venv/pyvenv.cfg",
        ".venv/x",
        "lib/recount/__pycache__/x.pyc",
        ".hypothesis/x",
    ]
    written += ["notebooks/.ipynb_checkpoints/x.ipynb", ".pytest_cache/x", ".ruff_cache/x"]
    assert run("git", "check-ignore", *written, cwd=ROOT).stdout.splitlines() == written


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_no_tracked_file_names_a_place_to_fetch_packages_from() -> None:
    """The project installs from whatever index a person's own pip is set up for."""
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js.org", "deb." + "debian.org", "index" + "-url"]
    allowed = {"tests/test_infrastructure.py"}
    found = run("git", "grep", "-lIiF", *(part for host in hosts for part in ("-e", host)), cwd=ROOT).stdout.split()
    assert set(found) <= allowed
