"""The fewest rows that say what every offer of a model costs, and how such rows are read."""
from listed import LITE_TIERS

ROUTES = ("in-region", "mantle", "geo", "global")
TOKEN_KEYS = ("input", "output", "cache-read", "cache-write", "cache-write-1h", "audio-input", "audio-output")
UNIT_KEYS = ("per-image", "per-second", "per-query")
ROW_KEYS = ("routes", "regions", "prefix", *TOKEN_KEYS[:5], *LITE_TIERS, "long", *UNIT_KEYS, *TOKEN_KEYS[5:],
            "variant", "estimated", "listed", "source")
SOURCES = ("litellm", "aws-price-list-2026-08", "genai-prices", "aws-pricing-page")   # first named where several agree


def freeze(thing):
    return tuple((k, freeze(v)) for k, v in sorted(thing.items())) if isinstance(thing, dict) else thing


def finished(rows, scope: dict, source: str, estimated: bool) -> list:
    """Rows with their scope, in the order of keys the README shows."""
    done = []
    for row in rows:
        whole = {**scope, **row, "source": source} | ({"estimated": True} if estimated else {})
        done.append({k: whole[k] for k in ROW_KEYS if k in whole})
    return done


def unplaced_rows(listed: dict) -> list:
    """Rows of a model whose Regions are not known: a row a route."""
    rows = []
    regional = listed.get(("regional",)) or next((p for s, p in sorted(listed.items(), key=str) if s[0] == "geo"), None)
    for routes, price in ((["global"], listed.get(("global",))), (["in-region", "geo"], regional),
                          (["mantle"], listed.get(("mantle", None)))):
        if price:
            rows += finished(price[0], {"routes": routes}, price[1], False)
    return rows


def compact(priced: dict) -> list:
    """Offers with their prices as rows. Where offers of a route differ, listed prices name their Regions, and the
    most common estimate stands for all Regions not named."""
    groups = equal_prices(priced)
    if len(groups) == 1:
        rows, estimated, offers = groups[0]
        return finished(rows, {}, main_source(offers.values()), estimated)
    scopes = merged([scope for group in groups for scope in scopes_of(group, groups)])
    scopes.sort(key=scope_order)
    return [row for scope, rows, source, estimated in scopes for row in finished(rows, scope, source, estimated)]


def equal_prices(priced: dict) -> list:
    """[(rows, estimated, {offer: source})]: offers of the same price together, whoever says so."""
    prices = {}
    for offer, (rows, source, estimated) in priced.items():
        prices.setdefault((freeze(dict(enumerate(rows))), estimated), (rows, estimated, {}))[2][offer] = source
    return list(prices.values())


def main_source(sources) -> str:
    """The source most offers of a row have; the first of SOURCES in a tie."""
    sources = list(sources)
    return min(sources, key=lambda s: (-sources.count(s), SOURCES.index(s) if s in SOURCES else len(SOURCES), s))


def scopes_of(group, groups) -> list:
    """[(scope, rows, source, estimated)] of one price, a scope a route (and prefix where it matters)."""
    rows, estimated, offers = group
    scopes = []

    def add(named, **scope):
        source = main_source(offers[o] for o in named)
        scopes.append((scope, rows, source, estimated))

    for route in ROUTES:
        mine = [o for o in offers if o[0] == route]
        taken = {r for g in groups if g is not group for t, r, _ in g[2] if t == route}
        if not mine:
            continue
        if not taken or (estimated and group is commonest(route, groups)):
            add(mine, routes=[route])
            continue
        for prefix in sorted({p for _, r, p in mine if p and r in taken}):
            named = [o for o in mine if o[2] == prefix and o[1] in taken]
            add(named, routes=[route], regions=sorted(r for _, r, _ in named), prefix=prefix)
        if plain := [o for o in mine if o[1] not in taken]:
            add(plain, routes=[route], regions=sorted({r for _, r, _ in plain}))
    return scopes


def commonest(route: str, groups):
    """The estimate with the most offers of a route; those of GovCloud stand for GovCloud only."""
    estimates = [g for g in groups if g[1] and any(t == route and not r.startswith("us-gov") for t, r, _ in g[2])]
    return max(estimates, key=lambda g: sum(t == route for t, _, _ in g[2]), default=None)


def merged(scopes: list) -> list:
    """One row for routes that have the same price in the same Regions."""
    rows = {}
    for scope, price, source, estimated in scopes:
        place = (tuple(scope.get("regions", ())), scope.get("prefix"), estimated, freeze(dict(enumerate(price))))
        rows.setdefault(place, (dict(scope, routes=[]), price, source, estimated))[0]["routes"] += scope["routes"]
    return list(rows.values())


def scope_order(item):
    scope = item[0]
    return (ROUTES.index(scope["routes"][0]), "regions" in scope, scope.get("regions", []), scope.get("prefix") or "")


# ---- reading rows back, as the README says ----

def lookup(rows: list, route: str, region: str, prefix):
    """The rows for an offer: the most exact scope wins."""
    def fits(row):
        return (route in row.get("routes", [route]) and region in row.get("regions", [region])
                and row.get("prefix") in (None, prefix))
    def exactness(row):
        return ("routes" in row and "regions" in row, "routes" in row, "regions" in row, "prefix" in row)
    fitting = [row for row in rows if fits(row)]
    best = max(map(exactness, fitting), default=None)
    return [row for row in fitting if exactness(row) == best]
