//! The accounts of the console: for owners.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::access::Access;
use super::extract::{Body, Path};
use super::problem::{BodyRefusals, Problem, Refusals};
use crate::operators::{Listed, Role};

/// An operator.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct OperatorPath {
    /// The name.
    name: String,
}

/// Somebody who may sign in to the console.
#[derive(Serialize, ToSchema)]
pub(super) struct Operator {
    name: String,
    role: Role,
    created_ms: u64,
}

/// All operators.
#[derive(Serialize, ToSchema)]
pub(super) struct OperatorList {
    /// By name.
    operators: Vec<Operator>,
}

/// A new operator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOperator {
    /// 1 to 64 of A-Z a-z 0-9 . _ - @
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    role: Role,
    /// 10 characters at least, 256 bytes at most.
    #[schema(min_length = 10, max_length = 256)]
    password: String,
}

/// What is to be different; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorChange {
    #[schema(nullable = false)]
    role: Option<Role>,
    /// 10 characters at least, 256 bytes at most.
    #[schema(nullable = false, min_length = 10, max_length = 256)]
    password: Option<String>,
}

impl From<Listed> for Operator {
    fn from(listed: Listed) -> Operator {
        Operator { name: listed.name, role: listed.role, created_ms: listed.created }
    }
}

/// All operators
#[utoipa::path(get, path = "/operators", tag = "operators",
    responses((status = 200, description = "The operators.", body = OperatorList), Refusals))]
pub(super) async fn operators(
    State(api): State<Arc<Api>>,
    access: Access,
) -> Result<Json<OperatorList>, Problem> {
    access.owner()?;
    Ok(Json(OperatorList { operators: api.operators.list().into_iter().map(Operator::from).collect() }))
}

/// Adds an operator
///
/// The first must be an owner.
#[utoipa::path(post, path = "/operators", tag = "operators", request_body = NewOperator,
    responses((status = 201, description = "The operator.", body = Operator), Refusals, BodyRefusals))]
pub(super) async fn add_operator(
    State(api): State<Arc<Api>>,
    access: Access,
    Body(new): Body<NewOperator>,
) -> Result<(StatusCode, Json<Operator>), Problem> {
    let by = access.owner()?;
    let listed = api.operators.add(&new.name, new.role, new.password).await?;
    tracing::info!(operator = listed.name, role = ?listed.role, %by, "an operator was added");
    Ok((StatusCode::CREATED, Json(listed.into())))
}

/// Changes role or password of an operator
///
/// Sessions of the operator end. The last owner stays an owner.
#[utoipa::path(put, path = "/operators/{name}", tag = "operators", params(OperatorPath), request_body = OperatorChange,
    responses((status = 200, description = "The operator.", body = Operator), Refusals, BodyRefusals))]
pub(super) async fn change_operator(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<OperatorPath>,
    Body(change): Body<OperatorChange>,
) -> Result<Json<Operator>, Problem> {
    let by = access.owner()?;
    let (role, password) = (change.role, change.password.is_some());
    let listed = api.operators.modify(&path.name, role, change.password).await?;
    tracing::info!(operator = listed.name, role = ?listed.role, password, %by, "an operator was changed");
    Ok(Json(listed.into()))
}

/// Removes an operator
///
/// Its sessions end. The last owner stays.
#[utoipa::path(delete, path = "/operators/{name}", tag = "operators", params(OperatorPath),
    responses((status = 204, description = "It is gone."), Refusals))]
pub(super) async fn remove_operator(
    State(api): State<Arc<Api>>,
    access: Access,
    Path(path): Path<OperatorPath>,
) -> Result<StatusCode, Problem> {
    let by = access.owner()?;
    api.operators.remove(&path.name)?;
    tracing::info!(operator = path.name, %by, "an operator was removed");
    Ok(StatusCode::NO_CONTENT)
}
