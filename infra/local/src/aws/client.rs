//! How AWS is reached from inside the stack.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;

use super::REGION;

/// The configuration of clients that talk to the endpoint at `url`, and to no other: neither the environment
/// nor a profile has a say in it, and a proxy that they name is passed by.
pub(crate) fn config(url: &str, access_key: Option<&str>) -> SdkConfig {
    // Nobody checks the credentials, and without them the SDK would look for real ones.
    let credentials = Credentials::new(access_key.unwrap_or("local"), "local", None, None, "local");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(url)
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Builder::new().build_http())
        .build()
}
