//! The description of what learning platforms are told.

use shared::platform::event::Said;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{
    HttpMethod, ObjectBuilder, OpenApi, PathItem, PathsBuilder, Ref, RefOr, Required, ResponseBuilder,
    Schema, Type,
};
use utoipa::{PartialSchema, ToSchema};

const EVENTS: [(&str, &str); 5] = [
    ("meeting.scheduled", "A meeting takes place."),
    ("meeting.updated", "Something of what attendees are told about a meeting has changed."),
    ("meeting.cancelled", "A meeting does not take place."),
    ("reminder.due", "A date of a meeting comes up."),
    ("connection.failed", "A connection has stopped working."),
];
const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "The event's id, the same each time that it is sent."),
    ("webhook-timestamp", "When it is sent, in seconds since 1970."),
    ("webhook-signature", "The signatures, divided by spaces: `v1,` and the HMAC-SHA256 in Base64."),
];

/// Adds the events to the description of the API.
pub(crate) fn describe(document: &mut OpenApi) {
    let name = Said::name().into_owned();
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(name.clone(), Said::schema())];
    Said::schemas(&mut schemas);
    document.components.get_or_insert_default().schemas.extend(schemas);
    let webhooks = EVENTS.into_iter().fold(PathsBuilder::new(), |paths, (event, summary)| {
        let schema = Ref::from_schema_name(&name);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body =
            RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True));
        let taken = ResponseBuilder::new().description("Taken; any other answer has it sent again").build();
        let gone = ResponseBuilder::new().description("No more events are wanted").build();
        let operation = OperationBuilder::new()
            .tag("events")
            .summary(Some(summary))
            .parameters(Some(HEADERS.map(header)))
            .request_body(Some(body.build()))
            .response("2XX", taken)
            .response("410", gone);
        paths.path(event, PathItem::new(HttpMethod::Post, operation.build()))
    });
    document.webhooks = Some(webhooks.build());
}

fn header((name, description): (&str, &str)) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .build()
}
