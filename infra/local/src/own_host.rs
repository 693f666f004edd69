//! Keeps pages from elsewhere out: one may point a name of its own at this machine, and would then pass for
//! this origin.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header;

use shared::http::{Code, Problem};

/// Refuses a request that came by a name which is not this machine's own.
pub(crate) async fn require(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = request.uri().host().or(host);
    if named.is_some_and(is_this_machine) {
        return next.run(request).await;
    }
    let detail = "The local stack answers only to localhost and 127.0.0.1; use one of them in the URL.";
    Problem::new(Code::Forbidden, detail).respond(request.uri().path())
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_names() {
        for own in ["127.0.0.1", "127.0.0.1:9000", "localhost:9000", "LOCALHOST"] {
            assert!(is_this_machine(own), "{own}");
        }
        for foreign in ["evil.example", "localhost.evil.example:9000", "127.0.0.1.evil.example", ""] {
            assert!(!is_this_machine(foreign), "{foreign}");
        }
    }
}
