//! How an operation can end: statuses and headers that every operation of its kind has.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Components, ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type};

/// Whatever else can go wrong.
const OTHER: &str = "Problem";

/// The statuses of problems, the names of their responses, and what they mean.
const PROBLEMS: [(&str, &str, &str); 11] = [
    ("400", "BadRequest", "The request cannot be read"),
    ("401", "Unauthorized", "The token is missing, mistyped, expired or revoked"),
    ("403", "Forbidden", "The token does not allow this; `scope` names what is missing"),
    ("404", "NotFound", "There is no such thing, or none that the token may know of"),
    ("409", "Conflict", "It does not go with what there is, or somebody else was changing the same"),
    ("413", "TooLarge", "The body has too many bytes"),
    ("415", "UnsupportedMediaType", "The body is not of the type that is taken"),
    ("422", "Unprocessable", "It can be read and is refused; `detail` says what is wrong and what would help"),
    ("429", "TooManyRequests", "The store's share, or the token's, is in use; try again later"),
    ("503", "Unavailable", "The host is busy, stopping, or without its database; try again later"),
    ("default", OTHER, "Why it was not carried out"),
];

const REQUEST_ID: &str = "x-request-id";
const TOKEN_ENDS: &str = "storehand-token-ends";
const REPLAYED: &str = "idempotency-replayed";
const RETRY_AFTER: &str = "retry-after";
const AUTHENTICATE: &str = "www-authenticate";

/// Headers of answers, and what they say.
const HEADERS: [(&str, Type, &str); 5] = [
    (REQUEST_ID, Type::String, "The request's own `x-request-id`, or one from the host; the host's log has it, too"),
    (TOKEN_ENDS, Type::String, "Sent when the token ends soon: at this moment, RFC 3339"),
    (REPLAYED, Type::String, "`true` if this is the answer of the first time"),
    (RETRY_AFTER, Type::Integer, "After how many seconds it is worth trying again"),
    (AUTHENTICATE, Type::String, "How to say who asks"),
];

/// Adds what [`complete`] refers to.
pub(super) fn components(components: &mut Components) {
    for (name, kind, words) in HEADERS {
        let schema = ObjectBuilder::new().schema_type(kind);
        let header = HeaderBuilder::new().schema(Some(schema)).description(Some(words)).build();
        components.headers.insert(name.to_owned(), header.into());
    }
    for (status, name, words) in PROBLEMS {
        let mut response = problem(words);
        header(&mut response, REQUEST_ID);
        match status {
            "401" => header(&mut response, AUTHENTICATE),
            "429" | "503" => header(&mut response, RETRY_AFTER),
            _ => {}
        }
        if status != "401" {
            header(&mut response, TOKEN_ENDS);
        }
        components.responses.insert(name.to_owned(), response.into());
    }
}

fn problem(words: &str) -> Response {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(words).content("application/problem+json", problem).build()
}

fn header(response: &mut Response, name: &str) {
    response.headers.insert(name.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))));
}

/// Every way an operation can end: one that only `reads`, or one that takes a key.
pub(super) fn complete(operation: &mut Operation, reads: bool, keyed: bool) {
    let sends = operation.request_body.is_some();
    let asks = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let any_token = SecurityRequirement::new("token", Vec::<String>::new());
    let guarded = operation.security.iter().flatten().any(|one| *one != any_token);
    let fits = |status: &str| match status {
        "400" | "422" => sends || asks,
        "403" => guarded,
        "404" => asks,
        "409" => !reads,
        "413" | "415" => sends,
        _ => true,
    };
    let responses = &mut operation.responses.responses;
    // A description is not optional (OpenAPI 3.1, 4.8.17), and what a success holds is said by its schema.
    for response in responses.values_mut() {
        if let RefOr::T(response) = response {
            if response.description.is_empty() {
                response.description = "It was carried out".to_owned();
            }
            header(response, REQUEST_ID);
            header(response, TOKEN_ENDS);
            if keyed {
                header(response, REPLAYED);
            }
        }
    }
    for (status, name, _) in PROBLEMS.into_iter().filter(|(status, ..)| fits(status)) {
        responses.entry(status.to_owned()).or_insert_with(|| Ref::from_response_name(name).into());
    }
}
