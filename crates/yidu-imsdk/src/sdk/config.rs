//! What can be set: the JSON of `TIMInit` and of `TIMSetConfig`.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ffi::enums::{TIMLogLevel, TIMResult};

/// `set_config_user_define_data` may have so many bytes.
const USER_DATA_BYTES: usize = 64;

/// What `TIMInit` was given and the library uses; other keys are accepted and mean nothing here.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct InitConfig {
    /// Where state is kept; none, "" and "/" keep it in memory.
    #[serde(rename = "sdk_config_config_file_path")]
    config_path: Option<String>,
    #[serde(rename = "sdk_config_server_url")]
    pub(crate) server_url: Option<String>,
}

impl InitConfig {
    /// Reads the JSON of `TIMInit`.
    pub(crate) fn parse(json: &str) -> Result<InitConfig, TIMResult> {
        parse(json)
    }

    /// The folder for what is to outlive the process.
    pub(crate) fn folder(&self) -> Option<&str> {
        self.config_path.as_deref().filter(|path| !path.is_empty() && *path != "/")
    }
}

/// What `TIMSetConfig` can change. Holds from the call until `TIMUninit`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) log_level: i32,
    pub(crate) callback_log_level: i32,
    pub(crate) log_to_console: bool,
    /// Every key as it was set, for the answer.
    set: Map<String, Value>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            log_level: TIMLogLevel::kTIMLog_Info as i32,
            callback_log_level: TIMLogLevel::kTIMLog_Info as i32,
            log_to_console: true,
            set: Map::new(),
        }
    }
}

impl Config {
    /// Takes over the keys that are in the JSON. Changes nothing when one of them is bad.
    pub(crate) fn change(&mut self, json: &str) -> Result<(), TIMResult> {
        let keys: Map<String, Value> = parse(json)?;
        let mut changed = self.clone();
        for (key, value) in keys {
            changed.set_key(&key, &value)?;
            changed.set.insert(key, value);
        }
        *self = changed;
        Ok(())
    }

    fn set_key(&mut self, key: &str, value: &Value) -> Result<(), TIMResult> {
        match key {
            "set_config_log_level" => self.log_level = level(value)?,
            "set_config_callback_log_level" => self.callback_log_level = level(value)?,
            "set_config_is_log_output_console" => {
                self.log_to_console = value.as_bool().ok_or(TIMResult::TIM_ERR_PARAM)?;
            }
            "set_config_user_define_data" => {
                let data = value.as_str().ok_or(TIMResult::TIM_ERR_PARAM)?;
                if data.len() > USER_DATA_BYTES {
                    return Err(TIMResult::TIM_ERR_PARAM);
                }
            }
            // Accepted, kept and given back; they steer nothing here.
            _ => {}
        }
        Ok(())
    }

    /// All values as they hold now, as one object. Passwords of proxies are left out.
    pub(crate) fn to_json(&self) -> String {
        let mut all = self.set.clone();
        for value in all.values_mut() {
            if let Value::Object(fields) = value {
                fields.retain(|key, _| !key.ends_with("_password"));
            }
        }
        all.insert("set_config_log_level".to_owned(), self.log_level.into());
        all.insert("set_config_callback_log_level".to_owned(), self.callback_log_level.into());
        all.insert("set_config_is_log_output_console".to_owned(), self.log_to_console.into());
        Value::Object(all).to_string()
    }
}

fn level(value: &Value) -> Result<i32, TIMResult> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    let number = number.ok_or(TIMResult::TIM_ERR_PARAM)?;
    TIMLogLevel::from_number(number).map(|_| number).ok_or(TIMResult::TIM_ERR_PARAM)
}

/// What is no JSON, or not an object, is `TIM_ERR_JSON`; a value of the wrong type is `TIM_ERR_PARAM`.
fn parse<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, TIMResult> {
    let value: Value = serde_json::from_str(json).map_err(|_| TIMResult::TIM_ERR_JSON)?;
    if !value.is_object() {
        return Err(TIMResult::TIM_ERR_JSON);
    }
    serde_json::from_value(value).map_err(|_| TIMResult::TIM_ERR_PARAM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_value_changes_nothing() {
        let mut config = Config::default();
        let bad = r#"{"set_config_is_log_output_console":false,"set_config_log_level":99}"#;
        assert_eq!(config.change(bad), Err(TIMResult::TIM_ERR_PARAM));
        assert!(config.log_to_console);
        assert_eq!(config.change("[]"), Err(TIMResult::TIM_ERR_JSON));
    }

    #[test]
    fn what_was_set_comes_back_without_passwords() {
        let mut config = Config::default();
        let json = r#"{"set_config_log_level":6,"set_config_http_proxy_info":{"http_proxy_info_ip":"::1","http_proxy_info_password":"s"}}"#;
        config.change(json).unwrap();
        let all: Value = serde_json::from_str(&config.to_json()).unwrap();
        assert_eq!(all["set_config_log_level"], 6);
        assert_eq!(all["set_config_is_log_output_console"], true);
        assert_eq!(all["set_config_http_proxy_info"], serde_json::json!({"http_proxy_info_ip": "::1"}));
    }

    #[test]
    fn only_a_real_folder_is_one() {
        let folder = |json: &str| InitConfig::parse(json).unwrap().folder().map(str::to_owned);
        assert_eq!(folder("{}"), None);
        assert_eq!(folder(r#"{"sdk_config_config_file_path":"/"}"#), None);
        assert_eq!(folder(r#"{"sdk_config_config_file_path":"./x"}"#), Some("./x".to_owned()));
    }
}
