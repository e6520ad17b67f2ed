//! Every error number that reaches a client. Numbers are the vendor's (`tim-interface.md` section D); the text is ours.
//!
//! A number, once given, keeps its meaning: shipped clients hold the table.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, $text:literal;)+) => {
        /// An error a client can meet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum Code { $($(#[doc = $doc])+ $name = $number,)+ }

        impl Code {
            /// All of them, by rising number.
            pub const ALL: &[Code] = &[$(Code::$name,)+];

            /// What it means, in a few words.
            pub const fn meaning(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// The code of a number; `None` for one this build does not know.
            pub const fn from_number(number: u32) -> Option<Code> {
                match number { $($number => Some(Code::$name),)+ _ => None }
            }
        }
    };
}

codes! {
    /// No session on this connection, or it has ended.
    NotLoggedIn = 6014, "not logged in";
    /// A request that is malformed or out of bounds.
    InvalidParameters = 6017, "invalid parameters";
    /// The UserSig ran out while online.
    UserSigExpiredOnline = 6206, "UserSig expired while online";
    /// Pushed out by another device; told once at the next login.
    KickedOffline = 6208, "this device was pushed out by another login";
    /// A user id that cannot be one.
    InvalidUserId = 7003, "invalid user id";
    /// Receipts are switched off where they were asked for, or the interface is outside what Yidu does.
    NotSupported = 7013, "not supported here";
    /// A second login on a session that has one.
    LoginRunning = 7501, "already logged in on this connection";
    /// The server is too busy to take this now.
    Busy = 9506, "too many requests, try again later";
    /// Something broke in the server.
    Internal = 10002, "internal error";
    /// An operation this server does not know.
    UnknownCommand = 10003, "unknown command";
    /// A group request with a parameter out of bounds.
    BadGroupParameter = 10004, "bad parameter";
    /// Too many users in one request.
    TooManyAccounts = 10005, "too many accounts in one request";
    /// The caller may not do this.
    NoPermission = 10007, "no permission";
    /// The owner has to hand the group over or dismiss it first.
    OwnerMayNotQuit = 10009, "the owner may not quit";
    /// No such group, or it was dismissed.
    NoSuchGroup = 10010, "the group does not exist or was dismissed";
    /// Joining a group one is in.
    AlreadyMember = 10013, "already a member";
    /// The group has all the members it may have.
    GroupFull = 10014, "the group is full";
    /// A group id that cannot be one.
    InvalidGroupId = 10015, "invalid group id";
    /// The app's back end refused the group message (`Group.CallbackBeforeSendMsg`).
    RefusedByApp = 10016, "the app's back end refused the message";
    /// The member, or the whole group, is muted.
    Muted = 10017, "muted";
    /// The answer would be larger than 1 MiB: ask for less.
    ResponseTooLarge = 10018, "the response is over 1 MiB";
    /// A user who has no account.
    NoSuchAccount = 10019, "the account does not exist";
    /// The group id is taken.
    GroupIdTaken = 10021, "the group id is taken";
    /// The group id is taken by a group of the caller's own.
    GroupIdTakenByOneself = 10025, "the group id is taken by a group of your own";
    /// The group message to recall does not exist.
    RecallUnknown = 10030, "no such message to recall";
    /// The group message is too old to recall.
    RecallTooLate = 10031, "too late to recall";
    /// The group message is recalled already, or cannot be.
    NotRecallable = 10032, "recalled already, or not recallable";
    /// There is no receipt information for this message.
    NoReceipt = 10062, "no receipt information for this message";
    /// A one-to-one request that is out of bounds.
    BadC2cRequest = 20001, "bad request";
    /// Writing to a user id that has no account.
    PeerUnknown = 20003, "the user has no account";
    /// The app's back end refused the one-to-one message (`C2C.CallbackBeforeSendMsg`).
    RefusedByAppC2c = 20006, "the app's back end refused the message";
    /// The one-to-one message is too old to recall.
    RecallTooLateC2c = 20016, "too late to recall";
    /// The one-to-one message to recall does not exist.
    RecallUnknownC2c = 20022, "no such message to recall";
    /// The one-to-one message is recalled already.
    RecalledAlreadyC2c = 20023, "recalled already";
    /// A URL of no command of REST v4, or another method than POST.
    BadUrl = 60002, "bad URL";
    /// The body of a REST request is not a JSON object.
    NotJson = 60003, "the body is not a JSON object";
    /// The URL of a REST request lacks `identifier` or `usersig`.
    CredentialsMissing = 60004, "identifier or usersig is missing";
    /// The `sdkappid` of a REST request is no number, or of no app.
    BadAppId = 60006, "bad sdkappid";
    /// A user calls more often than the server lets one.
    TooManyCallsOfUser = 60007, "too many requests of this user, try again later";
    /// A REST call took longer than 3 s.
    TimedOut = 60008, "timed out";
    /// The users of an app together call more often than the server lets one app.
    TooManyCallsOfApp = 60011, "too many requests of this app, try again later";
    /// The URL of a REST request lacks `sdkappid`.
    AppIdMissing = 60012, "sdkappid is missing";
    /// The `identifier` of a REST request cannot be a user id.
    BadIdentifier = 60015, "bad identifier";
    /// The UserSig has run out.
    UserSigExpired = 70001, "the UserSig has expired";
    /// There is no UserSig.
    UserSigEmpty = 70002, "the UserSig is empty";
    /// The UserSig is cut off or not one.
    UserSigMalformed = 70003, "the UserSig cannot be read";
    /// The UserSig was made with another key.
    UserSigWrongKey = 70009, "the UserSig was made with another key";
    /// The UserSig is somebody else's.
    UserSigOtherUser = 70013, "the UserSig belongs to another user";
    /// The UserSig is for another app.
    UserSigOtherApp = 70014, "the UserSig belongs to another app";
    /// No app has this SDKAppID.
    NoSuchApp = 70020, "no app has this SDKAppID";
    /// The UserSig was made before the user was kicked.
    UserSigRevoked = 70052, "the UserSig was revoked";
    /// The user has no account and the app makes none at login.
    NoAccount = 70107, "the account does not exist";
    /// An account request that names nobody, or too many.
    BadAccountCount = 70206, "none, or too many accounts in one request";
    /// An account request with a parameter that is missing or out of bounds.
    BadAccountParameter = 70402, "bad parameter";
    /// Only an administrator of the app may do this.
    AdministratorRequired = 70403, "an administrator is required";
    /// Something broke in the server while it served an account request.
    InternalAccount = 70500, "internal error";
    /// The message is larger than 12 KiB.
    MessageTooLong = 80002, "the message is too long";
    /// A one-to-one request with a field that is missing or ill-typed.
    BadC2cJson = 90001, "a field is missing or ill-typed";
    /// A message without content, or with content that cannot be sent.
    BadMessageBody = 90002, "bad message body";
    /// `To_Account` or `Peer_Account` is missing, or not a user id.
    BadReceiver = 90003, "bad To_Account or Peer_Account";
    /// `MsgRandom` is missing, or no unsigned 32-bit number.
    BadRandom = 90005, "bad MsgRandom";
    /// `MsgTimeStamp` is no number.
    BadTimestamp = 90006, "bad MsgTimeStamp";
    /// `MsgBody` is no array.
    BodyNotArray = 90007, "MsgBody is no array";
    /// `From_Account`, or whoever else the request acts for, is missing, or not a user id.
    BadSender = 90008, "bad From_Account";
    /// Only an administrator of the app may call one-to-one commands.
    AdministratorRequiredC2c = 90009, "an administrator is required";
    /// An element of `MsgBody` has not the format of its type.
    BadElement = 90010, "bad element in MsgBody";
    /// More receivers than one request may name.
    TooManyReceivers = 90011, "too many receivers";
    /// A receiver who has no account.
    NoSuchReceiver = 90012, "the receiver has no account";
    /// `MsgLifeTime` is over seven days.
    LifeTimeTooLong = 90026, "MsgLifeTime is over seven days";
    /// `SyncOtherMachine` is neither 1 nor 2.
    BadSyncOtherMachine = 90031, "bad SyncOtherMachine";
    /// `MsgLifeTime` is out of bounds.
    BadLifeTime = 90044, "bad MsgLifeTime";
    /// A user named in a one-to-one request has no account.
    NoSuchUserC2c = 90048, "the account does not exist";
    /// `MsgKey` is none.
    BadMessageKey = 90054, "bad MsgKey";
    /// The server cannot store anything now.
    StorageUnavailable = 91000, "storage is unavailable";
    /// A one-to-one message over 12 KiB, by REST.
    MessageTooLongC2c = 93000, "the message is too long";
}

impl Code {
    /// The number on the wire.
    pub const fn number(self) -> u32 {
        self as u32
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.number(), self.meaning())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn numbers_rise_and_come_back() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
        assert!(Code::ALL.iter().all(|code| Code::from_number(code.number()) == Some(*code)));
        assert_eq!(Code::from_number(1), None);
    }
}
