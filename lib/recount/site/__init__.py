"""The rendered site: an executed run → a folder of static pages that work from disk and load nothing from elsewhere.

:func:`build` writes the pages' sources to a temporary folder, lets Sphinx render them with the configuration in
``site/``, adds the files a reader takes away, and puts the result in place as a whole.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from string import Template
from typing import Any

from recount import __version__, figures, records, registry, tables
from recount.project import project
from recount.site import built as builds
from recount.site import catalogue, explorer, notebooks, pages
from recount.site.built import Built
from recount.site.markup import raw, slug
from recount.tables import RecountError

TITLE = "The Pudong AI talent report, recounted"
GENERATED = {
    "figures": "Figures",
    "data": "Data",
    "sources": "Sources",
}


def build(build: Path, out: Path) -> Path:
    """Render the site of a run.

    Args:
        build: folder of the run, as given to ``python -m recount run --out``.
        out: folder of the site; what was there is replaced once the new one is complete.

    Raises:
        RecountError: there is no run, the folder of the configuration is missing, or Sphinx has something to complain about.
    """
    run = builds.read(build)
    house = tables.data_dir().parent / "site"
    if not (house / "conf.py").is_file():
        raise RecountError(f"{house}: holds no conf.py. Remedy: restore the folder site/ with git.")
    out.parent.mkdir(parents=True, exist_ok=True)
    # Vega takes seconds to bundle, outside Python: the pages are made meanwhile
    with ThreadPoolExecutor(1) as other, tempfile.TemporaryDirectory(prefix=".site-", dir=out.parent) as name:
        vega = other.submit(_vega)
        work = Path(name)
        static, done = work / "static", work / "html"
        static.mkdir()
        thumbnails = _files(run, done)
        _sources(run, house, work / "source", thumbnails)
        _scripts(static, vega.result())
        _sphinx(run, house, work, static, done)
        _replace(done, out)
    return out


def _sources(run: Built, house: Path, source: Path, thumbnails: dict[str, tuple[int, int]]) -> None:
    """Every page as MyST Markdown or as a notebook."""
    (source / "notebooks").mkdir(parents=True)
    (source / "explore").mkdir()
    for path in sorted(house.glob("*.md")):
        text = Template(path.read_text(encoding="utf-8")).substitute(_configured())
        (source / path.name).write_text(text, encoding="utf-8")
    named = titles(run)
    words = {path.stem: named[f"notebooks/{path.stem}"]["words"] for path in run.notebooks}
    for path in run.notebooks:
        text = json.dumps(notebooks.page(run, path, words[path.stem]), ensure_ascii=False)
        (source / "notebooks" / path.name).write_text(text, encoding="utf-8")
    listed = [f"notebooks/{path.stem}" for path in run.notebooks]
    trees = _toctree([*listed, "explore/index", *GENERATED, "about"])
    _page(source / "index.md", TITLE, pages.front(run, words), trees)
    _page(source / "explore" / "index.md", "Change an assumption", explorer.index(run), _toctree(list(run.studies)))
    for id, study in run.studies.items():
        page = f"explore/{id}"
        _page(source / f"{page}.md", named[page]["title_en"], explorer.page(run, study))
    body = {
        "figures": pages.figures_page(run, thumbnails),
        "data": catalogue.data_page(run),
        "sources": catalogue.sources_page(run),
    }
    for name, title in GENERATED.items():
        _page(source / f"{name}.md", title, body[name])


def _configured() -> dict[str, str]:
    """What the hand-written pages say of the repository: its address and the services that run it, or how to set it."""
    ours = project()
    if not ours.address:
        return {
            "configured_en": "Each notebook can be downloaded from its page. This copy of the site has no public address of a repository, hence no "
            "links to Binder or Colab (whoever publishes it sets one: CONTRIBUTING.md, “The site's address”).",
            "configured_zh": "每本笔记本可在其页面下载。本网站副本没有公开的仓库地址，因此没有Binder和Colab链接（由发布者设置，见CONTRIBUTING.md）。",
        }
    services = ours.doors("notebooks/00_start_here.ipynb")
    links = ", ".join(f"[{en}]({url})" for url, en, _ in services)
    links_zh = "、".join(f"[{zh}]({url})" for url, _, zh in services)
    return {
        "configured_en": f"Repository: <{ours.address}>, tag `{ours.tag}`. {links}. In Colab, first run a cell with "
        f"`!git clone --depth 1 --branch {ours.tag} {ours.address} && pip install -e {ours.address.rsplit('/', 1)[-1]}`.",
        "configured_zh": f"仓库：<{ours.address}>，标签`{ours.tag}`。{links_zh}。在Colab中请先运行"
        f"`!git clone --depth 1 --branch {ours.tag} {ours.address} && pip install -e {ours.address.rsplit('/', 1)[-1]}`。",
    }


def titles(run: Built) -> dict[str, dict[str, str]]:
    """Page → ``nav_en``, ``nav_zh``, ``title_zh`` (and ``title_en`` where it is made here), from site/titles.csv; for a
    notebook also ``words``, by which a reader may look for its claims though they do not use them.

    A notebook that is not listed keeps its own title, so that a new one needs nothing but itself.
    """
    with open(tables.data_dir().parent / "site" / "titles.csv", encoding="utf-8", newline="") as handle:
        found = {row["page"]: row for row in csv.DictReader(handle)}
    for path in run.notebooks:
        title = notebooks.title(path)
        short = title.partition("· ")[2] or title
        found.setdefault(f"notebooks/{path.stem}", {"nav_en": short, "nav_zh": short, "title_zh": title, "words": ""})
    for id, study in run.studies.items():
        about = found[f"notebooks/{registry.claim(next(iter(study['judged']))).notebook}"]
        found[f"explore/{id}"] = {
            "nav_en": id, "nav_zh": id,
            "title_en": f"Change an assumption: {about['nav_en']} ({id})", "title_zh": f"换一种算法：{about['nav_zh']}（{id}）",
        }  # fmt: skip
    return found


def _page(path: Path, title: str, html: str, more: str = "") -> None:
    path.write_text(f"---\nhide-toc: true\nwide: true\n---\n# {title}\n\n{raw(html)}\n{more}", encoding="utf-8")


def _toctree(names: list[str]) -> str:
    return "```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that keeps its names to itself."""
    import vl_convert

    return f"(function () {{\n{vl_convert.javascript_bundle()}\n}})();\n"


