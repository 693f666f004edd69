//! What ties together all that comes of one request.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The id of a trace, as AWS writes it: `1-5759e988-bd862e3fe1be46a994272793`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TraceId(u128);

/// What is no id of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a trace is named by a 1, 8 and 24 hexadecimal digits, with hyphens between")]
pub struct NoTraceId;

impl TraceId {
    /// The trace that a header `X-Amzn-Trace-Id` names as its root.
    pub fn of_header(header: &str) -> Option<Self> {
        let mut fields = header.split(';').filter_map(|field| field.trim().split_once('='));
        fields.find(|(name, _)| *name == "Root").and_then(|(_, root)| root.parse().ok())
    }

    /// A trace that begins here, by a new id.
    pub fn new(id: Uuid) -> Self {
        Self(id.as_u128())
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1-{:08x}-{:024x}", self.0 >> 96, self.0 & ((1 << 96) - 1))
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TraceId {
    type Err = NoTraceId;

    fn from_str(text: &str) -> Result<Self, NoTraceId> {
        let digits = |part: &str, count| {
            let all = part.len() == count && part.bytes().all(|byte| byte.is_ascii_hexdigit());
            all.then(|| u128::from_str_radix(part, 16).ok()).flatten().ok_or(NoTraceId)
        };
        let rest = text.strip_prefix("1-").ok_or(NoTraceId)?;
        let (seconds, random) = rest.split_once('-').ok_or(NoTraceId)?;
        Ok(Self((digits(seconds, 8)? << 96) | digits(random, 24)?))
    }
}

impl TryFrom<String> for TraceId {
    type Error = NoTraceId;

    fn try_from(text: String) -> Result<Self, NoTraceId> {
        text.parse()
    }
}

impl From<TraceId> for String {
    fn from(id: TraceId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_load_balancer_or_api_gateway_sends() {
        let root = "1-5759e988-bd862e3fe1be46a994272793";
        for header in [
            root.replace("1-", "Root=1-"),
            format!("Root={root};Parent=53995c3f42cd8ad8;Sampled=1"),
            format!("Self=1-67891234-12456789abcdef012345678;Root={root}"),
        ] {
            assert_eq!(TraceId::of_header(&header).unwrap().to_string(), root);
        }
    }

    #[test]
    fn takes_nothing_else() {
        for header in ["", "Root=", "Root=1-2", "Root=1-5759e988-xd862e3fe1be46a994272793", "Parent=1"] {
            assert_eq!(TraceId::of_header(header), None, "{header}");
        }
        assert_eq!("2-5759e988-bd862e3fe1be46a994272793".parse::<TraceId>(), Err(NoTraceId));
    }

    #[test]
    fn a_new_one_reads_back() {
        let id = TraceId::new(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "1-00000000-000000000000000000000007");
        let text = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<TraceId>(&text).unwrap(), id);
    }
}
