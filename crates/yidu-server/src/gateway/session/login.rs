//! Login: from a UserSig to a session that hears everything it should.

use std::sync::Arc;

use crate::service::Millis;
use tokio::time::Instant;
use yidu_proto::{Code, name, v1};

use crate::gateway::Gateway;
use crate::gateway::registry::{Device, Newcomer, Registration};
use crate::service::{Caller, Failure, SessionId};

/// A session that is logged in.
pub(super) struct Entered {
    pub(super) caller: Arc<Caller>,
    pub(super) registration: Registration,
    pub(super) sig_expires_at: Millis,
    pub(super) result: v1::LoginResult,
}

/// Checks a login and registers the session. The order is the point: registered first, sampled then, so that nothing
/// falls between what was sampled and what is delivered. Errors: those of `Service::login`, 6017 (device id), 6208, 70052.
pub(super) async fn login(
    gateway: &Gateway,
    session: SessionId,
    request: v1::Login,
) -> Result<Entered, Failure> {
    name::check_device_id(&request.device_id)
        .map_err(|why| Failure::new(Code::InvalidParameters, format!("not a device id: {why}")))?;
    let since = Instant::now();
    let logged_in = gateway.service.login(&request).await?;
    let caller = Arc::new(logged_in.caller(session, request.platform));
    let newcomer = Newcomer {
        session,
        user: logged_in.tinyid,
        device: Device { id: request.device_id, platform: request.platform },
        policy: logged_in.multi_device,
        since,
    };
    let registration = gateway.registry.register(newcomer, gateway.limits.outbox)?;
    let sample = gateway.service.subscriptions(logged_in.tinyid).await?;
    registration.subscribe(sample.conversations);
    gateway.service.state_changed(&caller, "Login", "Register", registration.pushed_out.clone()).await;
    let result = v1::LoginResult {
        tinyid: logged_in.tinyid.0,
        server_time_ms: gateway.clock.now(),
        position: sample.position,
        heartbeat_ms: u32::try_from(gateway.limits.heartbeat.as_millis()).unwrap_or(u32::MAX),
        administrator: logged_in.administrator,
    };
    Ok(Entered { caller, registration, sig_expires_at: logged_in.sig_expires_at, result })
}
