"""What an offer costs: the price of every (route, source Region, prefix) of a model.

For one offer the first of these that is known holds: the newer of litellm's row and the price list's cell for that Region, litellm's row for the geo prefix or route, genai-prices' row, litellm's bare row. What was not listed for that
very Region is `estimated`, unless the model costs the same everywhere (flat-prices in corrections.toml).
"""
from decimal import Decimal
from fnmatch import fnmatchcase

from listed import EXACT, LITE_TIERS, genai_price, lite_price, scope_of, without_outliers
from rows import compact, unplaced_rows

HOME = ("us-east-1", "us-east-2", "us-west-2")   # litellm's bare rows are the prices of these
GOV_FACTOR = Decimal("1.2")                      # GovCloud is 1.2 times the commercial price where both are listed


class Prices:
    """Every listed price of every model, and the price of any offer."""

    def __init__(self, facts, regional: dict, dates: dict):
        self.facts = facts
        self.regional = regional
        self.dates = dates
        self.kinds = {}

    def price_rows(self, model_id: str, kind: str, offers: list) -> list:
        """The rows of a model; `offers` are (route, Region, prefix)."""
        self.kinds[model_id] = kind
        listed = self.listed(model_id)
        if not offers:
            return unplaced_rows(listed)
        priced = {offer: price for offer in offers if (price := self.resolve(model_id, listed, *offer))}
        return compact(priced)

    def listed(self, model_id: str) -> dict:
        """{scope: (rows, source)}; scopes are ("region", r), ("mantle", r or None), ("geo", p), global, regional, bare."""
        listed = {}
        for candidate in self.names(model_id):
            for scope, price in self.own_listed(candidate).items():
                listed.setdefault(scope, price)
        return without_outliers(listed)

    def names(self, model_id: str) -> list:
        """The id, the same model's on bedrock-runtime and that on bedrock-mantle."""
        aliases = self.facts.fix["aliases"]
        return [model_id, *([aliases[model_id]] if model_id in aliases else []),
                *(mantle for mantle, runtime in aliases.items() if runtime == model_id)]

    def own_listed(self, model_id: str) -> dict:
        kind = self.kinds.get(model_id, self.kind_of(model_id))
        listed = {}
        for key, entry in sorted(self.facts.lite.get(model_id, {}).items(), key=lambda e: (len(e[0]), e[0])):
            if rows := lite_price(entry, kind):
                listed.setdefault(scope_of(key), (rows, "litellm"))
        for scope, entry in self.facts.genai.get(model_id, {}).items():
            if rows := genai_price(entry, self.facts.fix["as-of"]):
                name = ("genai",) if scope == "bare" else (scope,)
                listed.setdefault(name, (rows, "genai-prices"))
        for group in self.facts.fix["prices"]:
            if model_id in group["models"]:
                listed["bare",] = (group["rows"], group["source"])
        return listed

    def kind_of(self, model_id: str) -> str:
        scan = self.facts.packages.scan.get(model_id, {})
        return self.facts.shape(model_id, scan, self.facts.extra.get(model_id, {}))["kind"] if scan else "text"

    def flat(self, model_id: str) -> bool:
        return any(fnmatchcase(model_id, p) for p in self.facts.fix["flat-prices"]["models"])

    def cell(self, model_id: str, route: str, region: str):
        """The price list's row for calls from that Region; mantle and geo calls are billed like in-Region ones."""
        name = "global" if route == "global" else "regional"
        for candidate in self.names(model_id):
            for row in self.regional.get(candidate, {}).get(name, ()):
                if region in row["regions"]:
                    return {k: tokens(v) for k, v in row.items() if k != "regions"}
        return None

    def varies(self, model_id: str) -> bool:
        """Whether the price list shows different prices in different Regions."""
        for candidate in self.names(model_id):
            own = self.regional.get(candidate, {})
            for rows in (own[name] for name in ("regional", "global") if name in own):
                if len({(r["input"], r.get("output")) for r in rows}) > 1:
                    return True
        return False

    def resolve(self, model_id, listed, route, region, prefix):
        """The price of one offer as (rows, source, estimated); None if nothing is known."""
        price = self.exact(model_id, listed, route, region, prefix)
        broad = [] if price else self.broad(model_id, listed, route, region, prefix)
        if broad:
            price = broad[0]
            if price[2] and region.startswith("us-gov"):
                price = [scaled(row, GOV_FACTOR) for row in price[0]], *price[1:]
        if price and route != "global" and region in HOME:
            price = with_tiers(price[0], listed), *price[1:]
        if price and price[2] and route != "global" and (odd := self.odd(model_id, listed, region)):
            price = [{**price[0][0], "listed": odd}, *price[0][1:]], *price[1:]
        return price

    def odd(self, model_id: str, listed: dict, region: str):
        """A price listed for that Region which looks wrong: it stands beside the estimate."""
        cells = [(row, self.regional["source"]) for name in self.names(model_id)
                 for row in self.regional.get(name, {}).get("odd", ()) if region in row["regions"]]
        if row := listed.get(("odd", region)):
            cells.append((row[0][0], row[1]))
        for row, source in cells:
            return {**{k: Decimal(row[k]) for k in ("input", "output") if k in row}, "source": source}
        return None

    def exact(self, model_id, listed, route, region, prefix):
        """A price listed for that very Region."""
        scopes = {"geo": [("region", region)], "in-region": [("region", region)], "global": [],
                  "mantle": [("mantle", region), ("region", region)]}[route]
        cell = self.cell(model_id, route, region)
        for scope in scopes:
            if scope in listed and not (cell and self.is_older(model_id, listed[scope])):
                return *listed[scope], False
        if cell:
            broad = self.broad(model_id, listed, route, region, prefix)
            return *with_cell(cell, [b[:2] for b in broad]), False
        return None

    def is_older(self, model_id: str, price) -> bool:
        """Whether a row listed for a Region is older than the price list: the newer of two that name a Region holds."""
        told = next((g["as-of"] for g in self.facts.fix["row-dates"]
                     if model_id in g["models"] and g["source"] == price[1]), self.dates[price[1]])
        return told < self.dates[self.regional["source"]]

    def broad(self, model_id, listed, route, region, prefix) -> list:
        """Prices that are not of this very Region, best first: (rows, source, estimated)."""
        home, gov = region in HOME, region.startswith("us-gov")
        flat = self.flat(model_id) and not gov
        varies = self.varies(model_id)
        scopes = {
            "in-region": [(("geo", "us-gov"), not gov), (("regional",), gov), (("bare",), not (home or flat)),
                          (("genai",), not (home or flat)), (("mantle", None), not (home or flat))],
            "mantle": [(("mantle", None), not (home or flat)), (("regional",), gov), (("geo", "us"), not flat),
                       (("bare",), not (home or flat)), (("genai",), not (home or flat))],
            "geo": [(("geo", prefix), varies and not home), (("regional",), gov), (("bare",), not (home or flat)),
                    (("genai",), not (home or flat))],
            "global": [(("global",), varies and not home), (("bare",), not (home or flat)), (("genai",), not flat)],
        }[route]
        if not gov:
            scopes = [s for s in scopes if s[0] != ("geo", "us-gov")]
        if route != "global" and bare_is_global(listed):
            scopes = [s for s in scopes if s[0] != ("bare",)] + [(s, True) for s in listed if s[0] == "geo"]
        return [(*listed[scope], estimated) for scope, estimated in scopes if scope in listed]


