"""Every ``requirements/*.in`` → a hash-locked ``*.lock``, and ``requirements.txt`` from the readers' core.

For maintainers: ``make locks`` keeps the pins that still fit, ``make locks UPGRADE=1`` takes the newest of all.
All files are resolved together first and then one by one within that answer, so that any two of them fit into
one environment. The locks hold for every platform, hold a hash for every file and name no place to fetch from.
Needs ``uv`` on the PATH or beside the Python that runs this.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = "3.11"
GROUPS = ("core", "site", "tally", "test", "spark")
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)( ; [^\\\n]*[^\s\\])?\s*\\?$", re.MULTILINE)

HEAD = """\
# Exact versions of what the notebooks use; `make locks` writes this file, with requirements/core.lock beside it.
#
#     python3.11 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/jupyter lab
#
# The last line makes `import recount` work from any directory. `make` does not use this file: it installs the
# hash-locked files of requirements/.
"""


def pins(text: str) -> dict[str, str]:
    """Package name → what a lock pins it to: a version, with ``; marker`` where it depends on the machine.

    A package that is pinned more than once, for one Python and for another, has its lines joined by `` | ``.
    """
    found: dict[str, str] = {}
    for name, version, marker in PIN.findall(text):
        pin = f"{version}{marker}"
        found[normal(name)] = f"{found[normal(name)]} | {pin}" if normal(name) in found else pin
    return found


def normal(name: str) -> str:
    """Name of a package as the locks write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(text: str) -> list[str]:
    """Packages named by an ``.in`` file, as written there, without extras, bounds and includes."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [re.split(r"[\[<>=!~; ]", line)[0] for line in lines if line and not line.startswith("-")]


def compile_(uv: str, sources: list[Path], out: Path, *more: str) -> None:
    """One run of ``uv pip compile``."""
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", PYTHON, "--fork-strategy", "fewest"]
    command += ["--no-annotate", "--no-header", "--output-file", str(out), *more, *map(str, sources)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main(upgrade: bool) -> int:
    """Write all locks and ``requirements.txt``."""
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        print("requirements/lock.py: uv is not installed. Remedy: pip install uv, then run this again.", file=sys.stderr)
        return 2
    locks = {group: HERE / f"{group}.lock" for group in GROUPS}
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "together.txt"
        known = "\n".join(lock.read_text(encoding="utf-8") for lock in locks.values() if lock.exists())
        lines = sorted({f"{name}=={version}{marker}\n" for name, version, marker in PIN.findall(known)})
        together.write_text("".join(lines), encoding="utf-8")
        compile_(uv, [HERE / f"{group}.in" for group in GROUPS], together, *(["--upgrade"] if upgrade else []))
        for group, lock in locks.items():
            fresh = Path(folder) / lock.name
            compile_(uv, [HERE / f"{group}.in"], fresh, "--generate-hashes", "--constraints", str(together))
            head = f"# Written by `make locks` from requirements/{group}.in: every version and every hash. Do not edit.\n"
            lock.write_text(head + fresh.read_text(encoding="utf-8"), encoding="utf-8")
            print(f"{len(pins(lock.read_text(encoding='utf-8'))):4} pins  {lock.relative_to(HERE.parent)}")
    core = pins(locks["core"].read_text(encoding="utf-8"))
    wanted = names((HERE / "core.in").read_text(encoding="utf-8"))
    lines = [f"{name}=={core[normal(name)]}\n" for name in sorted(wanted, key=str.lower)]
    (HERE.parent / "requirements.txt").write_text(HEAD + "".join(lines) + "-e .\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(upgrade="--upgrade" in sys.argv[1:]))
