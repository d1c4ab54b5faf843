//! The terms in which tasks, models and offers are described.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a model takes or gives.
    Modality {
        /// Written text.
        Text = "text",
        /// Pictures, and pages seen as pictures.
        Image = "image",
        /// Moving pictures.
        Video = "video",
        /// Sound without words in particular.
        Audio = "audio",
        /// Spoken words.
        Speech = "speech",
        /// Vectors.
        Embedding = "embedding",
    }
}

vocabulary! {
    /// What a model is for: models of different kinds are called in different ways.
    Kind {
        /// Text in, text out, perhaps with pictures and documents.
        Text = "text",
        /// Makes or edits pictures.
        Image = "image",
        /// Makes video.
        Video = "video",
        /// Speaks and listens.
        Speech = "speech",
        /// Turns content into vectors.
        Embedding = "embedding",
        /// Orders search results.
        Rerank = "rerank",
    }
}

vocabulary! {
    /// Something a model or its API can do. `rules/features.toml` has titles and words.
    Feature {
        /// Served by Converse.
        Converse = "converse",
        /// Served by InvokeModel.
        Invoke = "invoke",
        /// Answers arrive as they are written.
        Streaming = "streaming",
        /// Calls functions.
        Tools = "tools",
        /// Takes a system prompt.
        SystemPrompt = "system-prompt",
        /// Understands pictures.
        Vision = "vision",
        /// Takes documents such as PDF.
        Documents = "documents",
        /// Thinks before it answers.
        Reasoning = "reasoning",
        /// Prompt caching.
        Caching = "caching",
        /// Output held to a JSON schema.
        Json = "json",
        /// Guardrails apply.
        Guardrails = "guardrails",
        /// Batch inference.
        Batch = "batch",
        /// The flex tier.
        Flex = "flex",
        /// The priority tier.
        Priority = "priority",
        /// Exact token counts before a call.
        CountTokens = "count-tokens",
        /// Can be fine-tuned.
        FineTuning = "fine-tuning",
        /// Bedrock Agents.
        Agents = "agents",
        /// Bedrock Knowledge Bases.
        KnowledgeBase = "knowledge-base",
        /// Drives a computer's screen.
        ComputerUse = "computer-use",
        /// Latency-optimized inference.
        LatencyOptimized = "latency-optimized",
        /// Intelligent prompt routing.
        PromptRouting = "prompt-routing",
    }
}

vocabulary! {
    /// How an offer is called, and with that where data may go.
    Route {
        /// By the bare id; data stays in the source Region.
        InRegion = "in-region",
        /// By a geographic inference profile; data stays in its destination Regions.
        Geo = "geo",
        /// By the global inference profile; data may go to any commercial Region.
        Global = "global",
        /// By the bedrock-mantle endpoint; not by Converse or InvokeModel.
        Mantle = "mantle",
    }
}

vocabulary! {
    /// A service tier: the same model at another price and urgency.
    Tier {
        /// The usual.
        Standard = "standard",
        /// Files of requests within a day.
        Batch = "batch",
        /// Slower and cheaper.
        Flex = "flex",
        /// Faster and dearer.
        Priority = "priority",
    }
}

vocabulary! {
    /// Which APIs may serve the answer.
    Api {
        /// What bedrock-runtime takes of conversations: Converse, or InvokeModel in a body that is known.
        Runtime = "runtime",
        /// Only Converse.
        Converse = "converse",
        /// Only InvokeModel.
        Invoke = "invoke",
        /// Also what only bedrock-mantle serves.
        Any = "any",
    }
}

vocabulary! {
    /// How much a model thinks before it answers, least first.
    Effort {
        /// Not at all.
        None = "none",
        /// The least that can be asked for.
        Minimal = "minimal",
        /// A little.
        Low = "low",
        /// More.
        Medium = "medium",
        /// Much.
        High = "high",
        /// Very much.
        Xhigh = "xhigh",
        /// As much as it can.
        Max = "max",
        /// It thinks, for a model that knows only on and off.
        On = "on",
    }
}

vocabulary! {
    /// The API that a call is written for.
    Interface {
        /// Converse, on bedrock-runtime.
        Converse = "converse",
        /// InvokeModel, on bedrock-runtime.
        Invoke = "invoke",
        /// Responses, on bedrock-mantle.
        Responses = "responses",
        /// Chat Completions, on bedrock-mantle.
        ChatCompletions = "chat-completions",
        /// Messages, on bedrock-mantle.
        Messages = "messages",
    }
}

vocabulary! {
    /// What weighs most among the offers that fit. `rules/preferences.toml` says what each does.
    Preference {
        /// The cheapest that is good enough.
        Cost = "cheap",
        /// The best.
        Quality = "quality",
        /// The fastest that is good enough.
        Speed = "fast",
        /// The cheapest of the good ones.
        Balanced = "balanced",
    }
}

vocabulary! {
    /// How soon an answer is needed.
    Latency {
        /// While somebody waits.
        Low = "low",
        /// Hours later is fine.
        Batch = "batch",
    }
}

vocabulary! {
    /// What the provider or AWS may keep of prompts.
    Retention {
        /// Nothing.
        None = "none",
        /// AWS may keep flagged traffic for review.
        Aws = "aws",
        /// Shared with the provider.
        Provider = "provider",
    }
}

vocabulary! {
    /// What a budget is for.
    Per {
        /// One request.
        Request = "request",
        /// All requests of a month.
        Month = "month",
        /// A million tokens, input and output together in the task's own mix.
        MillionTokens = "1m",
        /// One picture.
        Image = "image",
    }
}
