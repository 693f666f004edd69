//! Where to click in Zoom's consoles.

/// The page of the app in the Zoom App Marketplace.
pub(super) const APP: &str = "Zoom App Marketplace > Develop > Build App (or Manage) > your app";
/// The list of the account's users.
pub(super) const USERS: &str = "Zoom web portal > Admin > User Management > Users";
/// The account's plans.
pub(super) const PLANS: &str = "Zoom web portal > Admin > Plans and Billing > Plan Management";
/// What to bear in mind after every change.
pub(super) const DELAY: &str = "Zoom can take a few minutes to apply a change; then check again.";
