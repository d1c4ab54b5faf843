//! A small Amazon Bedrock on loopback: answers as a test says, frames with checksums, and breaks off where it should.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    reason = "shared by several tests, each of which uses its own part"
)]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What one request brings.
#[derive(Clone, Debug)]
pub enum Says {
    /// A whole answer: status, error code, further header, body.
    Json {
        status: u16,
        code: Option<&'static str>,
        header: Option<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// A stream of these bytes, cut into chunks of a size, and how it ends.
    Stream { bytes: Vec<u8>, size: usize, end: End },
    /// The connection breaks at once.
    Reset,
    /// Nothing, for ever.
    Hang,
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Clean,
    /// The connection closes within the body.
    Cut,
    /// Nothing more comes, and the connection stays.
    Hang,
}

/// What was asked.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub authorization: String,
    pub body: Value,
}

/// The server; it lives as long as its runtime.
#[derive(Clone, Debug)]
pub struct Loopback {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    says: Arc<Mutex<VecDeque<Says>>>,
}

impl Loopback {
    /// Answers one request after another; the last answer stays.
    pub async fn start(says: impl IntoIterator<Item = Says>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = Self {
            url,
            seen: Arc::default(),
            says: Arc::new(Mutex::new(says.into_iter().collect())),
        };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let server = own.clone();
                // Small pieces go out at once, as Bedrock's do.
                let _ = connection.set_nodelay(true);
                tokio::spawn(async move { server.serve(connection).await });
            }
        });
        server
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a lock").clone()
    }

    fn next(&self) -> Says {
        let mut says = self.says.lock().expect("a lock");
        if says.len() > 1 {
            says.pop_front().expect("an answer")
        } else {
            says.front().cloned().expect("an answer")
        }
    }

    async fn serve(&self, connection: TcpStream) -> io::Result<()> {
        let mut connection = BufReader::new(connection);
        loop {
            let Some(seen) = request(&mut connection).await? else { return Ok(()) };
            self.seen.lock().expect("a lock").push(seen);
            match self.next() {
                Says::Reset => return connection.into_inner().set_zero_linger(),
                Says::Hang => std::future::pending().await,
                Says::Json { status, code, header, body } => {
                    answer(&mut connection, status, code, header, &body).await?;
                }
                Says::Stream { bytes, size, end } => {
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n";
                    connection.write_all(head.as_bytes()).await?;
                    for chunk in bytes.chunks(size) {
                        connection.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).await?;
                        connection.write_all(chunk).await?;
                        connection.write_all(b"\r\n").await?;
                        connection.flush().await?;
                    }
                    match end {
                        End::Clean => connection.write_all(b"0\r\n\r\n").await?,
                        End::Cut => return Ok(()),
                        End::Hang => std::future::pending().await,
                    }
                }
            }
        }
    }
}

async fn request(connection: &mut BufReader<TcpStream>) -> io::Result<Option<Seen>> {
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut authorization) = (0, String::new());
    loop {
        line.clear();
        connection.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap_or(0),
            "authorization" => authorization = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok(Some(Seen {
        path,
        authorization,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    }))
}

async fn answer(
    connection: &mut BufReader<TcpStream>,
    status: u16,
    code: Option<&str>,
    header: Option<(&'static str, String)>,
    body: &[u8],
) -> io::Result<()> {
    let code = code.map(|code| format!("x-amzn-errortype: {code}\r\n")).unwrap_or_default();
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\n{code}{header}content-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(body).await?;
    connection.flush().await
}

/// An error as Bedrock writes it.
pub fn error(status: u16, code: &'static str, message: &str) -> Says {
    Says::Json {
        status,
        code: Some(code),
        header: None,
        body: json!({ "message": message }).to_string().into_bytes(),
    }
}

/// A whole reply of Converse.
pub fn reply(text: &str) -> Says {
    let body = json!({
        "output": {"message": {"role": "assistant", "content": [{"text": text}, {}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1_000, "outputTokens": 100, "totalTokens": 1_100},
        "metrics": {"latencyMs": 1},
    });
    Says::Json { status: 200, code: None, header: None, body: body.to_string().into_bytes() }
}

/// A frame of a stream.
pub fn frame(kind: &'static str, name: &'static str, payload: &Value) -> Vec<u8> {
    let about = if kind == "event" { ":event-type" } else { ":exception-type" };
    let message = Message::new(payload.to_string().into_bytes())
        .add_header(Header::new(":message-type", HeaderValue::String(kind.into())))
        .add_header(Header::new(about, HeaderValue::String(name.into())));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).expect("a frame");
    bytes
}

/// The frames of an answer: its words, then the stop and the figures, so that a test can leave some out.
pub fn frames(words: &[&str]) -> Vec<Vec<u8>> {
    let delta = |word: &&str| {
        frame(
            "event",
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": {"text": word}}),
        )
    };
    let mut frames = vec![frame("event", "messageStart", &json!({"role": "assistant"}))];
    frames.extend(words.iter().map(delta));
    frames.push(frame("event", "contentBlockStop", &json!({"contentBlockIndex": 0})));
    frames.push(frame("event", "messageStop", &json!({"stopReason": "end_turn"})));
    frames.push(frame(
        "event",
        "metadata",
        &json!({"usage": {"inputTokens": 1_000, "outputTokens": 100}, "metrics": {"latencyMs": 1}}),
    ));
    frames
}

/// A stream of whole frames.
pub fn stream(frames: &[Vec<u8>], size: usize, end: End) -> Says {
    Says::Stream { bytes: frames.concat(), size, end }
}
