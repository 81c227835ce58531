"""Puts what this project needs into a virtual environment of its own, says what it is doing, and skips what is done.

    python3.11 requirements/install.py build/venv core site     # from core.lock and site.lock, every file hash-checked
    python3.11 requirements/install.py build/venv core --newest # from core.in: the newest versions, no hashes
    python requirements/install.py --link                       # only: make `import recount` work for this Python

A group is stamped with its lock, the Python and the place once it is complete. What was interrupted, locked
otherwise or moved is built anew from an empty folder. Standard library only; runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
LIB = HERE.parent / "lib"
TESTED = (3, 11)
LINK = "recount.pth"
STEP_SECONDS = 5.0
NOT_OURS = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_NO_COMPILE", "PIP_REQUIRE_HASHES", "PYTHONHOME", "PYTHONPATH")
"""Settings of a person's shell that would send packages elsewhere or leave bytecode out."""


class InstallError(Exception):
    """What went wrong, and the remedy."""


def link_line(site_packages: Path, lib: Path = LIB) -> str:
    """The line of a ``.pth`` that puts ``lib`` on the path of every Python program.

    Relative, so that a moved checkout keeps working, and ASCII, because Python 3.11 reads ``.pth`` files in the
    encoding of the locale and does not start when it cannot. A path that must name a non-ASCII folder is escaped.
    """
    line = os.path.relpath(lib.resolve(), site_packages.resolve())
    return line if line.isascii() else f"import sys; sys.path.append({ascii(str(lib.resolve()))})"


def link(site_packages: Path, lib: Path = LIB) -> Path:
    """Make ``import recount`` work for the Python that owns ``site_packages``."""
    path = site_packages / LINK
    path.write_text(link_line(site_packages, lib) + "\n", encoding="ascii")
    return path


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages_of(venv: Path) -> Path:
    """The folder of a virtual environment that holds its packages."""
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


class Stamps:
    """What is known to be complete in a virtual environment."""

    def __init__(self, venv: Path, newest: bool = False) -> None:
        self.venv = venv
        self.suffix = ".in" if newest else ".lock"
        self.folder = venv / "recount-stamps"
        self.unfinished = self.folder / "unfinished"

    def source(self, group: str) -> Path:
        """The file that says what a group holds."""
        return HERE / (group + self.suffix)

    def text(self, group: str) -> str:
        """What a stamp must say for its group to count as installed."""
        source = self.source(group)
        digest = hashlib.sha256(source.read_bytes()).hexdigest() if source.exists() else "gone"
        return f"{source.name} {digest}\n{sys.version}\n{self.venv.resolve()}\n"

    def has(self, group: str) -> bool:
        """Is this group complete, from this very file, with this Python, in this place?"""
        stamp = self.folder / group
        return stamp.exists() and stamp.read_text(encoding="utf-8") == self.text(group)

    def stale(self) -> bool:
        """Must the folder be emptied: an interrupted install, a lock that changed since, another place or Python?"""
        if not python_of(self.venv).exists() or self.unfinished.exists() or not self.folder.is_dir():
            return True
        return not all(self.has(stamp.name) for stamp in self.folder.iterdir())

    def begin(self) -> None:
        """Note that an install is under way."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.unfinished.touch()

    def finish(self, groups: list[str]) -> None:
        """Note that these groups are complete."""
        for group in groups:
            (self.folder / group).write_text(self.text(group), encoding="utf-8")
        self.unfinished.unlink()


class Progress:
    """One line on a terminal that changes in place, or a new line every few seconds in a log."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.start = time.monotonic()
        self.shown = self.start
        self.live = sys.stdout.isatty()
        self.width = 0

    def say(self, what: str, last: bool = False) -> None:
        """Show what is going on, not more often than is readable."""
        now = time.monotonic()
        if not last and now - self.shown < (0.1 if self.live else STEP_SECONDS):
            return
        self.shown = now
        line = f"  {now - self.start:4.0f} s  {what}"
        if self.live:
            print("\r" + line.ljust(self.width), end="\n" if last else "", flush=True)
            self.width = len(line)
        else:
            print(line, flush=True)


def count(source: Path) -> int:
    """How many packages a lock or an ``.in`` file names."""
    return len(re.findall(r"^[A-Za-z0-9]", source.read_text(encoding="utf-8"), re.MULTILINE))


def environment() -> dict[str, str]:
    """The environment pip runs in: a person's own settings of where to fetch from stay, the rest is ours."""
    env = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
    env.pop("SOURCE_DATE_EPOCH", None)  # would make every .pyc be checked by content at each import
    return env | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_REQUIRE_VIRTUALENV": "0"}


def follow(stream: IO[str], progress: Progress, state: dict[str, object], log: list[str]) -> None:
    """Read pip's own lines and keep what it is at."""
    for line in stream:
        if not line.startswith("WARNING: Location"):  # one a package, where a configured folder is not there
            log.append(line.rstrip())
        if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)", line):
            state["fetched"] = int(state.get("fetched", 0)) + 1  # type: ignore[call-overload]
            state["what"] = f"fetching {state['fetched']} of at most {progress.total}: {found[1]}"
        elif line.startswith("Installing collected packages"):
            state["installing"] = line.count(",") + 1


