"""The explorer decides in the browser as the library does: every specification, every reading, every study."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from visits import SITE

from recount import registry, verdicts, wording
from recount.hedges import Interval, position
from recount.multiverse import Robustness
from recount.site import explorer
from recount.site.built import Built

STUDIES = sorted(path.stem for path in (SITE / "explore").glob("*.html") if path.stem != "index")
EVERYTHING = """() => {
  const R = window.Recount, out = {};
  for (const [id, claim] of Object.entries(R.study.claims)) {
    out[id] = {};
    for (const name of Object.keys(claim.readings)) {
      const all = R.together(R.study, id, name);
      out[id][name] = {
        together: [all.rule, all.verdict, all.indication, all.position, all.kind, all.total, all.inside],
        alone: R.study.choices.map((_, at) => {
          const one = R.alone(R.study, id, name, at);
          return [one.rule, one.verdict, one.indication, one.position, ...one.text];
        }),
      };
    }
  }
  return out;
}"""


placed = functools.cache(position)
"""Thousands of specifications share a few hundred estimates."""


@dataclass
class Recorded:
    """A study as recorded, with what :func:`recount.verdicts.steadiness` asks of it."""

    record: dict[str, Any]

    @property
    def questions(self) -> list[str]:
        return self.record["questions"]

    @functools.cached_property
    def frame(self) -> pd.DataFrame:
        specs, rows = self.record["specs"], []
        for question, values in specs["estimates"].items():
            for value, counts in zip(map(explorer.interval, values), specs["counted"], strict=True):
                low, high = (math.nan, math.nan) if value is None else (value.low, value.high)
                rows.append((question, low, high, counts and value is not None))
        return pd.DataFrame(rows, columns=["question", "low", "high", "counted"])

    def robustness(self, reading: Any, question: str) -> Robustness:
        specs = self.record["specs"]
        counted = [
            explorer.interval(one) for one, counts in zip(specs["estimates"][question], specs["counted"], strict=True) if counts
        ]
        found = [one for one in counted if one is not None]
        where = {name: [placed(one, getattr(reading, name)) for one in found] for name in ("narrow", "default", "wide")}
        inside = where["default"].count("inside")
        return Robustness(
            total=len(found),
            inside_narrow=where["narrow"].count("inside"),
            inside_default=inside,
            inside_wide=where["wide"].count("inside"),
            straddling=where["default"].count("straddling"),
            outside_wide=where["wide"].count("outside"),
            share_inside=inside / len(found) if found else math.nan,
            not_computable=len(counted) - len(found),
        )


def inputs(record: dict[str, Any], claim: registry.Claim, name: str, value: Interval | None, robustness: str) -> dict[str, str]:
    """What the decision table is asked when the printed number is read as ``name`` says."""
    reading, readings = explorer.read_as(claim, name), "agree"
    if name == "default" and claim.second_reading is not None:
        same = verdicts.place(value, claim.reading) == verdicts.place(value, claim.second_reading)
        readings = "agree" if same else "differ"
    return {**record["inputs"], "position": verdicts.place(value, reading), "robustness": robustness, "readings": readings}


@pytest.mark.browser
@pytest.mark.parametrize("name", STUDIES)
def test_browser_and_library_decide_alike(visit, run: Built, name: str):
    study = run.studies[name]
    shown = visit.open(f"explore/{name}.html").evaluate(EVERYTHING)
    assert set(shown) == {id for id in study["judged"] if id in run.claims}
    recorded = Recorded(study)
    for id, by_reading in shown.items():
        record, claim, question = run.claims[id], registry.claim(id), study["judged"][id]
        values = [explorer.interval(one) for one in study["specs"]["estimates"][question]]
        assert set(by_reading) == {one for one in explorer.READINGS if explorer.read_as(claim, one) is not None}
        for reading, found in by_reading.items():
            outcomes = {}
            for value in set(values):  # a few hundred different estimates, thousands of specifications
                asked = inputs(record, claim, reading, value, "single")
                row = verdicts.decide(**asked)
                outcomes[value] = [row.name, row.verdict, row.indication, asked["position"]]
            assert [one[:4] for one in found["alone"]] == [outcomes[value] for value in values], f"{id}, read as {reading}"
            assert found["alone"][0][4:] == [record["estimate_en"], record["estimate_zh"]]
            kind, counts = verdicts.steadiness(recorded, explorer.read_as(claim, reading), question)
            asked = inputs(record, claim, reading, values[0], kind)
            row = verdicts.decide(**asked)
            expected = [
                row.name,
                row.verdict,
                row.indication,
                asked["position"],
                kind,
                counts["specifications"],
                counts["inside_default"],
            ]
            assert found["together"] == expected, f"{id}, read as {reading}"
        published = [record["rule"], record["verdict"], record["indication"], record["position"]]
        assert by_reading["default"]["together"][:4] == published, f"{id}: the explorer's start is the published verdict"
        assert by_reading["default"]["together"][5:] == [record["specifications_total"], record["specifications_inside"]]


@pytest.mark.browser
def test_every_study_of_the_run_has_a_page(run: Built, site):
    assert sorted(run.studies) == STUDIES


def choose_other_verdict(page: Any) -> dict[str, str] | None:
    """Select the first single choice that changes the verdict shown; what was on the page before and after."""
    before = page.inner_text(".alone .verdict")
    for field in page.locator("select[data-axis]").all():
        for value in field.locator("option").evaluate_all("all => all.map(one => one.value)"):
            field.select_option(value)
            if page.is_hidden(".impossible") and page.inner_text(".alone .verdict") != before:
                return {"before": before, "after": page.inner_text(".alone .verdict")}
            page.click(".reset")
    return None


@pytest.mark.browser
def test_a_choice_moves_estimate_and_verdict_and_a_link_restores_it(visit, browser, site):
    moved = None
    for name in STUDIES:
        page = visit.open(f"explore/{name}.html")
        estimate_before = page.inner_text(".estimate")
        moved = choose_other_verdict(page)
        if moved:
            break
    assert moved, "no study has a single choice that changes the verdict"
    assert page.inner_text(".estimate") != estimate_before
    assert page.locator(".field.changed").count() == 1
    link, shown = page.url, page.inner_text(".alone")
    assert "#claim=" in link
    other = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    again = other.new_page()
    again.goto(link)
    assert again.inner_text(".alone") == shown
    other.close()
    page.click(".reset")
    assert page.inner_text(".alone .verdict") == moved["before"]
    assert visit.said == []


@pytest.mark.browser
def test_another_reading_moves_the_place_of_the_estimate(visit, run: Built):
    for name in STUDIES:
        page = visit.open(f"explore/{name}.html")
        seen = set()
        for value in page.locator("#reading option:not([disabled])").evaluate_all("all => all.map(one => one.value)"):
            page.select_option("#reading", value)
            seen.add(page.inner_text(".position"))
        if len(seen) > 1:
            return
    pytest.fail("no reading of any claim moves the place of its estimate")


@pytest.mark.browser
def test_the_chosen_specification_is_lit_on_the_curve(visit):
    page = visit.open(f"explore/{STUDIES[0]}.html")
    page.wait_for_selector(".explorer[data-drawn] .curve canvas")
    ring = lambda: page.locator(".curve canvas").screenshot()  # noqa: E731
    first = ring()
    field = page.locator("select[data-axis]").first
    for value in field.locator("option").evaluate_all("all => all.map(one => one.value)"):
        field.select_option(value)
        page.wait_for_timeout(200)
        if ring() != first:
            return
    pytest.fail("the curve does not change with the choice")


@pytest.mark.browser
def test_choices_that_cannot_stand_together_are_said_so_and_the_nearest_offered(visit, run: Built):
    for name, study in run.studies.items():
        possible = {tuple(spec) for spec in study["specs"]["choices"]}
        sizes = [len(axis["choices"]) for axis in study["axes"]]
        headline = study["specs"]["choices"][0]
        found = find_impossible(possible, sizes, headline)
        if not found:
            continue
        asked = {axis["name"]: axis["choices"][index]["name"] for axis, index in zip(study["axes"], found, strict=True)}
        page = visit.open(f"explore/{name}.html#{urlencode({'claim': next(iter(study['judged'])), **asked})}")
        assert page.is_visible(".impossible")
        assert page.locator(".impossible button").count() >= 1
        page.locator(".impossible button").first.click()
        assert page.is_hidden(".impossible")
        assert page.inner_text(".alone .verdict").strip() not in ("", "–")
        return
    pytest.skip("no study has impossible combinations")


def find_impossible(possible: set, sizes: list[int], headline: list[int]) -> tuple[int, ...] | None:
    """An impossible combination that differs from the headline in at most two choices."""
    places = range(len(sizes))
    for a in places:
        for b in places:
            for i in range(sizes[a]):
                for j in range(sizes[b]):
                    spec = list(headline)
                    spec[a], spec[b] = i, j
                    if tuple(spec) not in possible:
                        return tuple(spec)
    return None


@pytest.mark.browser
def test_text_of_the_explorer_follows_the_language(visit):
    page = visit.open(f"explore/{STUDIES[0]}.html?lang=zh")
    assert "主口径" in page.inner_text(".controls")
    assert page.inner_text(".alone .verdict").strip().split()[-1] in {words.zh for words in wording.VERDICTS.values()} | {
        f"{wording.VERDICTS['indicated'].zh}（{words.zh}）" for words in wording.INDICATIONS.values()
    }
