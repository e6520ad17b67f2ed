//! `libImSDK`: the C interface that existing code knows, on top of [`yidu_client`].

pub mod json;
