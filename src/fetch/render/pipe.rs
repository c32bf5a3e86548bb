//! The browser's pipes: messages of the DevTools protocol, JSON with a zero byte after each.

use std::io;
use std::os::fd::OwnedFd;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::pipe;

/// A message of the browser.
pub(super) enum Message {
    /// What a command came to.
    Answer {
        id: u64,
        result: Result<Value, String>,
    },
    Event {
        method: String,
        params: Value,
    },
}

/// Both directions. What is read is bounded.
#[derive(Debug)]
pub(super) struct Pipe {
    to: pipe::Sender,
    from: BufReader<pipe::Receiver>,
    /// Of the message that is being read: reading may be broken off and go on.
    part: Vec<u8>,
    last_id: u64,
    message_bytes_max: usize,
}

impl Pipe {
    pub(super) fn new(to: OwnedFd, from: OwnedFd, message_bytes_max: usize) -> io::Result<Self> {
        let (to, from) = (pipe::Sender::from_owned_fd(to)?, pipe::Receiver::from_owned_fd(from)?);
        Ok(Self { to, from: BufReader::new(from), part: Vec::new(), last_id: 0, message_bytes_max })
    }

    /// Gives a command, to a session where one is named; its answer will have the id returned.
    pub(super) async fn send(&mut self, session: Option<&str>, method: &str, params: Value) -> io::Result<u64> {
        self.last_id += 1;
        let mut command = json!({ "id": self.last_id, "method": method, "params": params });
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).await?;
        Ok(self.last_id)
    }

    /// The next message. Nothing is lost where this is not waited for to its end.
    pub(super) async fn next(&mut self) -> io::Result<Message> {
        loop {
            let bytes = self.from.fill_buf().await?;
            if bytes.is_empty() {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ended"));
            }
            let end = memchr::memchr(0, bytes);
            let taken = end.map_or(bytes.len(), |end| end + 1);
            self.part.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
            self.from.consume(taken);
            if self.part.len() > self.message_bytes_max {
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it told more than there is room for"));
            }
            if end.is_some() {
                return message(&std::mem::take(&mut self.part));
            }
        }
    }

    /// Waits for the answer to a command, whatever is told meanwhile.
    pub(super) async fn answer(&mut self, to: u64) -> io::Result<Value> {
        loop {
            if let Message::Answer { id, result } = self.next().await?
                && id == to
            {
                return result.map_err(io::Error::other);
            }
        }
    }
}

fn message(bytes: &[u8]) -> io::Result<Message> {
    let mut message: Value = serde_json::from_slice(bytes)?;
    let Some(id) = message["id"].as_u64() else {
        let method = message["method"].as_str().unwrap_or_default().to_owned();
        return Ok(Message::Event { method, params: message["params"].take() });
    };
    let result = match message["error"]["message"].as_str() {
        Some(why) => Err(why.to_owned()),
        None => Ok(message["result"].take()),
    };
    Ok(Message::Answer { id, result })
}
