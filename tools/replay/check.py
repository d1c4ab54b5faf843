#!/usr/bin/env python3
"""Serves recorded Bedrock traffic on loopback and compares what `rockpick route` and `rockpick embed` make of it.

    tools/replay/check.py FOLDER [--rockpick target/debug/rockpick] [--verbose]

FOLDER holds replay.py and cassettes/ (see its README). Each successful answer is served once, whatever is sent; text, tool calls,
stop reason and usage have to come out as they went in, vectors as well. Each error has to come out as a failure of its class.
Answers of InvokeModel are asked for with `--api invoke`, with a fixed prompt; those to embeddings with `embed`.
"""
import argparse, base64, collections, importlib.util, json, os, random, re, struct, subprocess, sys, tempfile, threading, types
from http.server import ThreadingHTTPServer

OUTCOMES = {"ValidationException": {"invalid-id", "invalid-request", "too-long", "unsupported"}, "InvalidSignatureException": {"clock-skew"}}


def events(body):
    at = 0
    while at < len(body):
        length, headers = struct.unpack(">II", body[at:at + 8])
        yield json.loads(body[at + 12 + headers:at + length - 4])
        at += length


def of_stream(record):
    text, calls, stop, usage = "", [], None, {}
    for event in events(base64.b64decode(record["response"]["body_b64"])):
        delta, start = event.get("delta") or {}, event.get("start") or {}
        text += delta.get("text", "")
        if "toolUse" in start:
            calls.append({"id": start["toolUse"]["toolUseId"], "name": start["toolUse"]["name"], "json": ""})
        if isinstance(delta.get("toolUse"), dict):
            calls[-1]["json"] += delta["toolUse"].get("input", "")
        stop = event.get("stopReason", stop)
        usage = event.get("usage", usage)
    calls = [{"id": c["id"], "name": c["name"], "input": json.loads(c["json"] or "{}")} for c in calls]
    return text, calls, stop, usage


def of_reply(record):
    body = json.loads(record["response"]["body"])
    blocks = ((body.get("output") or {}).get("message") or {}).get("content") or []
    text = ""
    for block in blocks:
        text += block.get("text", "") + "".join(part.get("text", "") for part in (block.get("citationsContent") or {}).get("content", []))
    calls = [{"id": b["toolUse"]["toolUseId"], "name": b["toolUse"]["name"], "input": b["toolUse"].get("input")} for b in blocks if "toolUse" in b]
    return text, calls, body.get("stopReason"), body.get("usage") or {}


# How the answers of InvokeModel are read here: on its own, from the recordings, so that two readings are compared.
WORDS = {"stop": "end_turn", "finish": "end_turn", "complete": "end_turn", "endoftext": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}
THOUGHT = re.compile(r"<reasoning>(.*?)</reasoning>", re.S)


def chunks(record):
    if record["operation"] == "InvokeModel":
        response = record["response"]
        return [json.loads(response["body"] if "body" in response else base64.b64decode(response["body_b64"]))]
    return [json.loads(base64.b64decode(event["bytes"])) for event in events(base64.b64decode(record["response"]["body_b64"]))]


COUNTS = ("input", "output", "cache_read_input", "cache_write_input")


