"""What must hold for the rebuilt files before they replace the ones on disk."""
import tomllib
from decimal import Decimal

from facts import FEATURES
from rows import ROUTES, ROW_KEYS, TOKEN_KEYS, UNIT_KEYS, lookup

KINDS = ("text", "image", "video", "speech", "embedding", "rerank")
STATUSES = ("active", "legacy", "eol", "limited")
KEYS = {
    "": {"name", "kind", "input", "output", "launched", "alias-of", "unpriced", "source", "limits", "features", "contract",
         "retention", "lifecycle", "access", "inferred", "provisioned", "price"},
    "limits": {"context", "max-output", "source"},
    "features": {"yes", "no", "efforts", "by-api", "source"},
    "contract": {"refuses", "exclusive", "source"},
    "retention": {"keeps", "source"},
    "lifecycle": {"status", "legacy-since", "extended-access-from", "eol", "eol-in", "eol-floor", "successor", "successor-is", "source"},
    "access": {"in-region", "in-region-unknown", "mantle", "mantle-apis", "source"},
    "inferred": {"in-region", "mantle", "source"},
}


class Broken(Exception):
    """The rebuilt files break a rule."""


def need(holds, message: str):
    if not holds:
        raise Broken(message)


def check(files: dict, expected: dict, routes: dict, offers: dict):
    """Parse the files back, compare them with the data they were made of, and check every rule."""
    parsed = {path: tomllib.loads(text) for path, text in files.items()}
    models = {i: m for path, tables in parsed.items() if path.startswith("models/") for i, m in tables.items()}
    profiles, retired = parsed["profiles.toml"], parsed["retired.toml"]
    need(set(models) == set(expected), "a model was lost in writing")
    need(not set(models) & set(retired), f"both a model and retired: {sorted(set(models) & set(retired))}")
    for model_id, model in models.items():
        check_model(model_id, model, models)
        check_prices(model_id, model.get("price", []), offers[model_id])
    need(routes == read_routes(profiles), "a profile was lost in writing")
    for name, profile in profiles.items():
        need(set(profile) - {"inferred"} == {"prefix", "models", "routes", "source"}, f"profile {name} has wrong keys")
        need(set(profile["models"]) <= set(models), f"profile {name} has unknown models")
    for model_id, entry in retired.items():
        need(entry.get("name"), f"{model_id} is retired without a name")
        check_successor(model_id, entry, models)


def read_routes(profiles: dict) -> dict:
    """(prefix, model) -> {source Region: destinations} of the tables in profiles.toml."""
    routes = {}
    for profile in profiles.values():
        for model_id in profile["models"]:
            known = routes.setdefault((profile["prefix"], model_id), {})
            known.update({s: r["to"] for r in profile["routes"] for s in r["from"]})
    return routes


def check_model(model_id: str, model: dict, models: dict):
    for group, keys in KEYS.items():
        table = model.get(group, {}) if group else model
        need(set(table) <= keys, f"{model_id} {group} has unknown keys {sorted(set(table) - keys)}")
        need(not table or table.get("source"), f"{model_id} {group} has no source")
    need(model["kind"] in KINDS, f"{model_id} has the unknown kind {model['kind']}")
    need(model["input"] and model["output"], f"{model_id} has no modalities")
    yes, no = (set(model["features"].get(k, ())) for k in ("yes", "no"))
    for api, told in model["features"].get("by-api", {}).items():
        need(not set(told.get("yes", ())) & set(told.get("no", ())), f"{model_id} has features both yes and no by {api}")
    cached = any("cache-read" in row for row in model.get("price", ()))
    need(not cached or "caching" not in no, f"{model_id} has a price for its cache and is said to have none")
    need(not yes & no, f"{model_id} has features both yes and no")
    need(yes | no <= set(FEATURES), f"{model_id} has unknown features")
    need(model["lifecycle"]["status"] in STATUSES, f"{model_id} has an unknown status")
    need(model.get("alias-of") in (None, *models), f"{model_id} is an alias of an unknown model")
    need(not (model.get("unpriced") and model.get("price")), f"{model_id} has a price and is said to have none")
    check_successor(model_id, model["lifecycle"], models)


def check_successor(model_id: str, table: dict, models: dict):
    if successor := table.get("successor"):
        need(successor in models and successor != model_id, f"the successor of {model_id} is unknown")
        life = models[successor]["lifecycle"]
        need(life["status"] == "active" and "eol" not in life, f"the successor of {model_id} will end itself")


def check_prices(model_id: str, rows: list, offers: dict):
    """Every row is sane, and every offer resolves to the very price it was made of."""
    for row in rows:
        need(set(row) <= set(ROW_KEYS), f"{model_id} has a price with unknown keys {sorted(set(row) - set(ROW_KEYS))}")
        need(set(row.get("routes", ())) <= set(ROUTES), f"{model_id} has a price of an unknown route")
        amounts = [Decimal(row[k]) for k in (*TOKEN_KEYS, *UNIT_KEYS) if k in row]
        need(amounts and all(a >= 0 for a in amounts), f"{model_id} has a price without an amount")
    for (route, region, prefix), price in offers.items():
        found = lookup(rows, route, region, prefix)
        need(bool(found) == bool(price), f"{model_id} {route} {region} {prefix}: price lost")
        need([amounts_of(r) for r in found] == [amounts_of(p) for p in price],
             f"{model_id} {route} {region} {prefix}: {found} is not {price}")


def amounts_of(row: dict) -> dict:
    """A price row without its scope and source, with amounts as decimals."""
    def plain(v):
        if isinstance(v, dict):
            return {k: x if k == "source" else plain(x) for k, x in v.items()}
        return Decimal(v) if isinstance(v, (str, int, Decimal)) and not isinstance(v, bool) else v
    skip = ("routes", "regions", "prefix", "source", "variant")
    return {k: plain(v) for k, v in row.items() if k not in skip} | {"variant": row.get("variant")}
