//! Which service and operation a request is for.

use http::Method;
use http::request::Parts;

use crate::calls::Service;

const SES_PREFIX: &str = "/v2/email/";

/// One call of an AWS service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// The service called.
    pub(crate) service: Service,
    /// The operation, as AWS names it.
    pub(crate) operation: String,
}

impl Call {
    /// Reads the call off a request, if it is one.
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        if let Some(target) = parts.headers.get("x-amz-target") {
            let (prefix, operation) = target.to_str().ok()?.split_once('.')?;
            let service = match prefix {
                "DynamoDB_20120810" => Service::DynamoDb,
                "secretsmanager" => Service::SecretsManager,
                "AmazonSQS" => Service::Sqs,
                _ => return None,
            };
            return Some(Self { service, operation: operation.to_owned() });
        }
        let resource = parts.uri.path().strip_prefix(SES_PREFIX)?;
        Some(Self { service: Service::SesV2, operation: ses_operation(&parts.method, resource) })
    }

    /// Whether the call sends one mail.
    pub(crate) fn sends_mail(&self) -> bool {
        self.service == Service::SesV2 && self.operation == "SendEmail"
    }
}

/// The names of the operations that Lectern could have use for; others go by method and path.
fn ses_operation(method: &Method, resource: &str) -> String {
    let kind = resource.split('/').next().unwrap_or_default();
    let name = match (method.as_str(), kind, resource.contains('/')) {
        ("POST", "outbound-emails", false) => "SendEmail",
        ("POST", "outbound-bulk-emails", false) => "SendBulkEmail",
        ("POST", "identities", false) => "CreateEmailIdentity",
        ("GET", "identities", false) => "ListEmailIdentities",
        ("GET", "identities", true) => "GetEmailIdentity",
        ("GET", "account", false) => "GetAccount",
        _ => return format!("{method} {SES_PREFIX}{resource}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn call(request: http::request::Builder) -> Option<Call> {
        Call::of(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn tells_services_apart() {
        let dynamo = call(Request::post("/").header("x-amz-target", "DynamoDB_20120810.GetItem")).unwrap();
        assert_eq!((dynamo.service, dynamo.operation.as_str()), (Service::DynamoDb, "GetItem"));
        let mail = call(Request::post("/v2/email/outbound-emails")).unwrap();
        assert!(mail.sends_mail());
        assert_eq!(call(Request::post("/").header("x-amz-target", "Kinesis_20131202.PutRecord")), None);
        assert_eq!(call(Request::get("/")), None);
    }
}
