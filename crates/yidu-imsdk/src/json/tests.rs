//! What comes in and what goes out, in the words of the interface.

mod given;
mod round_trip;
mod shown;