def pip(venv: Path, arguments: list[str], total: int, kept: tuple[int, ...] = ()) -> None:
    """One run of pip in the virtual environment, with its progress; its own words are shown if it fails."""
    site_packages = site_packages_of(venv)
    before = len(list(site_packages.glob("*.dist-info")))
    command = [str(python_of(venv)), "-m", "pip", "install", "--compile", "--progress-bar", "off", *arguments]
    progress = Progress(total)
    state: dict[str, object] = {"what": "asking the package index"}
    log: list[str] = []
    process = subprocess.Popen(
        command, env=environment(), pass_fds=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    assert process.stdout is not None
    reader = threading.Thread(target=follow, args=(process.stdout, progress, state, log), daemon=True)
    reader.start()
    try:
        while process.poll() is None:
            if "installing" in state:
                done = len(list(site_packages.glob("*.dist-info"))) - before
                state["what"] = f"unpacking and compiling {max(done, 0)} of {state['installing']}"
            progress.say(str(state["what"]))
            time.sleep(0.1)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    reader.join()
    if process.returncode:
        print("\n".join(log[-25:]), file=sys.stderr)
        raise InstallError(
            f"pip ended with {process.returncode}; its last lines stand above. Remedy: see that a package index can be "
            "reached, then run the same command again: it begins anew, with what was fetched kept in pip's cache."
        )
    progress.say(f"{state.get('installing', 0)} packages installed", last=True)


@contextlib.contextmanager
def alone(venv: Path) -> Iterator[tuple[int, ...]]:
    """Only one install at a time in a virtual environment; a second one waits and says so.

    Yields what a child process must inherit so that the place stays taken until that process is gone as well.
    """
    venv.parent.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows
        yield ()
        return
    with open(venv.parent / f".{venv.name}.lock", "w", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"Another install into {venv} is under way; waiting for it …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield (handle.fileno(),)


def create(venv: Path) -> None:
    """An empty virtual environment in place of whatever was there."""
    if venv.exists():
        if not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
            raise InstallError(f"{venv} exists and is no virtual environment. Remedy: name another folder, or remove it.")
        shutil.rmtree(venv)
    made = subprocess.run([sys.executable, "-m", "venv", str(venv)], env=environment(), capture_output=True, text=True)
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        raise InstallError(
            f"{sys.executable} could not make a virtual environment. Remedy on Debian: apt-get install python3.11-venv."
        )


def warm_up(venv: Path) -> None:
    """Let Matplotlib list the fonts of this machine now, or its note about it would stand in the first notebook."""
    if "MPLCONFIGDIR" in os.environ:
        Path(os.environ["MPLCONFIGDIR"]).mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [str(python_of(venv)), "-c", "import matplotlib.font_manager"], env=environment(), stderr=subprocess.PIPE
        )


def install(venv: Path, groups: list[str], newest: bool = False) -> bool:
    """Bring ``venv`` to hold these groups; true if anything had to be done."""
    stamps = Stamps(venv, newest)
    for group in groups:
        if not stamps.source(group).exists():
            known = ", ".join(sorted(path.stem for path in HERE.glob("*.in")))
            raise InstallError(f"requirements/{stamps.source(group).name} does not exist. Remedy: name one of {known}.")
    with alone(venv) as kept:
        if stamps.stale():
            if venv.exists():
                print(f"{venv} is unfinished, moved or out of date: building it anew.", flush=True)
            create(venv)
        missing = [group for group in groups if not stamps.has(group)]
        if not missing:
            return False
        print(f"Installing {', '.join(missing)} into {venv} …", flush=True)
        stamps.begin()
        sources = [stamps.source(group) for group in missing]
        options = ["--upgrade"] if newest else ["--require-hashes"]
        pip(venv, [*options, *(part for source in sources for part in ("-r", str(source)))], sum(map(count, sources)), kept)
        link(site_packages_of(venv))
        if "core" in missing:
            warm_up(venv)
        stamps.finish(missing)
    return True


def main(arguments: list[str]) -> int:
    """The command line."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a locale that cannot show a path
    if sys.version_info < TESTED:
        here = ".".join(map(str, sys.version_info[:3]))
        print(f"This is Python {here}; Recount needs 3.11. Remedy: make PYTHON=/path/to/python3.11", file=sys.stderr)
        return 2
    if arguments == ["--link"]:
        print(link(Path(sysconfig.get_path("purelib"))))
        return 0
    newest = "--newest" in arguments
    words = [word for word in arguments if word != "--newest"]
    if len(words) < 2 or any(word.startswith("-") for word in words):
        print(__doc__, file=sys.stderr)
        return 2
    if sys.version_info[:2] != TESTED:
        print("Note: the numbers of this project are tested on Python 3.11 only.", file=sys.stderr)
    try:
        install(Path(words[0]), words[1:], newest)
    except InstallError as error:
        print(f"requirements/install.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next run begins anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
