//! Between the JSON of the C interface and the types of the contract. Pure.
