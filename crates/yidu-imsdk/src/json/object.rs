//! Objects whose fields are keys, and how they are read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

use super::JsonError;

/// Bytes of a text that is read into a value. One frame to the server holds no more.
const TEXT_BYTES: usize = 1024 * 1024;

/// Items of an array.
const ITEMS: usize = 10_000;

/// Declares objects of the interface. Reading: every key may be missing or null, unknown keys are passed over. Writing:
/// in the order here; an `Option` that is `None` is left out.
macro_rules! objects {
    ($($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $key:ident: $type:ty,)+ })+) => {$(
        $(#[$about])*
        #[derive(Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(Debug))]
        #[serde(default)]
        pub(crate) struct $name {$(
            $(#[$note])*
            #[serde(
                deserialize_with = "crate::json::object::Field::read",
                skip_serializing_if = "crate::json::object::Field::is_absent"
            )]
            pub(crate) $key: $type,
        )+}

        impl crate::json::object::Field for $name {
            fn read<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                use serde::Deserialize as _;
                crate::json::object::Object::deserialize(from).map(|object| object.0)
            }
        }
    )+};
}
pub(crate) use objects;

/// Reads a text of at most 1 MiB.
pub(crate) fn parse<T: Field>(text: &str) -> Result<T, JsonError> {
    if text.len() > TEXT_BYTES {
        return Err(JsonError::value("the text", format!("at most {TEXT_BYTES} bytes")));
    }
    read::<Item<T>>(text).map(|item| item.0)
}

/// Reads a text of any size.
pub(crate) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| explain::<T>(text, &error))
}

/// Says which key is wrong. Reads the text once more, so that the texts that are right are read fast.
pub(crate) fn explain<'de, T: Deserialize<'de>>(text: &'de str, error: &serde_json::Error) -> JsonError {
    if !error.is_data() {
        return JsonError::NotJson(error.to_string());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
        return JsonError::NotJson(error.to_string());
    };
    let (key, why) = (error.path().to_string(), error.inner().to_string());
    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
    if let Some(missing) = why.strip_prefix("missing field `").and_then(|key| key.strip_suffix('`')) {
        return JsonError::missing(missing);
    }
    if let Some(twice) = why.strip_prefix("duplicate field `").and_then(|key| key.strip_suffix('`')) {
        return JsonError::value(twice, "there once");
    }
    let expected = why.rsplit_once("expected ").map_or(why, |(_, expected)| expected);
    if key == "." {
        return JsonError::NotJson(format!("expected {expected}"));
    }
    JsonError::value(key, expected)
}

/// A value of a key.
pub(crate) trait Field: Default {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;

    /// The key is left out when the value is written.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The value, its default for null.
fn or_default<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// A struct that is read from an object and from nothing else; its default for null.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries)).map(Object)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Object<T>, E> {
        Ok(Object(T::default()))
    }
}

/// A field that knows how to be read.
pub(crate) struct Item<T>(pub(crate) T);

impl<'de, T: Field> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::read(from).map(Item)
    }
}

impl Field for String {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        or_default(from)
    }
}

impl<T: Field> Field for Option<T> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::<Item<T>>::deserialize(from)?.map(|item| item.0))
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Field> Field for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let list = Option::<List<Item<T>>>::deserialize(from)?;
        Ok(list.map(|list| list.0.into_iter().map(|item| item.0).collect()).unwrap_or_default())
    }
}

/// An array of at most [`ITEMS`].
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of at most {ITEMS} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            if list.len() == ITEMS {
                return Err(A::Error::invalid_length(ITEMS + 1, &self));
            }
            list.push(item);
        }
        Ok(List(list))
    }
}

/// Numbers and booleans as they come: `2` and `"2"`; `true` and `1`.
struct Lenient<T>(&'static str, PhantomData<T>);

macro_rules! whole_numbers {
    ($($type:ty: $expected:literal,)+) => {$(
        impl Visitor<'_> for Lenient<$type> {
            type Value = $type;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<$type, E> {
                <$type>::try_from(number).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<$type, E> {
                <$type>::try_from(number).map_err(|_| E::invalid_value(de::Unexpected::Signed(number), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                text.parse().map_err(|_| E::invalid_value(de::Unexpected::Other("a text"), &self))
            }

            fn visit_unit<E: de::Error>(self) -> Result<$type, E> {
                Ok(0)
            }
        }

        impl Field for $type {
            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(Lenient::<$type>($expected, PhantomData))
            }
        }
    )+};
}

whole_numbers! {
    u32: "a whole number from 0 to 4294967295",
    u64: "a whole number from 0 to 18446744073709551615",
    i32: "a whole number of 32 bits",
    i64: "a whole number of 64 bits",
}

impl Field for f64 {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        or_default(from)
    }
}

impl Visitor<'_> for Lenient<bool> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<bool, E> {
        match number {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(E::invalid_value(de::Unexpected::Unsigned(other), &self)),
        }
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }
}

impl Field for bool {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Lenient::<bool>("true or false", PhantomData))
    }
}

/// A text that is not copied unless it has escapes; "" for null.
pub(crate) fn borrowed<'de, D: Deserializer<'de>>(from: D) -> Result<Cow<'de, str>, D::Error> {
    struct Borrowed;

    impl<'de> Visitor<'de> for Borrowed {
        type Value = Cow<'de, str>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
            Ok(Cow::Borrowed(text))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
            Ok(Cow::Owned(text.to_owned()))
        }

        fn visit_unit<E: de::Error>(self) -> Result<Cow<'de, str>, E> {
            Ok(Cow::Borrowed(""))
        }
    }

    from.deserialize_any(Borrowed)
}
