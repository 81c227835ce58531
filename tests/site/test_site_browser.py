"""The built site in a real browser, opened from disk as a reader would."""

from __future__ import annotations

from typing import Any

import pytest
from visits import KINDS, PAGES, open_whole

from recount import wording
from recount.site.built import Built

pytestmark = pytest.mark.browser


def claim_page(run: Built) -> str:
    return f"notebooks/{next(iter(run.claims.values()))['notebook']}.html"


BEYOND_THE_EDGE = """() => {
  const edge = document.documentElement.clientWidth, found = [];
  const right = (one) => one.getBoundingClientRect().right;
  const clipped = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (/(auto|scroll|hidden)/.test(getComputedStyle(up).overflowX) && right(up) <= edge + 1) return true;
    }
    return false;
  };
  for (const one of document.querySelectorAll("article *, footer *, header *")) {
    if (one.getBoundingClientRect().width && right(one) > edge + 1 && !clipped(one)) {
      found.push(`${one.tagName}.${one.className} ${Math.round(right(one))}`);
    }
  }
  return [document.documentElement.scrollWidth, edge, found.slice(0, 5)];
}"""
"""Width of the page, width of the screen, and what stands out and does not scroll on its own."""


@pytest.mark.parametrize("name", PAGES)
def test_page_loads_quietly_asks_nobody_and_fits_smaller_screens(visit, name: str):
    page = open_whole(visit, name)
    assert visit.said == []
    assert visit.asked == []
    for width in (1200, 1016, 800, 390):  # beside the sidebar, tablet, telephone: a window made narrower, in the moment after
        page.set_viewport_size({"width": width, "height": 844})
        whole, edge, beyond = page.evaluate(BEYOND_THE_EDGE)
        assert (beyond, whole <= edge) == ([], True), width


def test_a_telephone_itself_shows_no_more_than_its_width(phone, run: Built):
    for name in ("index.html", claim_page(run)):
        whole, edge, beyond = phone.open(name).evaluate(BEYOND_THE_EDGE)
        assert (whole, beyond) == (edge, [])