def _scripts(static: Path, vega: str) -> None:
    """What the pages run on: Vega, once for the whole site, the decision table, and the verdicts' colours."""
    (static / "vega.js").write_text(vega, encoding="utf-8")
    (static / "verdicts.css").write_text(_colours(), encoding="utf-8")
    table = json.dumps(explorer.decision(), ensure_ascii=False, separators=(",", ":"))
    (static / "decision.js").write_text(f"window.RECOUNT_DECISION = {table};\n", encoding="utf-8")


def _colours() -> str:
    """The verdicts' colours as the figures have them, dark enough for white text on them, and lighter for text in the dark."""
    lines = []
    for verdict, look in figures.VERDICTS.items():
        names = f".v-{slug(verdict)}, .recount-{slug(verdict)}"
        lines.append(f"{names} {{ --verdict: {figures.ink(look.colour)}; --verdict-text: {figures.ink(look.colour, 5.5)}; }}")
        light = f"{{ --verdict-text: color-mix(in srgb, {look.colour} 55%, white); }}"
        dark = ", ".join(f'body[data-theme="dark"] {name}' for name in names.split(", "))
        auto = ", ".join(f'body:not([data-theme="light"]) {name}' for name in names.split(", "))
        lines.append(f"@media not print {{ {dark} {light} @media (prefers-color-scheme: dark) {{ {auto} {light} }} }}")
    return "\n".join(lines) + "\n"


