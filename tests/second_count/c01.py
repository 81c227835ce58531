"""C01, model downloads: share of models by Chinese developers in pulls of the Ollama library and in Hugging Face lists."""

from .read import plain

# the lists at the ends of the windows; 2024-12-10 is the one date at which the two collections may be differenced
LIST_2023 = ("dl-ollama-bigagi", "2023-12-20")
LIST_2024 = ("dl-ollama-bigagi", "2024-12-10")
LIST_2025_SOURCE = "dl-ollama-yuma"
LAST_DAY = "2025-12-06"

Pulls = dict[str, int]


def share(pulls: Pulls, region: dict[str, str], china: set[str]) -> float:
    """Percent of the pulls that go to models whose publisher sits in one of the given regions."""
    return 100 * sum(n for model, n in pulls.items() if region[model] in china) / sum(pulls.values())


def flow(start: Pulls, end: Pulls) -> Pulls:
    """Pulls of every model of the later list since the earlier one; a model missing at the start counts from 0."""
    return {model: n - start.get(model, 0) for model, n in end.items()}


def ollama() -> dict[str, float | str]:
    """The results on the Ollama library."""
    models = {row["model"]: row for row in plain("raw/downloads/ollama_models.csv")}
    region = {model: row["publisher_region"] for model, row in models.items()}
    lists: dict[tuple[str, str], Pulls] = {}
    for row in plain("raw/downloads/ollama_pulls.csv"):
        lists.setdefault((row["source_id"], row["snapshot_date"]), {})[row["model"]] = int(row["pulls"])
    last = max(key for key in lists if key[0] == LIST_2025_SOURCE and key[1] <= LAST_DAY)
    flows = {
        "2023": flow({}, lists[LIST_2023]),
        "2024": flow(lists[LIST_2023], lists[LIST_2024]),
        "2025": flow(lists[LIST_2024], lists[last]),
    }
    result: dict[str, float | str] = {}
    for year, all_models in flows.items():
        result[f"C01.ollama.flow.all.{year}"] = share(all_models, region, {"china"})
        generative = {model: n for model, n in all_models.items() if models[model]["modality"] != "embedding"}
        result[f"C01.ollama.flow.no_embeddings.{year}"] = share(generative, region, {"china"})
        if year != "2023":
            without = {model: n for model, n in generative.items() if model != "llama3.1"}
            result[f"C01.ollama.flow.no_embeddings_no_llama31.{year}"] = share(without, region, {"china"})
    result["C01.ollama.upper_bound.2023"] = share(flows["2023"], region, {"china", "unknown"})
    return result


def hugging_face() -> dict[str, float | str]:
    """The results on Hugging Face lists; (root) and unmapped accounts stay in the denominator."""
    textgen = [row for row in plain("tallies/hf_namespaces.csv") if row["source_id"] == "dl-hf-textgen-2023-07"]
    china = sum(int(row["downloads_30d"]) for row in textgen if row["region"] == "china")
    result: dict[str, float | str] = {"C01.hf.textgen.2023-07": 100 * china / sum(int(row["downloads_30d"]) for row in textgen)}
    union = {}
    for row in sorted(plain("tallies/hf_models.csv"), key=lambda row: row["snapshot_date"]):
        union[row["model_id"]] = row  # December comes later and replaces November
    for name, tags in (("all", None), ("llm_vlm", {"text-generation", "image-text-to-text"})):
        kept = [row for row in union.values() if tags is None or row["pipeline_tag"] in tags]
        china = sum(int(row["downloads_30d"]) for row in kept if row["region"] == "china")
        result[f"C01.hf.most_liked.{name}.2025"] = 100 * china / sum(int(row["downloads_30d"]) for row in kept)
    return result


def count() -> dict[str, float | str]:
    """All shares in percent."""
    return {**ollama(), **hugging_face()}
