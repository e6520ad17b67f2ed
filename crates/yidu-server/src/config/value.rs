//! What a setting can be: how it is read from TOML and from text, and how it is shown.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::LogFormat;

/// A setting as it was given.
#[derive(Clone, Copy)]
pub(super) enum Raw<'a> {
    Toml(&'a toml::Value),
    /// From the environment.
    Text(&'a str),
}

/// The type of a setting.
pub(super) trait Value: Sized {
    /// What it looks like, for the text of an error.
    const KIND: &'static str;

    /// From a string; `None` when it is not one of these.
    fn from_text(text: &str) -> Option<Self>;

    /// From TOML: a string, unless the type is more at home in another form.
    fn from_toml(value: &toml::Value) -> Option<Self> {
        Self::from_text(value.as_str()?)
    }

    /// As it stands in a TOML file.
    fn show(&self) -> String;

    /// Within the bounds, if it is a number.
    fn is_within(&self, _bounds: &RangeInclusive<u64>) -> bool {
        true
    }

    fn read(raw: Raw<'_>) -> Result<Self, String> {
        let (value, given) = match raw {
            Raw::Toml(value) => (Self::from_toml(value), value.to_string()),
            Raw::Text(text) => (Self::from_text(text), text.to_owned()),
        };
        value.ok_or_else(|| format!("{given} is not {}", Self::KIND))
    }
}

macro_rules! numbers {
    ($($type:ty)+) => {$(
        impl Value for $type {
            const KIND: &'static str = "a whole number";

            fn from_text(text: &str) -> Option<Self> {
                text.replace('_', "").parse().ok()
            }

            fn from_toml(value: &toml::Value) -> Option<Self> {
                value.as_integer().and_then(|number| number.try_into().ok())
            }

            fn show(&self) -> String {
                self.to_string()
            }

            fn is_within(&self, bounds: &RangeInclusive<u64>) -> bool {
                u64::try_from(*self).is_ok_and(|number| bounds.contains(&number))
            }
        }
    )+};
}

numbers! { u64 usize }

impl Value for String {
    const KIND: &'static str = "a string";

    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn show(&self) -> String {
        quoted(self)
    }
}

impl Value for PathBuf {
    const KIND: &'static str = "a path";

    fn from_text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| PathBuf::from(text))
    }

    fn show(&self) -> String {
        quoted(&self.to_string_lossy())
    }
}

impl Value for SocketAddr {
    const KIND: &'static str = "an address with a port, such as 127.0.0.1:7400 or [::]:7400";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        quoted(&self.to_string())
    }
}

impl Value for Option<SocketAddr> {
    const KIND: &'static str = "an address with a port, such as 127.0.0.1:7401, or \"\"";

    fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
    }

    fn show(&self) -> String {
        quoted(&self.map(|address| address.to_string()).unwrap_or_default())
    }
}

impl Value for bool {
    const KIND: &'static str = "true or false";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn from_toml(value: &toml::Value) -> Option<Self> {
        value.as_bool()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for LogFormat {
    const KIND: &'static str = "\"text\" or \"json\"";

    fn from_text(text: &str) -> Option<Self> {
        match text {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        }
    }

    fn show(&self) -> String {
        let name = match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        quoted(name)
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
