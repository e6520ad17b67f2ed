//! Text and buffers of the caller.

use std::ffi::c_char;
use std::marker::PhantomData;

use super::enums::TIMResult;

/// Bytes a text may have; longer ones are refused with `TIM_ERR_PARAM`.
pub const TEXT_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of a buffer that the interface promises, its NUL included.
const BUFFER_BYTES: usize = 128;

/// `const char*`: NULL, or a text of the caller that ends with NUL and lives until the function returns.
#[repr(transparent)]
#[derive(Debug)]
pub struct Text(*const c_char);

/// `char*`: NULL, or at least 128 bytes of the caller.
#[repr(transparent)]
#[derive(Debug)]
pub struct Buffer(*mut c_char);

/// Reads the texts of one call and adds up their bytes, which a call is charged for while it waits.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: usize,
    // One call, one thread.
    _here: PhantomData<*const ()>,
}

impl Text {
    /// For callers in Rust.
    ///
    /// # Safety
    /// NULL, or a text that ends with NUL and lives as long as the value.
    pub const unsafe fn new(text: *const c_char) -> Text {
        Text(text)
    }

    /// The bytes without the NUL; `None` for NULL, an error for more than [`TEXT_BYTES`].
    fn bytes(&self) -> Result<Option<&[u8]>, TIMResult> {
        if self.0.is_null() {
            return Ok(None);
        }
        // SAFETY: not NULL, so the caller promises a NUL, and reading stops at it or at the limit.
        let length = unsafe { libc::strnlen(self.0, TEXT_BYTES + 1) };
        if length > TEXT_BYTES {
            return Err(TIMResult::TIM_ERR_PARAM);
        }
        // SAFETY: so many bytes were just read, and they live as long as `self`, which cannot leave the function.
        Ok(Some(unsafe { std::slice::from_raw_parts(self.0.cast::<u8>(), length) }))
    }
}

impl Reader {
    /// A JSON text that has to be there: `TIM_ERR_JSON` for NULL, for "" and for what is not UTF-8.
    pub(crate) fn json<'a>(&mut self, text: &'a Text) -> Result<&'a str, TIMResult> {
        self.optional_json(text)?.ok_or(TIMResult::TIM_ERR_JSON)
    }

    /// A JSON text that may be NULL or "".
    pub(crate) fn optional_json<'a>(&mut self, text: &'a Text) -> Result<Option<&'a str>, TIMResult> {
        self.read(text, TIMResult::TIM_ERR_JSON)
    }

    /// A name or another plain text; `None` for NULL and "". `otherwise` for what is not UTF-8.
    pub(crate) fn optional<'a>(
        &mut self,
        text: &'a Text,
        otherwise: TIMResult,
    ) -> Result<Option<&'a str>, TIMResult> {
        self.read(text, otherwise)
    }

    /// A name that has to be there; `otherwise` for NULL, "" and what is not UTF-8.
    pub(crate) fn name<'a>(&mut self, text: &'a Text, otherwise: TIMResult) -> Result<&'a str, TIMResult> {
        self.read(text, otherwise)?.ok_or(otherwise)
    }

    /// How many bytes were read.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    fn read<'a>(&mut self, text: &'a Text, otherwise: TIMResult) -> Result<Option<&'a str>, TIMResult> {
        let Some(bytes) = text.bytes()? else { return Ok(None) };
        self.bytes += bytes.len();
        let text = std::str::from_utf8(bytes).map_err(|_| otherwise)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

impl Buffer {
    /// For callers in Rust.
    ///
    /// # Safety
    /// NULL, or at least 128 bytes that may be written while the value lives.
    pub const unsafe fn new(buffer: *mut c_char) -> Buffer {
        Buffer(buffer)
    }

    /// Whether there is none.
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// Writes a text, cut to 127 bytes at a character, and its NUL. Does nothing without a buffer.
    pub(crate) fn write(&self, text: &str) {
        if self.is_null() {
            return;
        }
        let text = &text[..text.floor_char_boundary(BUFFER_BYTES - 1)];
        // SAFETY: the caller promises 128 bytes; at most 127 and a NUL are written, from memory that is not the caller's.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr().cast::<c_char>(), self.0, text.len());
            self.0.add(text.len()).write(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_gets_at_most_127_bytes_and_a_nul_at_a_character() {
        let mut bytes = [0x7f_u8; 129];
        // SAFETY: 129 bytes, written while they live.
        let buffer = unsafe { Buffer::new(bytes.as_mut_ptr().cast()) };
        buffer.write(&"读".repeat(50));
        assert_eq!(&bytes[..126], "读".repeat(42).as_bytes());
        assert_eq!(bytes[126..129], [0, 0x7f, 0x7f]);
    }

    #[test]
    fn bad_text_has_the_number_of_its_kind() {
        let read = |bytes: &[u8]| {
            // SAFETY: the slices end with NUL.
            let text = unsafe { Text::new(bytes.as_ptr().cast()) };
            Reader::default().json(&text).map(str::to_owned)
        };
        assert_eq!(read(b"{}\0"), Ok("{}".to_owned()));
        assert_eq!(read(b"\0"), Err(TIMResult::TIM_ERR_JSON));
        assert_eq!(read(b"\xff\0"), Err(TIMResult::TIM_ERR_JSON));
        let mut huge = vec![b' '; TEXT_BYTES + 1];
        huge.push(0);
        assert_eq!(read(&huge), Err(TIMResult::TIM_ERR_PARAM));
        // SAFETY: NULL is allowed.
        let null = unsafe { Text::new(std::ptr::null()) };
        assert_eq!(Reader::default().json(&null), Err(TIMResult::TIM_ERR_JSON));
        assert_eq!(Reader::default().optional_json(&null), Ok(None));
    }
}
