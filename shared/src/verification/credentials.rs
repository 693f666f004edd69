//! Whether Zoom gives the app a token.

use crate::domain::connection::{Check, CheckId};
use crate::store::grants::Lost;
use crate::zoom::{App, Authorization, TokenFault, ZoomError};

use super::checks::{fail, pass};
use super::paths::{APP, DELAY};

const ID: CheckId = CheckId::Credentials;

/// Zoom gave a token.
pub(super) fn accepted(app: &App) -> Check {
    let used = match app.authorization {
        Authorization::Code { .. } => {
            " The code has been used with that: to connect the app takes a new one."
        }
        Authorization::Account(_) | Authorization::Kept(_) => "",
    };
    pass(ID, format!("Zoom accepts the app{}.{used}", for_account(app)))
}

/// Zoom gave none.
pub(super) fn refused(error: ZoomError, app: &App) -> Check {
    let ZoomError::Token(fault) = error else { return interrupted(ID, &error) };
    match fault {
        TokenFault::WrongClient => fail(
            ID,
            "Wrong client id or client secret: Zoom does not know the two together.",
            format!(
                "{APP} > App Credentials: copy Client ID and Client secret again, whole and from the same \
                 app. If the secret was regenerated there, the old one no longer works."
            ),
        ),
        TokenFault::WrongAccount => fail(
            ID,
            format!(
                "Wrong account id: Zoom knows the client id and secret, but nothing{} that has the app.",
                for_account(app)
            ),
            format!(
                "{APP} > App Credentials: copy Account ID again. It is neither the account number nor an \
                 e-mail address, and it is that of the account in which the app was made."
            ),
        ),
        TokenFault::NotActivated => fail(
            ID,
            "The app is not activated, or is not a Server-to-Server OAuth app.",
            format!(
                "{APP} > Activation > Activate your app. Where there is no such page, the app is of another \
                 kind: make one with Develop > Build App > Server-to-Server OAuth App. {DELAY}"
            ),
        ),
        TokenFault::Disabled => fail(
            ID,
            "The app has been disabled.",
            format!(
                "{APP} > Activation > Activate your app. Where it cannot be activated, ask the owner of the \
                 Zoom account to allow it under Zoom App Marketplace > Manage > Apps on Account. {DELAY}"
            ),
        ),
        TokenFault::WrongKind => fail(
            ID,
            "The app is of another kind than the one that was named.",
            format!("{APP}: see whether it is a Server-to-Server OAuth App or a General App."),
        ),
        TokenFault::BadGrant => fail(
            ID,
            "The authorization code is wrong, older than five minutes, or was used before.",
            format!("{AUTHORIZE}."),
        ),
        TokenFault::RedirectUri => fail(
            ID,
            format!("The redirect URI {} is not the one that the app names.", redirect_uri(app)),
            format!("{APP} > Basic Information > OAuth Redirect URL: both must be equal, to the letter."),
        ),
        TokenFault::Lost(Lost::Interrupted) => fail(
            ID,
            "The app must be connected again: renewing its token was interrupted after Zoom had given a new \
             one, and the old one is used up with that.",
            format!("{AUTHORIZE}."),
        ),
        TokenFault::Lost(Lost::Refused) => fail(
            ID,
            "The app must be connected again: Zoom no longer takes its refresh token. The app was removed, \
             or allowed again elsewhere.",
            format!("{AUTHORIZE}."),
        ),
        TokenFault::Other(reason) => fail(
            ID,
            format!("Zoom gives the app no token. Its reason: {}", reason_or_none(&reason)),
            format!(
                "{APP}: compare Account ID, Client ID and Client secret under App Credentials, and see \
                 under Activation that the app is activated."
            ),
        ),
    }
}

/// What gives a new code.
const AUTHORIZE: &str =
    "Open the app's authorization page in Zoom again, allow the app, and send the new code";

fn redirect_uri(app: &App) -> &str {
    match &app.authorization {
        Authorization::Code { redirect_uri, .. } => redirect_uri,
        Authorization::Account(_) | Authorization::Kept(_) => "",
    }
}

fn for_account(app: &App) -> String {
    match &app.authorization {
        Authorization::Account(account) => format!(" for the account {account}"),
        Authorization::Code { .. } | Authorization::Kept(_) => String::new(),
    }
}

/// Zoom could not be asked, or its answer not be read.
pub(super) fn interrupted(id: CheckId, error: &ZoomError) -> Check {
    match error {
        ZoomError::Rejected { code: 124, .. } => fail(
            id,
            "Zoom gave the app a token and does not accept it: the app was deactivated a moment ago.",
            format!("{APP} > Activation > Activate your app. {DELAY}"),
        ),
        ZoomError::Rejected { message, .. } | ZoomError::NotFound { message, .. } => fail(
            id,
            format!("Zoom refused: {message}"),
            format!(
                "The user who made the app needs a role that may see users and edit meetings: Zoom web \
                 portal > Admin > User Management > Roles. Then {APP} > Activation. {DELAY}"
            ),
        ),
        ZoomError::RateLimited { retry_after } => fail(
            id,
            format!("Zoom asks for a pause of {retry_after} seconds: the account makes too many calls."),
            "Nothing in Zoom needs to be changed for this; check again after the pause.",
        ),
        other => fail(
            id,
            format!("Zoom out of reach: {other}."),
            "Nothing in the app needs to be changed for this; see https://status.zoom.us and check again in \
             a few minutes.",
        ),
    }
}

fn reason_or_none(reason: &str) -> String {
    if reason.is_empty() { "none given.".to_owned() } else { reason.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use crate::domain::connection::CheckStatus;
    use crate::zoom::{AppSecret, GivenSecret};
    use secrecy::SecretString;

    use super::*;

    fn app() -> App {
        App {
            client_id: "cli".to_owned(),
            authorization: Authorization::Account("acc-1".parse().unwrap()),
            secret: AppSecret::Given(GivenSecret::from(SecretString::from("hidden"))),
        }
    }

    #[test]
    fn each_refusal_of_a_token_is_told_apart_with_its_own_fix() {
        let cases = [
            (TokenFault::WrongClient, "client secret", "Client secret"),
            (TokenFault::WrongAccount, "account id", "Account ID"),
            (TokenFault::NotActivated, "not activated", "Activate your app"),
            (TokenFault::Disabled, "disabled", "Apps on Account"),
            (TokenFault::Other("Odd".to_owned()), "Odd", "App Credentials"),
        ];
        for (fault, said, clicked) in cases {
            let check = refused(ZoomError::Token(fault), &app());
            assert_eq!(check.status, CheckStatus::Fail);
            assert!(check.detail.contains(said), "{}", check.detail);
            assert!(check.fix.unwrap().contains(clicked));
        }
    }

    #[test]
    fn an_outage_blames_nobody() {
        let check = refused(ZoomError::Unreachable("it did not answer in time".to_owned()), &app());
        assert!(check.detail.starts_with("Zoom out of reach"), "{}", check.detail);
        assert!(check.fix.unwrap().starts_with("Nothing in the app"));
    }
}
