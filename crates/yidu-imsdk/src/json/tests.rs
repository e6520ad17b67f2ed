//! What comes in and what goes out, in the words of the interface.

mod given;
mod groups;
mod round_trip;
mod shown;