@pytest.mark.parametrize("name", KINDS)
def test_nothing_moves_while_a_page_loads(visit, name: str):
    page = visit.page
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
          for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
        }).observe({type: "layout-shift", buffered: true});"""
    )
    visit.open(name)
    page.wait_for_timeout(500)
    assert page.evaluate("window.moved") < 0.02


# --- search --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["人才", "MMLU", "人工智能人才", "博士", "薪", "papers", "Zhangjiang 张江", "salaries"])
def test_search_finds_words_of_both_languages(visit, query: str):
    page = visit.open("index.html")
    page.fill(".sidebar-search", query)
    page.press(".sidebar-search", "Enter")
    page.wait_for_selector("#search-results ul.search li a", timeout=5000)
    assert visit.said == []
    assert visit.asked == []


def test_search_leads_to_the_page_on_the_model_gap(visit):
    page = visit.open("search.html?q=MMLU")
    page.wait_for_selector("#search-results ul.search li a")
    links = page.locator("#search-results ul.search li a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert any("03_mmlu_gap" in link for link in links), links


def test_search_for_nonsense_says_so(visit):
    page = visit.open("search.html?q=zzqqxx")
    page.wait_for_selector("#search-results p.search-summary")
    assert page.locator("#search-results ul.search li a").count() == 0


# --- the scoreboard ------------------------------------------------------------------------------------------------


def ids(page: Any) -> list[str]:
    return page.locator(".board tbody tr:not([hidden]) .claim-id").all_inner_texts()


def test_scoreboard_sorts_both_ways_and_says_so(visit):
    page = visit.open("index.html")
    start = ids(page)
    assert page.locator(".board thead th button").count() == 4, "columns of mixed units have no order"
    head = page.locator(".board thead th").nth(3)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    keys = page.locator(".board tbody tr td:nth-child(4)").evaluate_all("all => all.map(one => Number(one.dataset.key))")
    assert keys == sorted(keys)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    keys = page.locator(".board tbody tr td:nth-child(4)").evaluate_all("all => all.map(one => Number(one.dataset.key))")
    assert keys == sorted(keys, reverse=True)
    page.locator(".board thead th").first.locator("button").click()
    assert ids(page) == sorted(start)


def test_scoreboard_filters_by_words_verdict_and_evidence(visit, run: Built):
    page = visit.open("index.html")
    everything = len(ids(page))
    page.fill("[data-filter]", "MMLU")
    assert ids(page) == ["C03a", "C03b", "C03c"]
    page.fill("[data-filter]", "张江")
    assert 0 < len(ids(page)) < everything
    page.fill("[data-filter]", "")
    page.fill("[data-filter]", "wages")
    assert ids(page) == [id for id, one in run.claims.items() if one["notebook"] == "10_salary_brackets"], (
        "a word the claims do not use"
    )
    page.fill("[data-filter]", "zzqqxx")
    assert ids(page) == []
    assert page.is_visible(".nothing")
    page.fill("[data-filter]", "")
    assert not page.is_visible(".nothing")
    claim = next(iter(run.claims.values()))

    def alike(one: dict[str, Any]) -> bool:
        return (one["verdict"], one["indication"]) == (claim["verdict"], claim["indication"])

    page.select_option('[data-filter-by="verdict"]', f"{claim['verdict']} {claim['indication']}".strip())
    assert ids(page) == [id for id, one in run.claims.items() if alike(one)]
    page.select_option('[data-filter-by="evidence"]', claim["evidence"])
    same = [id for id, one in run.claims.items() if alike(one) and one["evidence"] == claim["evidence"]]
    assert ids(page) == same
    assert page.inner_text("[data-filter-count]") == f"{len(same)} of {everything}"


def test_a_chip_filters_and_a_second_press_lifts_it(visit):
    page = visit.open("index.html")
    everything = ids(page)
    chip = page.locator(".chip").first
    chip.click()
    assert chip.get_attribute("aria-pressed") == "true"
    assert len(ids(page)) == int(chip.locator("strong").inner_text())
    chip.click()
    assert ids(page) == everything


def test_every_row_leads_to_its_card(visit, run: Built):
    page = visit.open("index.html")
    id = next(iter(run.claims))
    page.click(f'.board .claim-id a[href$="#{id}"]')
    page.wait_for_selector(f"#{id}", state="visible")


def test_a_card_says_how_the_headline_was_counted_and_how_the_other_ways_lie(visit, run: Built):
    open_on = ""
    for id, claim in run.claims.items():
        page = visit.page if claim["notebook"] == open_on else visit.open(f"notebooks/{claim['notebook']}.html")
        open_on = claim["notebook"]
        card = page.inner_text(f"#{id}")
        for study in run.studies_of(id):
            for axis in (one for one in run.studies[study]["axes"] if one["role"] == "method"):
                assert next(choice["en"] for choice in axis["choices"] if choice["name"] == axis["default"]) in card, id
        across = claim["robustness"].get("straddling", 0)
        assert (f"{across:,} across an edge" in card) == bool(across), id
        if claim["traced_to"]:
            assert claim["traced_to"] in card, "the origin is not folded away"


# --- languages, copying, keyboard ----------------------------------------------------------------------------------


def test_language_switches_by_keyboard_is_kept_and_needs_no_network(visit, run: Built):
    page = visit.open(claim_page(run))
    assert page.get_attribute("html", "lang") == "en"
    button = page.locator('.content-icon-container .language button[data-language="zh"]')
    button.focus()
    page.keyboard.press("Enter")
    assert page.get_attribute("html", "lang") == "zh-CN"
    claim = next(iter(run.claims.values()))
    assert page.locator(f"#{claim['id']} h2").inner_text().strip() == claim["statement_zh"]
    visit.open("index.html")
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert visit.asked == []


def test_a_chinese_browser_starts_in_chinese(browser, site):
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    assert page.get_attribute("html", "lang") == "zh-CN"
    context.close()


def test_the_sentence_is_copied_with_its_citation_in_one_click(browser, site, run: Built):
    from recount import cite

    context = browser.new_context(locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{claim_page(run)}")
    claim = next(iter(run.claims.values()))
    page.locator(f"#{claim['id']} .write .l-en button.copy").click()
    page.wait_for_selector(f"#{claim['id']} .write button.copy.done")
    assert page.evaluate("navigator.clipboard.readText()") == f"{claim['may_write_en']}\n\n{cite.claim(claim['id'], 'apa')}"
    context.close()


def test_code_is_folded_and_one_click_away(visit, run: Built):
    page = visit.open(claim_page(run))
    assert page.locator("details.code").count() > 3
    assert page.locator("details.code[open]").count() == 0
    first = page.locator("details.code").first
    first.locator("summary").click()
    assert first.locator("pre").is_visible()


def test_dark_mode_follows_the_system(browser, site):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site.as_uri()}/index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 22)"
    context.close()


def test_paper_shows_cards_and_no_controls(visit, run: Built):
    page = visit.open(claim_page(run))
    page.emulate_media(media="print")
    claim = next(iter(run.claims))
    assert page.is_visible(f"#{claim} .write")
    for css in (".sidebar-drawer", "button.copy", ".language", "details.code"):
        assert not any(page.locator(css).evaluate_all("all => all.map(one => one.getClientRects().length > 0)")), css


def test_a_page_without_scripts_still_says_everything(browser, site, run: Built):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{claim_page(run)}")
    claim = next(iter(run.claims.values()))
    assert claim["may_write_en"] in page.inner_text(f"#{claim['id']}")
    page.goto(f"{site.as_uri()}/index.html")
    assert len(ids(page)) >= len(run.claims)
    context.close()


def test_verdicts_are_told_apart_without_colour(visit):
    page = visit.open("index.html")
    for badge in page.locator(".board .badge").all():
        assert badge.locator(".sign").inner_text().strip()
        assert any(words.en in badge.inner_text() for words in wording.VERDICTS.values())
