//! An authorization code, by itself or inside the address that Zoom sent the administrator back to.

use secrecy::{ExposeSecret, SecretString};
use shared::http::fields::Fault;
use shared::http::problem::FieldCode;
use shared::language::Message;
use url::{Host, Url};

use super::hidden;

/// What was pasted.
#[derive(Debug)]
pub(crate) struct Pasted {
    pub(crate) code: SecretString,
    /// The address that it was in, without the code.
    address: Option<Url>,
}

impl Pasted {
    /// What is wrong where it came to another address than `redirect_uri`: Zoom would refuse the two together.
    pub(crate) fn contradicts(&self, redirect_uri: &str) -> Option<Fault> {
        let address = self.address.as_ref()?;
        if Url::parse(redirect_uri).is_ok_and(|uri| uri == *address) {
            return None;
        }
        let (sent, needed) = (redirect_uri.to_owned(), address.to_string());
        let detail = Message::new("redirect-uri-contradiction").with("sent", sent).with("needed", needed);
        Some(Fault::new(FieldCode::Contradiction, detail))
    }
}

/// Reads what was pasted.
pub(crate) fn pasted(text: Option<SecretString>) -> Result<Pasted, Fault> {
    let text = hidden::checked(text, 1..=4096)?;
    let exposed = text.expose_secret();
    if !exposed.starts_with("https://") && !exposed.starts_with("http://") {
        // A part of the address alone: `code=…`, perhaps with what stood before or after it.
        let part = exposed.rsplit_once("code=").map_or(exposed, |(_, rest)| rest);
        let code = part.split(['&', '#']).next().unwrap_or_default();
        return Ok(Pasted { code: checked_code(code)?, address: None });
    }
    let mut address =
        Url::parse(exposed).map_err(|_| Fault::invalid("begins like an address and is none"))?;
    let value =
        |name| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    if value("error").is_some() {
        return Err(Fault::invalid(
            "is the address of a refusal: the app was not allowed in Zoom. Authorize it again and allow it",
        ));
    }
    let Some(code) = value("code").map(SecretString::from) else {
        return Err(Fault::invalid("is an address without `code=`; paste the whole one that Zoom leads to"));
    };
    let code = checked_code(code.expose_secret())?;
    let others: Vec<(String, String)> = address
        .query_pairs()
        .filter(|(name, _)| name != "code" && name != "state")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    address.set_fragment(None);
    address.set_query(None);
    if !others.is_empty() {
        address.query_pairs_mut().extend_pairs(others);
    }
    Ok(Pasted { code, address: Some(address) })
}

/// An address as Zoom takes it for a redirect: https, or http on the same machine. It is sent to Zoom as it is.
pub(crate) fn redirect_uri(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let url = Url::parse(text)
        .map_err(|_| Fault::invalid("must be an address, such as https://lms.example/zoom"))?;
    let is_own = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_own) {
        return Err(Fault::invalid("must begin with https://"));
    }
    if url.fragment().is_some() {
        return Err(Fault::invalid("must have no part after a #"));
    }
    Ok(text.to_owned())
}

fn checked_code(code: &str) -> Result<SecretString, Fault> {
    if code.is_empty() || code.len() > 1024 || !code.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Fault::invalid(
            "is no authorization code; paste it whole, or the whole address it is in",
        ));
    }
    Ok(SecretString::from(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "https://lms.example/zoom";

    fn read(text: &str) -> Result<Pasted, Fault> {
        pasted(Some(SecretString::from(text)))
    }

    #[test]
    fn a_code_is_taken_out_of_the_address_that_it_came_in() {
        for text in [
            " the-code\n",
            "https://lms.example/zoom?code=the-code",
            "https://lms.example/zoom?state=x&code=the-code#top",
            "lms.example/zoom?code=the-code&state=x",
            "code=the-code",
        ] {
            let pasted = read(text).unwrap();
            assert_eq!(pasted.code.expose_secret(), "the-code", "{text}");
            assert!(pasted.contradicts(HOME).is_none(), "{text}");
        }
        let root = read("https://lms.example/?code=c").unwrap();
        assert!(root.contradicts("https://lms.example").is_none());
        let with_query = read("https://lms.example/zoom?tenant=7&code=c").unwrap();
        assert!(with_query.contradicts("https://lms.example/zoom?tenant=7").is_none());
    }

    #[test]
    fn an_address_that_is_not_the_redirect_uri_is_told() {
        let pasted = read("https://other.example/zoom?code=the-code").unwrap();
        let fault = pasted.contradicts(HOME).unwrap();
        assert!(!format!("{fault:?}").contains("the-code"));
        assert!(format!("{fault:?}").contains("https://other.example/zoom"));
    }

    #[test]
    fn what_holds_no_code_is_refused() {
        for text in
            ["", "two words", "https://lms.example/zoom", "https://lms.example/zoom?error=access_denied"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_redirect_uri_is_https_or_on_this_machine() {
        for fine in [HOME, "http://localhost:3000/zoom", "http://127.0.0.1/", " https://lms.example "] {
            assert_eq!(redirect_uri(fine).unwrap(), fine.trim());
        }
        for wrong in
            ["http://lms.example/", "zoom", "ftp://lms.example/", "https://lms.example/#x", "javascript:1"]
        {
            assert!(redirect_uri(wrong).is_err(), "{wrong}");
        }
    }
}
