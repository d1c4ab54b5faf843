"""Price entries of the packages as rows, dicts with the keys of rules/README.md; media models have a row per unit."""
import re
from decimal import Decimal

from facts import split_prefix

MILLION = Decimal(1_000_000)
EXACT = Decimal("0.000001")
LITE_KEYS = {"input": "input_cost_per_token", "output": "output_cost_per_token",
             "cache-read": "cache_read_input_token_cost", "cache-write": "cache_creation_input_token_cost",
             "cache-write-1h": "cache_creation_input_token_cost_above_1hr",
             "audio-input": "input_cost_per_audio_token", "audio-output": "output_cost_per_audio_token"}
LITE_TIERS = {"batch": "_batches", "flex": "_flex", "priority": "_priority"}
LITE_VARIANTS = (("text", "per-query", "input_cost_per_query"), ("image", "per-image", "input_cost_per_image"),
                 ("audio", "per-second", "input_cost_per_audio_per_second"),
                 ("video", "per-second", "input_cost_per_video_per_second"))
GENAI_KEYS = {"input": "input_mtok", "output": "output_mtok", "cache-read": "cache_read_mtok",
              "cache-write": "cache_write_mtok", "cache-write-1h": "cache_write_1h_mtok",
              "audio-input": "input_audio_mtok", "audio-output": "output_audio_mtok"}


def exact(number) -> Decimal:
    """A package's float as the decimal it stands for."""
    return (Decimal(repr(number))).quantize(Decimal("1e-12")).normalize()


def per_million(number) -> Decimal:
    return (exact(number) * MILLION).quantize(EXACT).normalize()


def lite_price(entry: dict, kind: str) -> list:
    """litellm's entry as rows; [] if it has no price."""
    row = lite_tokens(entry, "")
    if kind in ("embedding", "rerank", "image", "video"):
        row.pop("output", None)
    row |= {tier: t for tier, suffix in LITE_TIERS.items() if (t := lite_tokens(entry, suffix))}
    for key in entry:
        if match := re.fullmatch(r"input_cost_per_token_above_(\d+)k_tokens", key):
            row["long"] = {"above": int(match[1]) * 1000} | lite_tokens(entry, f"_above_{match[1]}k_tokens")
    if kind == "rerank":
        return [{"per-query": exact(entry["input_cost_per_query"])}] if "input_cost_per_query" in entry else []
    if entry.get("output_cost_per_image"):
        return [{"per-image": exact(entry["output_cost_per_image"])}]
    units = [(v, unit, exact(entry[k])) for v, unit, k in LITE_VARIANTS if entry.get(k)]
    if kind == "text" and units and "input" not in row:      # video in by the second, text out by the token
        return [row | {units[0][1]: units[0][2]}]
    rows = [row] if row else []
    return rows + [{unit: price, "variant": variant} for variant, unit, price in units]


def lite_tokens(entry: dict, suffix: str) -> dict:
    prices = {name: entry.get(key + suffix) for name, key in LITE_KEYS.items()}
    return {n: per_million(p) for n, p in prices.items() if isinstance(p, (int, float)) and (p or n != "input")}


def genai_price(entry: dict, as_of) -> list:
    """genai-prices' entry as one row: the last price that had begun by `as_of`."""
    prices = entry["prices"]
    if isinstance(prices, list):
        begun = [(begins(p), n, p["prices"]) for n, p in enumerate(prices)]
        prices = max((b for b in begun if not b[0] or b[0] <= as_of.isoformat()), key=lambda b: b[:2])[2]
    row, long = {}, {}
    for name, key in GENAI_KEYS.items():
        told = prices.get(key)
        if isinstance(told, dict):
            tier = told["tiers"][0]
            long |= {"above": tier["start"], name: tier["price"]}
            told = told["base"]
        if told is not None:
            row[name] = told.normalize()
    return [row | ({"long": {"above": long.pop("above"), **long}} if long else {})]


def begins(conditional: dict) -> str:
    start = conditional.get("constraint", {}).get("start_date")
    return start.isoformat() if start else ""


def scope_of(key: str) -> tuple:
    """The scope of one of litellm's keys."""
    if match := re.fullmatch(r"(bedrock|bedrock_mantle)/([a-z]+(?:-[a-z]+)+-\d)/.+", key):
        return ("region" if match[1] == "bedrock" else "mantle", match[2])
    if key.startswith("bedrock_mantle/"):
        return ("mantle", None)
    prefix, _ = split_prefix(key.rsplit("/", 1)[-1])
    if "/" in key and not key.startswith("bedrock/"):
        return ("size", key)
    if prefix == "global":
        return ("global",)
    return ("geo", prefix) if prefix else ("bare",)


def without_outliers(listed: dict) -> dict:
    """Call rows of one Region that are more than twice or less than 0.7 of the bare row odd."""
    bare = listed.get(("bare",), ([{}],))[0][0].get("input")
    def sane(scope, price):
        told = price[0][0].get("input")
        if scope[0] != "region" or not bare or not told:
            return True
        return Decimal("0.7") <= told / bare <= 2
    return {s if sane(s, p) else ("odd", s[1]): p for s, p in listed.items()}