class Invoked:
    """Text, tool calls, stop reason and usage of an answer in a model's own form."""

    def __init__(self, record):
        self.text, self.calls, self.stop, self.model, self.billed = "", {}, None, {}, {}
        headers = {name.lower(): value for name, value in record["response"]["headers"].items()}
        for own in COUNTS:
            name = f"x-amzn-bedrock-{own.replace('_', '-')}-token-count"
            if name in headers:
                self.billed[own] = int(headers[name])
        for chunk in chunks(record):
            self.shape(chunk)(chunk)
            self.count(self.billed, chunk.get("amazon-bedrock-invocationMetrics"), "inputTokenCount", "outputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount")

    def shape(self, chunk):
        if chunk.get("type", "completion") != "completion":
            return self.typed
        if "choices" in chunk:
            return self.chat
        converse = ("output", "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata")
        return self.converse if any(key in chunk for key in converse) else self.plain

    def count(self, into, usage, *names):
        into.update({own: int(usage[name]) for own, name in zip(COUNTS, names) if (usage or {}).get(name) is not None})

    def typed(self, chunk):
        for usage in ((chunk.get("message") or {}).get("usage"), chunk.get("usage")):
            self.count(self.model, usage, "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
        for at, block in enumerate(chunk.get("content") or []):
            self.text += block.get("text", "")
            if block["type"] == "tool_use":
                self.calls[at] = [block["id"], block["name"], json.dumps(block["input"])]
        block, delta = chunk.get("content_block") or {}, chunk.get("delta") or {}
        if block.get("type") == "tool_use":
            self.calls[chunk["index"]] = [block["id"], block["name"], ""]
        if "partial_json" in delta:
            self.calls[chunk["index"]][2] += delta["partial_json"]
        self.text += delta.get("text", "")
        self.stop = chunk.get("stop_reason") or delta.get("stop_reason") or self.stop

    def chat(self, chunk):
        for choice in chunk["choices"]:
            part = choice.get("message") or choice.get("delta") or choice
            self.text += part.get("content") or part.get("text") or ""
            for at, call in enumerate(part.get("tool_calls") or []):
                known = self.calls.setdefault(call.get("index", at), [call.get("id"), call["function"].get("name"), ""])
                known[2] += call["function"].get("arguments", "")
            self.stop = choice.get("finish_reason") or choice.get("stop_reason") or self.stop
        self.count(self.model, chunk.get("usage"), "prompt_tokens", "completion_tokens")

    def converse(self, chunk):
        for at, block in enumerate(((chunk.get("output") or {}).get("message") or {}).get("content") or []):
            self.text += block.get("text", "")
            if "toolUse" in block:
                self.calls[at] = [block["toolUse"]["toolUseId"], block["toolUse"]["name"], json.dumps(block["toolUse"]["input"])]
        start, delta = chunk.get("contentBlockStart") or {}, chunk.get("contentBlockDelta") or {}
        if "toolUse" in (start.get("start") or {}):
            self.calls[start["contentBlockIndex"]] = [start["start"]["toolUse"]["toolUseId"], start["start"]["toolUse"]["name"], ""]
        if "toolUse" in (delta.get("delta") or {}):
            self.calls[delta["contentBlockIndex"]][2] += delta["delta"]["toolUse"]["input"]
        self.text += (delta.get("delta") or {}).get("text", "")
        self.stop = chunk.get("stopReason") or (chunk.get("messageStop") or {}).get("stopReason") or self.stop
        usage = chunk.get("usage") or (chunk.get("metadata") or {}).get("usage")
        self.count(self.model, usage, "inputTokens", "outputTokens", "cacheReadInputTokenCount", "cacheWriteInputTokenCount")

    def plain(self, chunk):
        part = next((chunk[key][0] for key in ("results", "outputs", "generations", "completions") if key in chunk), chunk)
        for key in ("outputText", "text", "generation", "completion", "message"):
            self.text += part.get(key) or ""
        self.text += (part.get("data") or {}).get("text", "")
        reason = part.get("finishReason")
        for reason in (reason.get("reason") if isinstance(reason, dict) else reason, *(part.get(key) for key in ("completionReason", "stop_reason", "finish_reason"))):
            self.stop = reason or self.stop
        self.count(self.model, chunk, "inputTextTokenCount", "totalOutputTextTokenCount")
        self.count(self.model, chunk, "prompt_token_count", "generation_token_count")
        if chunk.get("amazon-bedrock-guardrailAction") == "INTERVENED":
            self.stop = self.stop or "guardrail_intervened"


def of_invoke(record):
    got = Invoked(record)
    thoughts = "".join(THOUGHT.findall(got.text)) if record["model"].startswith("openai.") else ""
    return {
        "text": THOUGHT.sub("", got.text) if thoughts else got.text,
        "reasoning": thoughts or None,
        "tool_calls": [{"id": id, "name": name, "input": json.loads(given or "{}")} for id, name, given in got.calls.values()],
        "stop_reason": got.stop and WORDS.get(got.stop.lower(), got.stop.lower()),
        "usage": {f"{own}_tokens": got.model.get(own, got.billed.get(own, 0)) for own in COUNTS},
    }


def of_embedding(record):
    body, = chunks(record)
    vectors = body.get("embeddings", body.get("data", body.get("embedding")))
    if isinstance(vectors, dict):
        vectors = vectors["float"]
    vectors = [vectors] if isinstance(vectors[0], float) else [vector["embedding"] if isinstance(vector, dict) else vector for vector in vectors]
    return {"embeddings": vectors, "usage": {"input_tokens": int(record["response"]["headers"]["x-amzn-bedrock-input-token-count"])}}


def serve(folder):
    spec = importlib.util.spec_from_file_location("replay", os.path.join(folder, "replay.py"))
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    server = ThreadingHTTPServer(("127.0.0.1", 0), replay.H)
    server.daemon_threads = True
    server.args = types.SimpleNamespace(no_auth=False, loose=True, frame_ms=0)
    server.store = replay.Store(os.path.join(folder, "cassettes"), "all")
    server.faults, server.journal, server.lock, server.rng = [], [], threading.Lock(), random.Random(1)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def is_embedding(record):
    return "embed" in record["model"]


def model(record):
    """How an id of nobody's is called is not known: by InvokeModel it gets a family."""
    of_nobody = record["operation"].startswith("Invoke") and "." not in record["model"] and not record["model"].startswith("arn:")
    return f"anthropic.{record['model']}" if of_nobody else record["model"]


def call(args, server, record):
    streaming = "Stream" in record["operation"]
    server.store.find = lambda *_: (record, "forced")
    server.journal.clear()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        body = record["request"]["body"]
        json.dump(body if isinstance(body, dict) and record["operation"].startswith("Converse") else {"messages": [{"role": "user", "content": [{"text": "not recorded"}]}]}, file)
        file.flush()
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_REGION": record["region"] or "us-east-1",
               "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
        command = [args.rockpick, "route", "--api", "invoke" if record["operation"].startswith("Invoke") else "converse", "--messages", file.name, "--model", model(record), "--max-attempts", "1", "--include-legacy", "-o", "json", "--stream" if streaming else "--no-stream"]
        if is_embedding(record):
            command = [args.rockpick, "embed", "one text", "--model", record["model"], "--max-attempts", "1", "--include-legacy", "-o", "json"]
        return subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def compare(record, run):
    try:
        reply = json.loads(run.stdout)
    except ValueError:
        return [f"exit {run.returncode}: {run.stderr.strip()[:300]}"]
    if not record["operation"].startswith("Converse"):
        wanted = of_embedding(record) if is_embedding(record) else of_invoke(record)
        return [f"{key}: {reply[key]!r} instead of {value!r}" for key, value in wanted.items() if reply[key] != value]
    text, calls, stop, usage = of_stream(record) if record["operation"] == "ConverseStream" else of_reply(record)
    names = {"inputTokens": "input_tokens", "outputTokens": "output_tokens", "cacheReadInputTokens": "cache_read_input_tokens", "cacheWriteInputTokens": "cache_write_input_tokens"}
    wanted = {"text": text, "tool_calls": calls, "stop_reason": stop, "usage": {own: usage.get(name, 0) for name, own in names.items()}}
    return [f"{key}: {reply[key]!r} instead of {value!r}" for key, value in wanted.items() if reply[key] != value]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rockpick", default="target/debug/rockpick")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    server = serve(args.folder)
    records = sorted(server.store.byid.values(), key=lambda record: record["id"])
    good, same = collections.Counter(), collections.Counter()
    errors, right = 0, 0
    for record in records:
        if not record["operation"].startswith(("Converse", "InvokeModel")):
            continue
        run = call(args, server, record)
        if len(server.journal) != 1:
            print(f"{record['id']} {record['operation']} {record['model']}: {len(server.journal)} calls: {run.stderr.strip()[:300]}")
        if record["response"]["status"] == 200:
            operation = "embeddings" if is_embedding(record) else record["operation"]
            good[operation] += 1
            wrong = compare(record, run) + [f"called by {call['op']}" for call in server.journal if call["op"] != record["operation"]]
            same[operation] += not wrong
            for line in wrong:
                print(f"{record['id']} {record['operation']} {record['model']} {record['features']}: {line}")
        else:
            errors += 1
            said = json.loads(run.stderr) if run.stderr.startswith("{") else {}
            status, code = record["response"]["status"], record.get("error")
            expected = OUTCOMES.get(code) or {429: {"throttled"}, 500: {"internal"}, 503: {"throttled"}, 400: OUTCOMES["ValidationException"]}.get(status)
            ok = len(server.journal) == 1 and said.get("code") in expected and run.returncode in (2, 3, 4)
            right += ok
            if args.verbose or not ok:
                print(f"{record['id']} {record['operation']} {status} {code}: {said.get('code')} (exit {run.returncode}) {said.get('error')}")
    for operation in sorted(good):
        print(f"{operation}: {same[operation]} of {good[operation]} successful interactions came out identical")
    print(f"in all {same.total()} of {good.total()}, and {right} of {errors} errors as their class")
    return 0 if (same, right) == (good, errors) else 1


if __name__ == "__main__":
    sys.exit(main())
