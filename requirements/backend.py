"""Build backend behind ``pip install -e .``: the checkout itself becomes importable, from any folder.

It needs nothing from a package index. An ordinary editable install writes the absolute path of the checkout into a
``.pth`` file, which Python 3.11 reads in the encoding of the locale: in a folder with Chinese characters it then
does not even start under ``LC_ALL=C``. The path is therefore written in ASCII escapes (see ``install.py``, whose
relative link a pre-built wheel cannot use: it does not know where it will be unpacked).
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _wheel(folder: str, files: dict[str, str]) -> str:
    project = _project()
    stem = f"{project['name']}-{project['version']}"
    info = f"{stem}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        f"Summary: {project['description']}\nRequires-Python: {project['requires-python']}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: recount\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(Path(folder) / f"{stem}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, text in files.items():
            data = text.encode("utf-8")
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(data)}\n"
            wheel.writestr(name, data)
        wheel.writestr(f"{info}/RECORD", record + f"{info}/RECORD,,\n")
    return f"{stem}-py3-none-any.whl"


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """A wheel that holds nothing but the link to ``lib/``."""
    return _wheel(wheel_directory, {"recount.pth": f"import sys; sys.path.append({ascii(str(ROOT / 'lib'))})\n"})


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """Refused: the library is nothing without the tables beside it."""
    raise SystemExit("Recount is used from its checkout, with the tables beside it. Remedy: pip install -e .")


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """Refused, for the same reason."""
    raise SystemExit("Recount is published as its repository, not as a package. Remedy: pip install -e . in a checkout.")
