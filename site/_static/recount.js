/* Language, copying, filtering and sorting. Everything works from disk; a page without this script still reads in full. */
(function () {
  "use strict";
  const root = document.documentElement;
  const zh = () => root.dataset.language === "zh";
  const say = (en, other) => (zh() ? other : en);

  /* --- language --- */
  function speak(language, keep) {
    root.dataset.language = language;
    root.lang = language === "zh" ? "zh-CN" : "en";
    if (keep) {
      try { localStorage.setItem("recount-language", language); } catch (error) { /* a browser that keeps nothing */ }
    }
    for (const button of document.querySelectorAll(".language button")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    for (const element of document.querySelectorAll("[data-l10n]")) {
      const text = element.dataset[language === "zh" ? "zh" : "en"];
      if (element.dataset.l10n === "text") element.textContent = text;
      else element.setAttribute(element.dataset.l10n, text);
    }
    document.dispatchEvent(new CustomEvent("recount:language"));
  }
  for (const button of document.querySelectorAll(".language button")) {
    button.addEventListener("click", () => speak(button.dataset.language, true));
  }

  /* --- copying --- */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) { /* no permission, or an old browser: the older way */ }
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("aria-hidden", "true");
    area.style.cssText = "position:fixed;top:0;left:0;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
  const announcer = document.createElement("div");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.body.append(announcer);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const text = "copyLink" in button.dataset ? location.href : button.dataset.copy;
    const done = await copy(text);
    const words = done ? say("Copied", "已复制") : say("Press Ctrl+C", "请按Ctrl+C");
    announcer.textContent = words;
    if (!done) return;
    button.classList.add("done");
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { button.classList.remove("done"); announcer.textContent = ""; }, 1600);
  });
  /* what the notebooks print has no buttons of its own */
  for (const entry of document.querySelectorAll(".recount-cite dd")) {
    const button = document.createElement("button");
    const what = entry.previousElementSibling ? entry.previousElementSibling.textContent : "";
    button.type = "button";
    button.className = "copy";
    button.dataset.copy = entry.textContent;
    button.innerHTML = '<span class="l-en" lang="en">Copy</span><span class="l-zh" lang="zh">复制</span><span class="visually-hidden"></span>';
    button.lastChild.textContent = " " + what;
    entry.prepend(button);
  }

  /* --- filtering --- */
  for (const box of document.querySelectorAll(".filtered")) {
    const items = [...box.querySelectorAll("[data-filter-item]")];
    const search = box.querySelector("[data-filter]");
    const selects = [...box.querySelectorAll("[data-filter-by]")];
    const count = box.querySelector("[data-filter-count]");
    const texts = new Map();
    const text = (item) => {
      if (!texts.has(item)) texts.set(item, `${item.textContent} ${item.dataset.words || ""}`.toLowerCase());
      return texts.get(item);
    };
    function apply() {
      const terms = (search ? search.value : "").toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of items) {
        const fits = terms.every((term) => text(item).includes(term))
          && selects.every((select) => !select.value || item.dataset[select.dataset.filterBy] === select.value);
        item.hidden = !fits;
        shown += fits;
      }
      const nothing = box.querySelector(".nothing");
      if (nothing) nothing.hidden = shown > 0;
      if (count) count.textContent = say(`${shown} of ${items.length}`, `${shown} / ${items.length}`);
      for (const chip of document.querySelectorAll("[data-filter-verdict]")) {
        const select = selects.find((one) => one.dataset.filterBy === "verdict");
        if (select) chip.setAttribute("aria-pressed", String(select.value === chip.dataset.filterVerdict));
      }
    }
    if (search) search.addEventListener("input", apply);
    for (const select of selects) select.addEventListener("change", apply);
    for (const chip of document.querySelectorAll("[data-filter-verdict]")) {
      const select = selects.find((one) => one.dataset.filterBy === "verdict");
      if (!select) continue;
      chip.addEventListener("click", () => {
        select.value = select.value === chip.dataset.filterVerdict ? "" : chip.dataset.filterVerdict;
        apply();
        box.scrollIntoView({ block: "start" }); /* the table may lie far below the chip */
      });
    }
    document.addEventListener("recount:language", apply);
    apply();
  }

  /* --- sorting --- */
  const collator = new Intl.Collator(undefined, { numeric: true });
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (!("sort" in head.dataset)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (cell) => (cell.dataset.key === undefined ? cell.innerText.trim() : Number(cell.dataset.key));
        const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
        const rows = [...body.rows].map((row) => [key(row.cells[column]), row]);
        rows.sort((a, b) => order(a[0], b[0]) * (down ? -1 : 1));
        body.append(...rows.map((pair) => pair[1]));
      });
    });
  }

  /* --- the theme's two drawers, which open by a label: also by keyboard --- */
  for (const label of document.querySelectorAll("label.nav-overlay-icon, label.toc-overlay-icon")) {
    label.tabIndex = 0;
    label.setAttribute("role", "button");
    label.setAttribute("aria-label", label.classList.contains("nav-overlay-icon") ? "Pages 页面" : "On this page 本页目录");
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      label.click();
    });
  }

  /* --- print: reasons that are folded are shown --- */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.why:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });

  speak(zh() ? "zh" : "en", false);
})();
