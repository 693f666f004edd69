//! Zoom's words on a refusal, which are shown and kept, without the secrets that it was told.

/// `words` with an ellipsis in place of each of `secrets`: Zoom is known to repeat authorization codes.
pub(super) fn without(words: &str, secrets: &[&str]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    secrets.fold(words.to_owned(), |words, secret| words.replace(secret, "…"))
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn every_secret_goes_wherever_it_is() {
        assert_eq!(without("Invalid code a1: a1, b2", &["a1", "", "b2"]), "Invalid code …: …, …");
        assert_eq!(without("Invalid code", &[""]), "Invalid code");
    }
}