def bare_is_global(listed: dict) -> bool:
    """Whether litellm's bare row is the price of the global profile, as for Claude, and not that of the geo profiles."""
    geo = [price[0] for scope, price in listed.items() if scope[0] == "geo"]
    return ("global",) in listed and ("bare",) in listed and listed["bare",][0] not in geo


def tokens(told):
    return {k: Decimal(v) for k, v in told.items()} if isinstance(told, dict) else Decimal(told)


def with_cell(cell: dict, broad: list):
    """A cell of the price list; tiers and cache prices come along from a listed row of the same price."""
    same = [p for p in broad if all(p[0][0].get(k) == cell.get(k) for k in ("input", "output"))]
    if same:
        rows, source = same[0]
        return [{**rows[0], **({} if "batch" in rows[0] else {k: v for k, v in cell.items() if k == "batch"})}, *rows[1:]], source
    row = dict(cell)
    if broad and (base := broad[0][0][0]).get("input"):
        factor = cell["input"] / base["input"]
        row |= {k: rounded(v * factor) for k, v in base.items() if k.startswith("cache")}
    return [row] + (broad[0][0][1:] if broad else []), "aws-price-list-2026-08"


def with_tiers(rows: list, listed: dict) -> list:
    """In the Regions of litellm's bare and mantle rows, their tiers belong to any row of the same price."""
    first = dict(rows[0])
    for scope in (("bare",), ("mantle", None)):
        other = listed.get(scope, ([{}],))[0][0]
        if all(other.get(k) == first.get(k) for k in ("input", "output")):
            first = {**{t: other[t] for t in LITE_TIERS if t in other}, **first}
    return [first, *rows[1:]]


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(EXACT).normalize()


def scaled(thing, factor: Decimal):
    """Every price of a row times a factor."""
    if isinstance(thing, dict):
        return {k: v if k == "above" else scaled(v, factor) for k, v in thing.items()}
    return rounded(thing * factor) if isinstance(thing, Decimal) else thing