def _files(run: Built, done: Path) -> dict[str, tuple[int, int]]:
    """What a reader takes away, and the pictures; returns figure id → size of its thumbnail."""
    for part in ("figures/thumbs", "figures/screen", "notebooks"):
        (done / part).mkdir(parents=True, exist_ok=True)
    for id in run.figures:
        for path in (run.outputs / "figures").glob(f"{id}.*"):
            shutil.copyfile(path, done / "figures" / path.name)
    thumbnails = {}
    for path in run.notebooks:
        shutil.copyfile(path, done / "notebooks" / path.name)
        for id, picture in notebooks.screen_pictures(path).items():
            small = notebooks.thumbnail(picture)
            (done / "figures" / "thumbs" / f"{id}.webp").write_bytes(small)
            thumbnails[id] = notebooks.pixels(small)
            if notebooks.picture(run, id, 768)[0].startswith("figures/screen/"):
                (done / "figures" / "screen" / f"{id}.png").write_bytes(picture)
    for name in ("results.json", "claims.json", "figures.json", "claimreview.jsonld"):
        shutil.copyfile(run.outputs / name, done / name)
    table = {key: value for key, value in explorer.decision().items() if key in ("inputs", "table", "steady")}
    (done / "decision.json").write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    data = tables.data_dir()
    for name in tables.table_names():
        path = data / tables.resource(name)["path"]
        target = done / "data" / tables.resource(name)["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(data / "datapackage.json", done / "data" / "datapackage.json")
    citation = data.parent / "CITATION.cff"
    if citation.is_file():
        shutil.copyfile(citation, done / "CITATION.cff")
    return thumbnails


def _sphinx(run: Built, house: Path, work: Path, static: Path, done: Path) -> None:
    """Render; every warning is an error."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    settings: dict[str, Any] = {
        "html_static_path": [str(house / "_static"), str(static)],
        "html_context": {"recount": _context(run)},
    }
    with patch_docutils(str(house)), docutils_namespace():
        app = Sphinx(
            work / "source", house, done, work / "doctrees", "html", settings, status=None, warning=said, freshenv=True,
        )  # fmt: skip
        app.build(force_all=True)
    if app.statuscode or said.getvalue().strip():
        lines = said.getvalue().replace(str(work / "source") + "/", "").strip()
        raise RecountError(f"the site has faults:\n{lines}\nRemedy: correct the page or notebook that is named.")


def _context(run: Built) -> dict[str, Any]:
    """What the templates and the configuration need to know of the run."""
    claims, reviews, named = {}, {}, titles(run)
    for path in run.notebooks:
        judged = [run.claims[claim.id] for claim in run.of_notebook(path.stem) if claim.id in run.claims]
        page = f"notebooks/{path.stem}"
        if judged:
            claims[page] = [
                (c["id"], records.symbol(c["verdict"], c["indication"]), c["verdict"], c["verdict_zh"]) for c in judged
            ]
            graph = {"@context": "https://schema.org", "@graph": [run.reviews[c["id"]] for c in judged]}
            reviews[page] = json.dumps(graph, ensure_ascii=False).replace("</", "<\\/")
    return {
        "version": __version__, "published": run.published, "pages": [f"notebooks/{path.stem}" for path in run.notebooks],
        "claims": claims, "reviews": reviews, "titles": named, "titles_by_page": {page: one["title_zh"] for page, one in named.items()},
    }  # fmt: skip


def _replace(done: Path, out: Path) -> None:
    for name in (".buildinfo", "objects.inv"):
        (done / name).unlink(missing_ok=True)
    shutil.rmtree(done / "_sources", ignore_errors=True)  # copies of the generated pages' sources
    if out.exists():
        if any(out.iterdir()) and not (out / "index.html").is_file():
            raise RecountError(f"{out}: holds other things than a site. Remedy: name an empty or a new folder.")
        shutil.rmtree(out)
    done.replace(out)
