//! A struct of settings that knows their names, their documentation and their bounds: written once, in one place.

use super::value::Raw;

/// What is known of one setting besides its value.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// Lines of its documentation.
    pub(super) doc: &'static [&'static str],
    /// The default, as it stands in a TOML file.
    pub(super) default: String,
}

/// A struct of settings.
pub(super) trait Section {
    /// Its settings, in order.
    fn keys() -> Vec<Key>
    where
        Self: Sized;

    /// Each with its value, as it stands in a TOML file.
    fn shown(&self) -> Vec<(&'static str, String)>;

    /// Sets one; `None` when there is none of this name. The error says what is wrong with the value.
    fn set(&mut self, name: &str, raw: Raw<'_>) -> Option<Result<(), String>>;

    /// The first setting that is out of bounds, and the bounds.
    fn out_of_bounds(&self) -> Option<(&'static str, String)>;
}

/// Defines a struct of settings: documentation, name, type, default, and bounds for numbers.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        pub struct $section:ident {
            $($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr $(, in $bounds:expr)?;)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $section {
            $($(#[doc = $doc])+ pub $name: $type,)+
        }

        impl Default for $section {
            fn default() -> Self {
                $section { $($name: $default,)+ }
            }
        }

        impl Section for $section {
            fn keys() -> Vec<Key> {
                let defaults = $section::default();
                vec![$(Key {
                    name: stringify!($name),
                    doc: &[$($doc),+],
                    default: Value::show(&defaults.$name),
                }),+]
            }

            fn shown(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($name), Value::show(&self.$name))),+]
            }

            fn set(&mut self, name: &str, raw: Raw<'_>) -> Option<Result<(), String>> {
                match name {
                    $(stringify!($name) => Some(Value::read(raw).map(|value| self.$name = value)),)+
                    _ => None,
                }
            }

            fn out_of_bounds(&self) -> Option<(&'static str, String)> {
                $($(
                    if !Value::is_within(&self.$name, &$bounds) {
                        let (least, most) = ($bounds.start(), $bounds.end());
                        let text = format!("{} is out of bounds: {least} to {most}", Value::show(&self.$name));
                        return Some((stringify!($name), text));
                    }
                )?)+
                None
            }
        }
    };
}

pub(super) use section;
