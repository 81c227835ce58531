"""What every test, and every kernel that nbval starts, runs under: the checkout's library, no network, fixed settings.

Kernels inherit the environment set here, so that a notebook gives the same output on every machine.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent
CACHE = ROOT / "build" / "cache"

for name in [name for name in os.environ if name.startswith("RECOUNT_") and name != "RECOUNT_WITHOUT"]:
    del os.environ[name]  # the published tables and outputs are tested, whatever a person's shell says
os.environ |= {
    "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT / "lib")]),
    "PYTHONHASHSEED": "0",
    "RECOUNT_STRICT_FIGURES": "1",  # texts of a figure that overlap or run off are an error
    "SOURCE_DATE_EPOCH": "1764979200",  # 2025-12-06, the day of the report
    "TZ": "UTC",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": str(CACHE / "matplotlib"),
    "IPYTHONDIR": str(CACHE / "ipython"),
}
runpy.run_path(str(ROOT / "tests" / "offline" / "sitecustomize.py"))  # the tests themselves stay offline as well

# a slow machine is no defect: what takes long is measured in bench/, never in a test
hypothesis.settings.register_profile("recount", deadline=None)
hypothesis.settings.load_profile("recount")

collect_ignore_glob = ["build/*", "tests/*.ipynb"]  # notebooks below tests/ are material, not tests

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome; ``CHROMIUM`` names one that is elsewhere."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def find_java() -> str | None:
    """Path of the Java that Spark would use."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java")


def missing_part(item: pytest.Item) -> tuple[str, str] | None:
    """The optional part of the machine that a test needs and does not find, with the remedy."""
    if item.get_closest_marker("browser") and not find_chromium():
        return "browser", "no Chromium here. Remedy: apt-get install chromium, or CHROMIUM=/path/to/it"
    if item.get_closest_marker("spark") or "spark" in getattr(item, "fixturenames", ()):
        if not find_java():
            return "spark", "no Java here. Remedy: install a Java 17 runtime (Debian: openjdk-17-jre-headless)"
        try:
            import pyspark  # noqa: F401
        except ImportError:
            return "spark", "PySpark is not installed. Remedy: make test-all, which installs requirements/spark.lock"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine has no means for; on CI that is a failure unless the run has announced it."""
    found = missing_part(item)
    if found is None:
        return
    part, reason = found
    announced = part in os.environ.get("RECOUNT_WITHOUT", "").split(",")
    if os.environ.get("CI") == "true" and not announced:
        pytest.fail(f"CI must run this, but there is {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With ``-n 2`` the cells of a notebook stay on one worker and in order, where xdist would scatter them."""
    if getattr(config.option, "dist", None) == "no":
        config.option.dist = "loadfile"


def pytest_report_header() -> str:
    """Say at the top which optional parts the run has."""
    parts = {"Chromium": find_chromium(), "Java": find_java()}
    return "recount: " + ", ".join(f"{name}: {path or 'none'}" for name, path in parts.items())


def pytest_configure(config: pytest.Config) -> None:
    """Let Matplotlib list the fonts before a notebook does, or its note about it would stand in an output."""
    folder = CACHE / "matplotlib"
    if not hasattr(config, "workerinput") and not list(folder.glob("fontlist*.json")):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], stderr=subprocess.DEVNULL, check=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium to drive (Playwright's ``executable_path``); needs the mark ``browser``."""
    path = find_chromium()
    assert path, "a test that uses the fixture `chromium` needs @pytest.mark.browser"
    return path
