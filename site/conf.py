"""Sphinx configuration of the site; :func:`recount.site.build` calls Sphinx with it and passes ``html_context["recount"]``.

Everything works from disk: no page loads anything from elsewhere.
"""

from __future__ import annotations

import html
import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

project = "Recount"
author = "Recount"
copyright = ""
language = "en"
extensions = ["myst_nb"]
templates_path = ["_templates"]
exclude_patterns = ["jupyter_execute"]
suppress_warnings = ["mystnb.unknown_mime_type"]  # a record's JSON stands beside its HTML

nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "Show code"
nb_code_prompt_hide = "Hide code"
myst_enable_extensions = ["colon_fence"]

html_theme = "furo"
html_title = "Recount"
html_css_files = ["recount.css", "verdicts.css"]
html_js_files = ["recount.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = False
html_domain_indices = False
html_search_language = "en-zh"
html_show_search_summary = False  # would fetch every page, which a browser refuses from disk
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_theme_options = {"light_css_variables": {}, "dark_css_variables": {}}


class SearchEnglishAndChinese(SearchEnglish):
    """English words as Sphinx stems them, Chinese as single characters and pairs: a query of any length then finds its text.

    Sphinx' own splitter for Chinese needs a dictionary, and its script does not run; the one for Japanese cuts Chinese
    words at the wrong places. The script below splits a query in the same way.
    """

    lang = "en-zh"
    js_splitter_code = """
function splitQuery(query) {
  const found = [];
  for (const part of query.match(/[\\u3400-\\u9fff]+|(?:(?![\\u3400-\\u9fff])[\\p{L}\\p{N}_])+/gu) || []) {
    if (part.length === 1 || !/[\\u3400-\\u9fff]/.test(part)) found.push(part);
    else for (let at = 0; at + 1 < part.length; at++) found.push(part.slice(at, at + 2));
  }
  return found;
}
"""

    def split(self, input: str) -> list[str]:
        """Words of a text: English as they stand, Chinese as single characters and as pairs of neighbours."""
        found: list[str] = []
        for part in re.findall(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+", input):
            if re.match(r"[\u3400-\u9fff]", part):
                found += part
                found += [part[at : at + 2] for at in range(len(part) - 1)]
            else:
                found.append(part)
        return found


FOLDED = """<details class="admonition hide above-input">
<summary aria-label="Toggle hidden content">
<p class="collapsed admonition-title">Show code</p>
<p class="expanded admonition-title">Hide code</p>
</summary>"""
"""How myst-nb folds the source of a cell."""


def both(en: str, zh: str) -> str:
    """Plain texts in both languages, as HTML."""
    return f'<span class="l-en" lang="en">{html.escape(en)}</span><span class="l-zh" lang="zh">{html.escape(zh)}</span>'


def navigation(app: Sphinx) -> list[dict[str, Any]]:
    """Groups of pages for the sidebar, in reading order."""
    pages = app.config.html_context["recount"]["pages"]
    groups = [
        ("", "", ["index", *(p for p in pages if p.endswith("00_start_here"))]),
        ("Claims", "说法", [p for p in pages if re.match(r"notebooks/(?!00|99)\d\d_", p)]),
        ("", "", [p for p in pages if p.endswith("99_scoreboard")]),
        ("Take away", "取用", ["explore/index", "figures", "data", "sources", "about"]),
    ]
    return [
        {"caption": both(en, zh) if en else "", "pages": [(page, short(app, page)) for page in names]}
        for en, zh, names in groups
        if names
    ]


def short(app: Sphinx, page: str) -> str:
    """Name of a page in the sidebar."""
    number = re.match(r"notebooks/(\d\d)_", page)
    name = app.config.html_context["recount"]["titles"][page]
    lead = f'<span class="number">{number[1]}</span> ' if number and number[1] not in ("00", "99") else ""
    return lead + both(name["nav_en"], name["nav_zh"])


def in_both(app: Sphinx, page: str, title: str) -> str:
    """A page's title in both languages, as HTML."""
    named = app.config.html_context["recount"]["titles"].get(page)
    return both(html.unescape(title), named["title_zh"]) if named else title


def context(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """What the templates need beside what Sphinx gives them."""
    given = app.config.html_context["recount"]
    context["navigation"] = navigation(app)
    context["claimreview"] = given["reviews"].get(page, "")
    title = context.get("title", "")
    if "body" in context and title:
        context["body"] = context["body"].replace(f"<h1>{title}<", f"<h1>{in_both(app, page, title)}<", 1)
    folded = f'<details class="code"><summary>{both("Code", "代码")}</summary>'
    context["body"] = context.get("body", "").replace(FOLDED, folded)
    claims = given["claims"].get(page, [])
    if claims and context.get("toc"):
        items = "".join(
            f'<li><a class="reference internal" href="#{id}">{id} '
            f'<span aria-hidden="true">{sign}</span> {both(en, zh)}</a></li>'
            for id, sign, en, zh in claims
        )
        context["toc"] = re.sub(r"(<ul>\s*<li>.*?)(<ul>)", rf"\1\2{items}", context["toc"], count=1, flags=re.DOTALL)
    for name in ("prev", "next"):
        if context.get(name):
            near = app.env.relations_of[page][name] if hasattr(app.env, "relations_of") else None
            context[name] = {**context[name], "title": neighbour(app, near, context[name]["title"])}


def neighbour(app: Sphinx, page: str | None, title: str) -> str:
    """Title of the page before or after."""
    return in_both(app, page, title) if page else title


def relations(app: Sphinx, env: Any) -> None:
    """Keep which page follows which, to name them in both languages."""
    env.relations_of = {page: {"prev": near[1], "next": near[2]} for page, near in env.collect_relations().items()}


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_search_language(SearchEnglishAndChinese)
    app.connect("env-updated", relations)
    app.connect("html-page-context", context)
