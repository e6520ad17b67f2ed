//! `callExperimentalAPI`: operations by name.

use std::ffi::c_int;

use serde_json::{Map, Value, json};

use crate::ffi::callback::{Answer, Callback, Failure, Outcome};
use crate::ffi::enums::{TIMLogLevel, TIMResult};
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Text, UserData};
use crate::sdk::address::url_of;
use crate::sdk::call;
use crate::sdk::library::Instance;

/// Carries out an operation by name: `{"request_internal_operation": name, parameter: value}`.
///
/// `internal_operation_set_custom_server_info` names the server for the next login: the first entry of
/// `longconnection_address_array` of `request_set_custom_server_info_param`; an empty array takes it back.
/// `internal_operation_write_log` writes a line of the app to the log, without what looks like a UserSig.
/// `internal_operation_is_commercial_ability_enabled` answers `commercial_ability_result_enabled` true: nothing is for
/// sale here. `internal_operation_set_ignore_repeat_login` (`request_set_ignore_repeat_login_param`, bool) lets a second
/// login of the same user succeed. `internal_operation_clear_local_history_message` forgets what is kept on this side.
/// `internal_operation_set_ui_platform` and `internal_operation_set_env` are accepted and change nothing.
///
/// Callback: `{"response_internal_operation": name}` and the result. 7013 for any other operation. Returns TIM_ERR_JSON
/// without an operation, TIM_ERR_PARAM for a bad parameter, TIM_ERR_SDKUNINIT before TIMInit, TIM_ERR_NOTLOGIN for an
/// operation on local state without a login.
#[unsafe(no_mangle)]
pub extern "C" fn callExperimentalAPI(json_param: Text, cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::answered(Callback::Comm(cb, user_data), |instance, reader| {
        let request: Value =
            serde_json::from_str(reader.json(&json_param)?).map_err(|_| TIMResult::TIM_ERR_JSON)?;
        let operation = request["request_internal_operation"].as_str().ok_or(TIMResult::TIM_ERR_JSON)?;
        let outcome = carry_out(instance, operation, &request)?;
        Ok(async { outcome })
    })
}

fn carry_out(instance: &Instance, operation: &str, request: &Value) -> Result<Outcome, TIMResult> {
    let mut answer = Map::new();
    answer.insert("response_internal_operation".to_owned(), operation.into());
    match operation {
        "internal_operation_set_ui_platform" | "internal_operation_set_env" => {}
        "internal_operation_write_log" => write_log(instance, request),
        "internal_operation_set_custom_server_info" => {
            let url = custom_server(&request["request_set_custom_server_info_param"])?;
            instance.login.set_custom_server(url);
        }
        "internal_operation_is_commercial_ability_enabled" => {
            answer.insert("commercial_ability_result_enabled".to_owned(), true.into());
        }
        "internal_operation_set_ignore_repeat_login" => {
            let ignore = &request["request_set_ignore_repeat_login_param"];
            instance.login.set_ignore_repeated(ignore.as_bool().ok_or(TIMResult::TIM_ERR_PARAM)?);
        }
        "internal_operation_clear_local_history_message" => {
            instance.session().ok_or(TIMResult::TIM_ERR_NOTLOGIN)?.local.clear();
        }
        other => {
            return Ok(Err(Failure::unsupported(format_args!(
                "callExperimentalAPI: unknown operation {other:.128}"
            ))));
        }
    }
    Ok(Ok(Answer::Json(json!(answer).to_string())))
}

/// The first long-connection address; `None` when there is none, which takes an earlier one back.
fn custom_server(param: &Value) -> Result<Option<String>, TIMResult> {
    let addresses = param["longconnection_address_array"].as_array().ok_or(TIMResult::TIM_ERR_PARAM)?;
    let Some(first) = addresses.first() else { return Ok(None) };
    let host = first["server_address_ip"].as_str().filter(|host| !host.is_empty());
    let port = first["server_address_port"].as_u64().and_then(|port| u16::try_from(port).ok());
    match (host, port) {
        (Some(host), Some(port)) if port > 0 => Ok(Some(url_of(host, port))),
        _ => Err(TIMResult::TIM_ERR_PARAM),
    }
}

/// Callers put all arguments of their calls here, the UserSig of a login among them; the log takes it out.
fn write_log(instance: &Instance, request: &Value) {
    let text = |key: &str| request[key].as_str().unwrap_or_default();
    let level = request["request_write_log_log_level_param"].as_i64();
    let level = level.and_then(|level| i32::try_from(level).ok()).and_then(TIMLogLevel::from_number);
    let line = format!(
        "{}:{} {}: {}",
        text("request_write_log_file_name_param"),
        request["request_write_log_line_number_param"].as_u64().unwrap_or_default(),
        text("request_write_log_func_name_param"),
        text("request_write_log_log_content_param"),
    );
    instance.log.write(level.unwrap_or(TIMLogLevel::kTIMLog_Info), &line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_long_connection_address_is_the_server() {
        let param = |address: Value| custom_server(&json!({ "longconnection_address_array": address }));
        let good = json!([{ "server_address_ip": "10.1.2.3", "server_address_port": 7400 }]);
        assert_eq!(param(good), Ok(Some("ws://10.1.2.3:7400".to_owned())));
        assert_eq!(param(json!([])), Ok(None));
        for bad in [
            json!({}),
            json!([{}]),
            json!([{ "server_address_ip": "", "server_address_port": 7400 }]),
            json!([{ "server_address_ip": "h", "server_address_port": 70_000 }]),
            json!([{ "server_address_ip": "h", "server_address_port": 0 }]),
        ] {
            assert_eq!(param(bad), Err(TIMResult::TIM_ERR_PARAM));
        }
    }
}
