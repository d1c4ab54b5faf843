"""Offers that only a price speaks for: a row of litellm names a Region that no complete scan covers.

A price never contradicts a scan: where a complete scan looked after the model's launch, its word holds.
"""
from facts import split_prefix
from listed import scope_of


class Inferred:
    """The offers of every model that rest on a price alone."""

    def __init__(self, facts, profiles: dict, scan_date):
        self.facts = facts
        self.scan_date = scan_date
        self.scanned = {r for scan in facts.packages.scan.values() for r in scan.get("regions") or ()}
        self.profiles = profiles
        self.sources = prefix_sources(profiles)

    def of(self, model_id: str, access: dict) -> dict:
        """{"in-region": Regions, "mantle": Regions, "geo": {prefix: Regions}}, empty parts left out."""
        keys = self.facts.lite.get(model_id, {})
        scopes = [scope_of(key) for key in keys]
        runtime = {scope[1] for scope in scopes if scope[0] == "region"}
        mantle = {scope[1] for scope in scopes if scope[0] == "mantle" and scope[1]}
        open_ = {r for r in runtime | mantle if not self.decided(model_id, r)}
        geo = {}
        for prefix in sorted({split_prefix(key)[0] for key in keys} & set(self.sources)):
            regions = (open_ & self.sources[prefix]) - self.reached(model_id, access)
            if regions:
                geo[prefix] = sorted(regions)
        covered = {r for regions in geo.values() for r in regions}
        bare = {r for r in runtime & open_ if self.bare_serves(model_id, r, covered, access)}
        found = {"in-region": sorted(bare - self.reached(model_id, access)),
                 "mantle": sorted((mantle & open_) - set(access.get("mantle", ()))), "geo": geo}
        return {k: v for k, v in found.items() if v}

    def decided(self, model_id: str, region: str) -> bool:
        """Whether a complete scan says where the model can be called from that Region."""
        if region not in self.scanned:
            return False
        launched, _ = self.facts.dated("launched", model_id)
        return launched < self.scan_date if launched else model_id in self.facts.packages.scan

    def reached(self, model_id: str, access: dict) -> set:
        """The Regions from which a scan lists the model on bedrock-runtime."""
        regions = {*access.get("in-region", ()), *access.get("in-region-unknown", ())}
        return regions.union(*(routes for (_, model), routes in self.profiles.items() if model == model_id))

    def bare_serves(self, model_id: str, region: str, covered: set, access: dict) -> bool:
        """Whether the bare id is what the price is for: not where a profile is priced as well, unless AWS lists
        both, nor for a model that is called by profiles everywhere else."""
        if any(model_id in group["models"] and region in group["regions"] for group in self.facts.fix["bare-too"]):
            return True
        elsewhere = access.get("in-region") or not self.facts.packages.scan.get(model_id)
        return region not in covered and bool(elsewhere)


def prefix_sources(profiles: dict) -> dict:
    """prefix -> the Regions that its scanned profiles are called from, within the partition of most of them."""
    sources = {}
    for (prefix, _), routes in profiles.items():
        if prefix != "global":
            sources.setdefault(prefix, set()).update(routes)
    for prefix, regions in sources.items():
        gov = prefix.startswith("us-gov")
        sources[prefix] = {r for r in regions if r.startswith("us-gov") == gov}
    return {prefix: regions for prefix, regions in sources.items() if regions}
