/* The explorer: choices and a reading → a specification, its place in the claimed interval, and the verdict.
   The verdict comes from the decision table the library exports (decision.js); first match wins, as in Python. */
(function () {
  "use strict";
  const D = window.RECOUNT_DECISION;
  const root = document.documentElement;
  const language = () => (root.dataset.language === "zh" ? 1 : 0);
  const say = (en, zh) => (language() ? zh : en);

  /* --- intervals: [low, high, lowOpen, highOpen]; null is an infinite end ------------------------------------------- */
  const interval = (given) => {
    if (given === null || given === undefined) return null;
    if (typeof given === "number") return [given, given, false, false];
    return [given[0] === null ? -Infinity : given[0], given[1] === null ? Infinity : given[1], given[2], given[3]];
  };
  const close = (a, b) => a === b || (Number.isFinite(a) && Number.isFinite(b)
    && Math.abs(a - b) <= Math.max(1e-12 * Math.max(Math.abs(a), Math.abs(b)), 1e-12));
  const less = (a, b) => a < b && !close(a, b);
  const contains = (outer, inner) =>
    (less(outer[0], inner[0]) || (!less(inner[0], outer[0]) && (!outer[2] || inner[2])))
    && (less(inner[1], outer[1]) || (!less(outer[1], inner[1]) && (!outer[3] || inner[3])));
  const before = (lower, upper) => less(lower[1], upper[0]) || (!less(upper[0], lower[1]) && (lower[3] || upper[2]));
  const position = (estimate, claimed) => {
    if (contains(claimed, estimate)) return "inside";
    return before(estimate, claimed) || before(claimed, estimate) ? "outside" : "straddling";
  };
  const place = (estimate, reading) => {
    if (estimate === null || !reading) return "none";
    const where = position(estimate, reading.chosen);
    return where === "outside" && position(estimate, reading.wide) === "outside" ? "far" : where;
  };

  /* --- the decision --------------------------------------------------------------------------------------------------- */
  const decide = (inputs) => D.table.find((row) => Object.entries(row.when).every(([name, accepted]) => accepted.includes(inputs[name])));

  const readingOf = (claim, name) => {
    const found = claim.readings[name];
    return found ? { chosen: interval(found.chosen), wide: interval(found.wide) } : null;
  };
  const estimateOf = (claim, at) => interval(claim.values[claim.which[at]]);
  const isCounted = (study, at) => study.counted[at] === "1";
  /* How the distinct ways to count lie: recount.verdicts.steadiness */
  function steadiness(study, claim, name) {
    const reading = readingOf(claim, name);
    let total = 0, inside = 0, across = 0, far = 0, below = 0, above = 0;
    study.choices.forEach((_, at) => {
      const estimate = estimateOf(claim, at);
      if (!isCounted(study, at) || estimate === null) return;
      total += 1;
      const where = position(estimate, reading.chosen);
      inside += where === "inside";
      across += where === "straddling";
      far += position(estimate, reading.wide) === "outside";
      below += estimate[1] < reading.chosen[0];
      above += estimate[0] > reading.chosen[1];
    });
    const oneWay = Math.max(below, above) >= D.steady * (below + above);
    let kind;
    if (total <= 1) kind = "single";
    else if (inside) kind = inside / total >= D.steady ? "steady" : "split";
    else if (far === total) kind = oneWay ? "never" : "apart";
    else kind = oneWay ? "near" : "astride";
    return { total, inside, across, kind };
  }
  /* Do the two readings of a round number place the estimate alike? Asked only under the default, which keeps both. */
  function readings(claim, name, estimate) {
    if (name !== "default" || !claim.readings.second) return "agree";
    return place(estimate, readingOf(claim, "default")) === place(estimate, readingOf(claim, "second")) ? "agree" : "differ";
  }
  function inputsOf(claim, name, estimate, robustness) {
    return { ...claim.inputs, position: place(estimate, readingOf(claim, name)), robustness, readings: readings(claim, name, estimate) };
  }
  /* One specification taken as the only way to count. */
  function alone(study, id, name, at) {
    const claim = study.claims[id], estimate = estimateOf(claim, at);
    const inputs = inputsOf(claim, name, estimate, "single"), row = decide(inputs);
    return { estimate, text: claim.texts[claim.which[at]], position: inputs.position, readings: inputs.readings, rule: row.name, verdict: row.verdict, indication: row.indication };
  }
  /* The headline, with all distinct ways to count behind it. */
  function together(study, id, name) {
    const claim = study.claims[id], steady = steadiness(study, claim, name);
    const inputs = inputsOf(claim, name, estimateOf(claim, 0), steady.kind), row = decide(inputs);
    return { ...steady, position: inputs.position, rule: row.name, verdict: row.verdict, indication: row.indication };
  }

  window.Recount = { position, place, decide, steadiness, alone, together };

  /* --- the page ------------------------------------------------------------------------------------------------------------ */
  const box = document.querySelector(".explorer");
  if (!box) return;
  const study = JSON.parse(box.querySelector(".study-data").textContent);
  window.Recount.study = study;
  const form = box.querySelector("form"), find = (css) => box.querySelector(css);
  const selects = study.axes.map((axis) => form.elements[axis.name]);
  const claimSelect = form.elements.claim, readingSelect = form.elements.reading;
  const digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  const rowOf = new Map(study.choices.map((key, at) => [key, at]));
  const headline = study.choices[0];
  const keyNow = () => selects.map((select) => digits[select.selectedIndex]).join("");
  const choiceAt = (place, digit) => study.axes[place].choices[digits.indexOf(digit)];
  const words = (thing) => (language() ? thing.zh : thing.en);
  const asks = (place) => (language() ? study.axes[place].zh || study.axes[place].says : study.axes[place].says);
  let last = headline, view = null;

  function badge(outcome) {
    const [en, zh, sign] = D.verdicts[outcome.verdict], towards = outcome.indication ? D.indications[outcome.indication] : null;
    const mark = document.createElement("span"), signed = document.createElement("span");
    mark.className = `badge v-${outcome.verdict.replace(/ /g, "-")}` + (D.hollow.includes(outcome.verdict) ? " hollow" : "");
    signed.className = "sign";
    signed.setAttribute("aria-hidden", "true");
    signed.textContent = outcome.indication === "against" ? "▼" : sign;
    mark.append(signed, " " + say(en + (towards ? " " + towards[0] : ""), zh + (towards ? `（${towards[1]}）` : "")));
    return mark;
  }
  const differing = (a, b) => [...a].map((digit, at) => (digit === b[at] ? -1 : at)).filter((at) => at >= 0);

  /* Possible combinations nearest to an impossible one; the choice made last is kept. */
  function nearest(key, kept) {
    const found = study.choices.filter((one) => kept < 0 || one[kept] === key[kept]).map((one) => [differing(key, one), one]);
    if (!found.length) return [];
    const least = Math.min(...found.map((one) => one[0].length));
    return found.filter((one) => one[0].length === least).slice(0, 3);
  }

  function choose(key) {
    [...key].forEach((digit, at) => { selects[at].selectedIndex = digits.indexOf(digit); });
    show(-1);
  }
  function linked(text, key) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => choose(key));
    return button;
  }

  function show(changedAxis) {
    const id = claimSelect.value, claim = study.claims[id];
    if (!claim.readings[readingSelect.value]) readingSelect.value = "default";
    const name = readingSelect.value, reading = claim.readings[name], claimed = reading.chosen_words, key = keyNow(), at = rowOf.get(key);
    selects.forEach((select, place) => select.closest(".field").classList.toggle("changed", key[place] !== headline[place]));
    remember();
    const all = together(study, id, name);
    find(".together .verdict").replaceChildren(badge(all));
    find(".counts").textContent = all.total > 1
      ? say(`${all.inside.toLocaleString("en")} of ${all.total.toLocaleString("en")} distinct ways to count lie inside ${claimed[language()]}${all.across ? `, ${all.across.toLocaleString("en")} across an edge` : ""}.`,
        `${all.total}种不同算法中有${all.inside}种落在${claimed[language()]}内${all.across ? `，${all.across}种跨在边界上` : ""}。`)
      : say("There is one way to count.", "只有一种算法。");
    find(".same").textContent = name !== "default" ? say("Under another reading than the default one.", "此处的读法不是默认读法。")
      : study.published ? say("This is the published verdict.", "这就是发布的判定。")
      : say("This is the verdict on a reader's own tallies, not the published one.", "这是据读者自备数据的判定，不是发布版。");
    const warning = find(".impossible");
    if (at === undefined) {
      impossible(warning, key, changedAxis);
      draw(id, name, -1);
      return;
    }
    warning.hidden = true;
    last = key;
    const one = alone(study, id, name, at);
    find(".alone .verdict").replaceChildren(badge(one));
    find(".estimate").textContent = one.text[language()];
    find(".position").textContent = one.estimate
      ? `${say("It lies ", "该值")}${D.positions[one.position][language()]}${say(": ", "：")}${(one.position === "far" ? reading.wide_words : claimed)[language()]}${say(".", "。")}`
      : say("It cannot be computed this way.", "按此无法计算。");
    if (one.readings === "differ") {
      const second = claim.readings.second, where = D.positions[place(one.estimate, readingOf(claim, "second"))][language()];
      find(".position").append(say(` Read to the unit, ${second.chosen_words[0]}, it is ${where}: the two readings decide.`,
        `若精确到个位，读作${second.chosen_words[1]}，则${where}：取决于读法。`));
    }
    const changes = differing(headline, key);
    const bound = changes.some((place) => study.axes[place].role === "bound");
    find(".changes").textContent = changes.length
      ? say("Changed: ", "已改：") + changes.map((place) => words(choiceAt(place, key[place]))).join(say("; ", "；")) + say(".", "。")
        + (bound ? say(" An extreme case: it is not counted.", "属极端情形，不计入。") : "")
      : study.published ? say("This is the headline's way to count, declared before anything was computed.", "这是计算之前就声明的主口径。")
      : say("This is the headline's way to count.", "这是主口径。");
    draw(id, name, at);
    moves(id, name, key);
  }

  function impossible(warning, key, changedAxis) {
    const list = document.createElement("ul");
    for (const [places, other] of nearest(key, changedAxis)) {
      const item = document.createElement("li");
      item.append(linked(places.map((place) => words(choiceAt(place, other[place]))).join(say("; ", "；")), other));
      list.append(item);
    }
    const back = document.createElement("li");
    back.append(linked(say("back to the last choice", "退回上一选择"), last));
    list.append(back);
    const text = document.createElement("strong");
    text.textContent = say("These choices cannot stand together.", "这些选择不能同时成立。");
    warning.replaceChildren(text, " ", say("The nearest that can:", "最接近的可行组合："), list);
    warning.hidden = false;
    find(".alone .verdict").textContent = "–";
    for (const css of [".estimate", ".position", ".changes"]) find(css).textContent = "";
    find(".moves").replaceChildren();
  }

  /* Every single change of the present choices. */
  function moves(id, name, key) {
    const claim = study.claims[id], now = alone(study, id, name, rowOf.get(key)), found = [];
    study.axes.forEach((axis, place) => {
      axis.choices.forEach((choice, index) => {
        const other = key.slice(0, place) + digits[index] + key.slice(place + 1), at = rowOf.get(other);
        if (other === key || at === undefined) return;
        const one = alone(study, id, name, at);
        const moved = one.verdict !== now.verdict || one.indication !== now.indication;
        found.push({ place, choice, other, one, moved });
      });
    });
    found.sort((a, b) => b.moved - a.moved);
    find(".moves").replaceChildren(...found.map(({ place, choice, other, one }) => {
      const item = document.createElement("li"), ask = document.createElement("span");
      ask.className = "asks";
      ask.textContent = asks(place);
      const result = one.text[language()] || say("not computable", "无法计算");
      item.append(ask, linked(words(choice), other), say(": ", "："), result, " ", badge(one));
      return item;
    }));
  }

  /* --- the curve ------------------------------------------------------------------------------------------------------------- */
  const token = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  function filled(spec) {
    const values = {
      "@ink": token("--ink"), "@soft": token("--soft"), "@grid": token("--line"), "@band": token("--band"), "@font": token("--font-stack"),
      "@inside": token("--inside"), "@straddling": token("--straddling"), "@outside": token("--outside"),
      "@ylabel": study.claims[claimSelect.value].unit[language()] || say("value", "数值"), "@estimate": say("estimate", "估计值"),
    };
    return JSON.parse(JSON.stringify(spec), (key, value) => (typeof value === "string" && value in values ? values[value] : value));
  }
  const middle = (estimate) => {
    const [low, high] = estimate;
    if (low === -Infinity) return high;
    return high === Infinity ? low : (low + high) / 2;
  };
  function points(id, name) {
    const claim = study.claims[id], reading = readingOf(claim, name), factor = claim.factor[language()];
    const found = [];
    study.choices.forEach((key, at) => {
      const estimate = estimateOf(claim, at);
      if (estimate !== null) found.push({ at, estimate, counted: isCounted(study, at), mid: middle(estimate) });
    });
    found.sort((a, b) => a.mid - b.mid || a.at - b.at);
    const shown = found.filter((one) => one.counted);
    const finite = found.flatMap((one) => one.estimate.slice(0, 2)).filter(Number.isFinite);
    const edges = [reading.chosen, reading.wide].flatMap((one) => one.slice(0, 2)).filter(Number.isFinite);
    const low = Math.min(...finite, ...edges), high = Math.max(...finite, ...edges), room = (high - low) * 0.04 || 1;
    const clip = (x) => Math.min(Math.max(x, low - room), high + room) * factor;
    const row = (one, rank) => ({
      at: one.at, rank, low: clip(one.estimate[0]), high: clip(one.estimate[1]), middle: clip(one.mid), position: position(one.estimate, reading.chosen),
      strength: found.length > 400 ? 0.55 : 0.9, area: found.length > 400 ? 18 : 55, label: claim.texts[claim.which[one.at]][language()],
    });
    const specs = shown.map(row);
    const least = (high - low) * 0.004 * factor; /* a claim as narrow as [30.965, 30.975] is drawn as a line */
    const bands = [[reading.wide, 0.12], [reading.chosen, 0.28]].map(([one, strength]) => {
      const [from, to] = [clip(one[0]), clip(one[1])], thin = to - from < 2 * least, centre = (from + to) / 2;
      return thin ? { low: centre - least, high: centre + least, strength: 0.9 } : { low: from, high: to, strength };
    });
    /* a specification that is not on the curve (a twin, or an extreme case) is lit where its value would stand */
    const rank = (mid) => { const place = shown.findIndex((one) => one.mid >= mid); return place < 0 ? shown.length - 1 : place; };
    const lit = (at) => {
      const one = found.find((candidate) => candidate.at === at);
      if (!one) return [];
      const on = shown.indexOf(one);
      return [row(one, on >= 0 ? on : rank(one.mid))];
    };
    return { specs, bands, lit };
  }
  let drawn = "";
  async function draw(id, name, at) {
    const data = points(id, name), chosen = at < 0 ? [] : data.lit(at);
    const what = [id, name, language(), document.body.dataset.theme].join(" ");
    const label = say(
      `Specification curve: ${data.specs.length} ways to count, sorted by estimate, with the claimed interval as a band and your choice marked.`,
      `算法曲线：${data.specs.length}种算法按估计值排序，阴影为所称区间，圆圈为你的选择。`);
    find(".curve").setAttribute("aria-label", label);
    if (view && what === drawn) {
      view.data("chosen", chosen);
      view.runAsync();
      return;
    }
    drawn = what;
    const spec = filled(D.chart);
    spec.datasets = { ...spec.datasets, specs: data.specs, bands: data.bands, chosen };
    const made = await window.vegaEmbed(find(".curve"), spec, { actions: false, renderer: "canvas", logLevel: 1 /* errors */ });
    if (view) view.finalize();
    view = made.view;
    view.addEventListener("click", (event, item) => {
      if (item && item.datum && item.datum.at !== undefined) choose(study.choices[item.datum.at]);
    });
    box.dataset.drawn = what;
  }

  /* --- the link ---------------------------------------------------------------------------------------------------------------- */
  function remember() {
    const asked = new URLSearchParams();
    asked.set("claim", claimSelect.value);
    if (readingSelect.value !== "default") asked.set("reading", readingSelect.value);
    study.axes.forEach((axis, place) => { if (selects[place].value !== axis.default) asked.set(axis.name, selects[place].value); });
    history.replaceState(null, "", "#" + asked);
  }
  function restore() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const pick = (select, value) => { if (value !== null && [...select.options].some((option) => option.value === value)) select.value = value; };
    claimSelect.selectedIndex = 0;
    readingSelect.value = "default";
    pick(claimSelect, asked.get("claim"));
    label();
    pick(readingSelect, asked.get("reading"));
    study.axes.forEach((axis, place) => { selects[place].value = axis.default; pick(selects[place], asked.get(axis.name)); });
    show(-1);
  }
  /* Readings of the chosen claim with their intervals, and options in the language of the page. */
  function label() {
    const claim = study.claims[claimSelect.value];
    for (const option of readingSelect.options) {
      const reading = claim.readings[option.value];
      option.hidden = option.disabled = !reading;
      option.textContent = option.dataset[language() ? "zh" : "en"] + (reading ? `${say(": ", "：")}${reading.chosen_words[language()]}` : "");
    }
    for (const select of selects) for (const option of select.options) option.textContent = option.dataset[language() ? "zh" : "en"];
  }
  claimSelect.addEventListener("change", () => { label(); show(-1); });
  readingSelect.addEventListener("change", () => show(-1));
  selects.forEach((select, place) => select.addEventListener("change", () => show(place)));
  find(".reset").addEventListener("click", () => { readingSelect.value = "default"; choose(headline); });
  document.addEventListener("recount:language", () => { label(); show(-1); });
  addEventListener("hashchange", restore);
  new MutationObserver(() => show(-1)).observe(document.body, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawn = ""; show(-1); });
  restore();
})();
