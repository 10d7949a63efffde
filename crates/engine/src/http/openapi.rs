//! The description of the API, generated from the manifest: OpenAPI 3.1.

use super::respond::typed;
use crate::server::Server;
use axum::body::Body;
use axum::http::Response;
use base::form::{Field, Kind};
use base::{Lang, T};
use kernel::{Method, Route};
use serde_json::{Map, Value, json};

/// The description as a response.
pub(super) fn answer(server: &Server) -> Response<Body> {
    typed("application/json", describe(server).to_string().into_bytes())
}

/// The description.
pub(super) fn describe(server: &Server) -> Value {
    let t = T::new(server.texts, Lang::En);
    let mut paths = Map::new();
    for module in &server.modules {
        for route in &module.routes {
            let (verb, operation) = match (route.method, route.data) {
                // Tokens do not settle what a person settles about themselves.
                (Method::Post, _) if route.asks || route.path.starts_with(super::api::OWN) => continue,
                (Method::Post, _) => ("post", act(t, module.name, route)),
                (Method::Get, true) => ("get", data(module.name, route)),
                (Method::Get, false) => continue,
            };
            let at = paths.entry(format!("/api/v1{}", route.path)).or_insert_with(|| json!({}));
            if let Some(at) = at.as_object_mut() {
                at.insert(verb.to_owned(), operation);
            }
        }
    }
    paths.insert("/api/v1/uploads".to_owned(), json!({ "post": uploads() }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": t.text("engine.api.title"), "version": env!("CARGO_PKG_VERSION") },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "bearerFormat": "vlt_…" } },
            "schemas": { "Done": done(), "Problem": problem() },
            "responses": { "Problem": {
                "description": "RFC 9457",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}

fn act(t: T, module: &str, route: &Route) -> Value {
    let mut parameters = path_parameters(route.path);
    parameters.push(json!({
        "name": "Idempotency-Key", "in": "header", "required": true,
        "description": t.text("engine.api.key"),
        "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
    }));
    let mut operation = common(module, route, "post");
    put(&mut operation, "parameters", parameters.into());
    put(
        &mut operation,
        "requestBody",
        json!({
            "required": !route.fields.is_empty(),
            "content": { "application/json": { "schema": body(t, route.fields) } },
        }),
    );
    put(&mut operation, "responses", responses(&json!({ "$ref": "#/components/schemas/Done" })));
    operation
}

fn data(module: &str, route: &Route) -> Value {
    let mut operation = common(module, route, "get");
    put(&mut operation, "parameters", path_parameters(route.path).into());
    put(&mut operation, "responses", responses(&json!({})));
    operation
}

fn uploads() -> Value {
    json!({
        "operationId": "post_uploads",
        "tags": ["engine"],
        "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": {
            "type": "object", "properties": { "file": { "type": "array", "items": {
                "type": "string", "contentMediaType": "application/octet-stream" } } } } } } },
        "responses": responses(&json!({
            "type": "object", "required": ["values"],
            "properties": { "values": { "type": "array", "items": { "type": "string" } } },
        })),
    })
}

fn common(module: &str, route: &Route, verb: &str) -> Value {
    let plain: String = route.path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    json!({
        "operationId": format!("{verb}{plain}"),
        "tags": [module],
        "x-right": route.right,
        "security": if route.right == "public" { json!([{}, { "token": [] }]) } else { json!([{ "token": [] }]) },
    })
}

fn responses(good: &Value) -> Value {
    let mut all = Map::new();
    all.insert(
        "200".to_owned(),
        json!({ "description": "OK", "content": { "application/json": { "schema": good } } }),
    );
    for status in ["400", "401", "403", "404", "409", "413", "422", "429", "503"] {
        all.insert(status.to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    Value::Object(all)
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect()
}

fn body(t: T, fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), property(t, field))).collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn property(t: T, field: &Field) -> Value {
    let text = || json!({ "type": "string", "maxLength": field.max });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let id = || json!({ "type": "string", "format": "uuid" });
    let mut schema = match field.kind {
        Kind::Line | Kind::Area | Kind::Hidden | Kind::Choice => text(),
        Kind::Password | Kind::Sealed => {
            json!({ "type": "string", "format": "password", "maxLength": field.max })
        }
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Number => json!({ "type": "integer" }),
        Kind::Check => json!({ "type": "boolean" }),
        Kind::Many => list(text()),
        Kind::Lookup(_) => id(),
        Kind::Lookups(_) => list(id()),
        Kind::File => json!({ "type": "string", "description": t.text("engine.api.upload") }),
        Kind::Files => list(json!({ "type": "string", "description": t.text("engine.api.upload") })),
    };
    put(&mut schema, "title", t.text(field.label).into());
    if let Some(hint) = field.hint {
        put(&mut schema, "description", t.text(hint).into());
    }
    schema
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn done() -> Value {
    json!({
        "type": "object",
        "properties": {
            "message": { "type": "string" },
            "location": { "type": "string" },
            "id": { "type": ["string", "null"] },
        },
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
            "detail": { "type": "string" }, "instance": { "type": "string" }, "code": { "type": "string" },
            "ground": { "type": "string" }, "hint": { "type": "string" },
            "errors": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    })
}
