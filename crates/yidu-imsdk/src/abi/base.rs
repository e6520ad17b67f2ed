//! Init, login, configuration.

use std::ffi::{c_char, c_int};

use crate::ffi::callback::{Answer, Callback};
use crate::ffi::enums::{TIMLoginStatus, TIMResult};
use crate::ffi::text::Reader;
use crate::ffi::types::TIMCommCallback;
use crate::ffi::{Buffer, Enum, Text, UserData};
use crate::sdk::config::InitConfig;
use crate::sdk::{call, library, login};

/// The version of this library: `major.minor.patch`. Callable at any time; the text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGetSDKVersion() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Makes the library ready. First function to call; starts its threads, connects to nobody.
///
/// `json_sdk_config`: NULL, "" or an object. `sdk_config_config_file_path` names a folder in which local state outlives
/// the process (without it, or with "/", local state is kept in memory); `sdk_config_server_url` is where to connect
/// (`ws://host:port`). Other keys of the interface are accepted and have no effect; the library writes no log files.
///
/// Returns TIM_SUCC, also when it is ready for the same app already, which changes nothing; TIM_ERR_PARAM for an
/// sdk_app_id that is 0 or over 4294967295, for a value of the wrong type, or when it is ready for another app;
/// TIM_ERR_JSON.
#[unsafe(no_mangle)]
pub extern "C" fn TIMInit(sdk_app_id: u64, json_sdk_config: Text) -> c_int {
    call::guard(TIMResult::TIM_ERR_PARAM, || {
        let app_id = u32::try_from(sdk_app_id).ok().filter(|app_id| *app_id != 0);
        let Some(app_id) = app_id else { return TIMResult::TIM_ERR_PARAM };
        let config = match Reader::default().optional_json(&json_sdk_config) {
            Ok(json) => json.map_or_else(|| Ok(InitConfig::default()), InitConfig::parse),
            Err(refusal) => Err(refusal),
        };
        match config {
            Ok(config) => library::init(app_id, config),
            Err(refusal) => refusal,
        }
    }) as c_int
}

/// Ends everything that TIMInit began. Call it before the library is unloaded and before the process exits.
///
/// Listeners are forgotten. Calls without an answer get their callback with 7009; when the function returns, they have
/// had it, and no thread that ever called back is left. It waits for a callback that is running, so do not hold a lock
/// that a callback needs. TIMInit may be called again afterwards.
///
/// Inside a callback it returns at once: the callbacks with 7009 follow when that callback has returned, then the
/// thread ends.
///
/// Returns TIM_SUCC; TIM_ERR_SDKUNINIT when there is nothing to end.
#[unsafe(no_mangle)]
pub extern "C" fn TIMUninit() -> c_int {
    call::guard(TIMResult::TIM_ERR_SDKUNINIT, library::uninit) as c_int
}

/// The server's time in seconds since 1970, going by what it said last. 0 before the first login.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGetServerTime() -> u64 {
    call::guard(0, || library::current().map_or(0, |instance| instance.login.server_time_s()))
}

/// Changes settings. `json_config`: an object with the keys to change; they hold until TIMUninit.
///
/// `set_config_log_level` and `set_config_callback_log_level` (TIMLogLevel, both Info at first),
/// `set_config_is_log_output_console` (true at first: to standard error) and `set_config_user_define_data` (at most 64
/// bytes) are checked; other keys are kept as they come and have no effect.
///
/// Callback: all settings as one object, without passwords. Returns TIM_ERR_PARAM for a bad value, which changes nothing.
#[unsafe(no_mangle)]
pub extern "C" fn TIMSetConfig(json_config: Text, cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::answered(Callback::Comm(cb, user_data), |instance, reader| {
        let mut config = instance.config.lock();
        config.change(reader.json(&json_config)?)?;
        instance.log.configure(&config);
        let all = config.to_json();
        Ok(async { Ok(Answer::Json(all)) })
    })
}

/// Logs in. Set listeners before, so that nothing is missed. Afterwards the library keeps the session up and comes back
/// by itself after a lost connection.
///
/// The server: what `internal_operation_set_custom_server_info` named, else `sdk_config_server_url`, else the
/// environment variable YIDU_SERVER_URL, else ws://127.0.0.1:7400.
///
/// Callback: no result. Errors: 70001, 70002, 70003, 70009, 70013, 70014 (the UserSig), 70020 (unknown app), 70107 (no
/// such account), 6208 (once, after this device was pushed out), 7501 (logged in, or a login is under way), 6023 (a
/// logout came first), 6200 and 6012 (the server cannot be reached). Returns TIM_ERR_PARAM without a user_id or a
/// user_sig.
#[unsafe(no_mangle)]
pub extern "C" fn TIMLogin(user_id: Text, user_sig: Text, cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::answered(Callback::Comm(cb, user_data), |instance, reader| {
        let user_id = reader.name(&user_id, TIMResult::TIM_ERR_PARAM)?.to_owned();
        let user_sig = reader.name(&user_sig, TIMResult::TIM_ERR_PARAM)?.to_owned();
        instance.log.hide(&user_sig);
        let begun = login::begin_login(instance, &user_id);
        Ok(async {
            match begun {
                Ok(login) => login.run(user_id, user_sig).await,
                Err(outcome) => outcome,
            }
        })
    })
}

/// Logs out: the session ends here and, if it can be reached, on the server; receipts that wait for a connection are
/// dropped; a login that is under way ends with 6023.
///
/// Callback: no result. Errors: 7502 (a logout is under way). Returns TIM_ERR_NOTLOGIN when nobody is logged in.
#[unsafe(no_mangle)]
pub extern "C" fn TIMLogout(cb: TIMCommCallback, user_data: UserData) -> c_int {
    call::answered(Callback::Comm(cb, user_data), |instance, _| {
        if !instance.login.is_begun() {
            return Err(TIMResult::TIM_ERR_NOTLOGIN.into());
        }
        let begun = login::begin_logout(instance);
        Ok(async {
            match begun {
                Ok(logout) => logout.run().await,
                Err(outcome) => outcome,
            }
        })
    })
}

/// Writes the id of who is logged in, "" for nobody, to a buffer of at least 128 bytes.
///
/// Returns TIM_SUCC; TIM_ERR_SDKUNINIT (the buffer gets "" nevertheless); TIM_ERR_PARAM without a buffer.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGetLoginUserID(user_id_buffer: Buffer) -> c_int {
    user_id_buffer.write("");
    call::at_once(|instance, _| {
        if user_id_buffer.is_null() {
            return Err(TIMResult::TIM_ERR_PARAM.into());
        }
        if let Some(session) = instance.session() {
            user_id_buffer.write(&session.me.user_id);
        }
        Ok(())
    })
}

/// Where the login stands: a TIMLoginStatus. Logined also while a lost connection is being made again; UnLogined before
/// TIMInit.
#[unsafe(no_mangle)]
pub extern "C" fn TIMGetLoginStatus() -> Enum<TIMLoginStatus> {
    let status = call::guard(TIMLoginStatus::kTIMLoginStatus_UnLogined, || {
        library::current()
            .map_or(TIMLoginStatus::kTIMLoginStatus_UnLogined, |instance| instance.login.status())
    });
    Enum::new(status as c_int)
}
