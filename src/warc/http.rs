//! The HTTP message in a `response` record.

/// Status, headers and body of an answer, as the server sent them; only the transfer coding is undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Takes the block of a `response` record apart; `None` when it is no HTTP answer.
pub fn response(block: &[u8]) -> Option<Response> {
    let (head, body) = split(block)?;
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/")?.split_whitespace().nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let chunked = |(name, value): &(String, String)| {
        name == "transfer-encoding" && value.to_ascii_lowercase().contains("chunked")
    };
    // Some writers undo the chunks and leave the header.
    let whole = headers.iter().any(chunked).then(|| unchunk(body)).flatten();
    Some(Response { status, headers, body: whole.unwrap_or_else(|| body.to_vec()) })
}

pub(super) fn split(block: &[u8]) -> Option<(&[u8], &[u8])> {
    let crlf = memchr::memmem::find(block, b"\r\n\r\n").map(|at| (at, 4));
    let lf = memchr::memmem::find(block, b"\n\n").map(|at| (at, 2));
    let mixed = memchr::memmem::find(block, b"\n\r\n").map(|at| (at, 3));
    let (at, gap) = [crlf, lf, mixed].into_iter().flatten().min().unwrap_or((block.len(), 0));
    block.starts_with(b"HTTP/").then(|| (&block[..at], &block[at + gap..]))
}

/// The body without its chunks' lengths; `None` when it has no chunks.
pub(super) fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..length)?);
        rest = rest[length..].strip_prefix(b"\r\n").or(rest[length..].strip_prefix(b"\n"))?;
    }
}
