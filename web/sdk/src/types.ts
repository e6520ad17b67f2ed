// Constants and shapes under the vendor's names.

/** The vendor's constants for what Yidu does. */
export const TYPES = {
  CONV_C2C: 'C2C',
  CONV_GROUP: 'GROUP',
  CONV_SYSTEM: '@TIM#SYSTEM',
  MSG_TEXT: 'TIMTextElem',
  MSG_IMAGE: 'TIMImageElem',
  MSG_SOUND: 'TIMSoundElem',
  MSG_AUDIO: 'TIMSoundElem',
  MSG_FILE: 'TIMFileElem',
  MSG_FACE: 'TIMFaceElem',
  MSG_VIDEO: 'TIMVideoFileElem',
  MSG_LOCATION: 'TIMLocationElem',
  MSG_GEO: 'TIMLocationElem',
  MSG_GRP_TIP: 'TIMGroupTipElem',
  MSG_CUSTOM: 'TIMCustomElem',
  MSG_MERGER: 'TIMRelayElem',
  /** Yidu's own: an element of a kind that this SDK does not show (files, sounds, pictures, merged messages). */
  MSG_UNKNOWN: 'YiduUnknownElem',
  MSG_AT_ALL: '__kImSDK_MesssageAtALL__',
  MSG_PRIORITY_HIGH: 'High',
  MSG_PRIORITY_NORMAL: 'Normal',
  MSG_PRIORITY_LOW: 'Low',
  MSG_PRIORITY_LOWEST: 'Lowest',
  GRP_WORK: 'Private',
  GRP_PUBLIC: 'Public',
  GRP_MEETING: 'ChatRoom',
  GRP_AVCHATROOM: 'AVChatRoom',
  GRP_COMMUNITY: 'Community',
  GRP_MBR_ROLE_OWNER: 'Owner',
  GRP_MBR_ROLE_ADMIN: 'Admin',
  GRP_MBR_ROLE_MEMBER: 'Member',
  GRP_TIP_MBR_JOIN: 1,
  GRP_TIP_MBR_QUIT: 2,
  GRP_TIP_MBR_KICKED_OUT: 3,
  GRP_TIP_MBR_SET_ADMIN: 4,
  GRP_TIP_MBR_CANCELED_ADMIN: 5,
  GRP_TIP_GRP_PROFILE_UPDATED: 6,
  GRP_TIP_MBR_PROFILE_UPDATED: 7,
  JOIN_OPTIONS_FREE_ACCESS: 'FreeAccess',
  JOIN_OPTIONS_NEED_PERMISSION: 'NeedPermission',
  JOIN_OPTIONS_DISABLE_APPLY: 'DisableApply',
  JOIN_STATUS_SUCCESS: 'JoinedSuccess',
  JOIN_STATUS_ALREADY_IN_GROUP: 'AlreadyInGroup',
  KICKED_OUT_MULT_ACCOUNT: 'multipleAccount',
  KICKED_OUT_MULT_DEVICE: 'multipleDevice',
  KICKED_OUT_USERSIG_EXPIRED: 'userSigExpired',
  KICKED_OUT_REST_API: 'REST_API_Kick',
  NET_STATE_CONNECTED: 'connected',
  NET_STATE_CONNECTING: 'connecting',
  NET_STATE_DISCONNECTED: 'disconnected',
  READ_ALL_C2C_MSG: 'readAllC2CMessage',
  READ_ALL_GROUP_MSG: 'readAllGroupMessage',
  READ_ALL_MSG: 'readAllMessage',
} as const;

/** What every call that succeeds resolves with. */
export interface Outcome<T> {
  code: 0;
  data: T;
}

/** The receipts of one message. Every field is undefined until the SDK knows it. */
export interface ReadReceiptInfo {
  /** Group: members of the audience with a receipt. Never falls. */
  readCount: number | undefined;
  /** Group: members of the audience without one who are in the group now. */
  unreadCount: number | undefined;
  /** Group: members of the audience without one who have left (semantics.md rule 4). Yidu's own. */
  leftCount: number | undefined;
  /** Members that were asked when the message was sent; read + unread + left. Yidu's own. */
  audience: number | undefined;
  /** One-to-one: the peer has sent a receipt for this message. */
  isPeerRead: boolean | undefined;
  /** One-to-one: when, in seconds of the server's clock. */
  timestamp: number | undefined;
  /** Rises with every newer state that the SDK has taken; of this client alone. Yidu's own. */
  version: number;
}

/** A message, in the vendor's form. Times are in seconds. */
export interface Message {
  /** `<number of the sender>-<time>-<random>`; known before the message is sent. */
  ID: string;
  /** One of `TYPES.MSG_…`: that of the first element. */
  type: string;
  /** The content of the first element, in the vendor's form. */
  // biome-ignore lint/suspicious/noExplicitAny: programs written for the vendor's SDK read it without a cast
  payload: any;
  conversationID: string;
  conversationType: string;
  to: string;
  from: string;
  flow: 'in' | 'out';
  time: number;
  status: 'unSend' | 'success' | 'fail';
  isRevoked: boolean;
  revoker: string;
  revokeReason: string;
  isDeleted: boolean;
  isModified: boolean;
  /** One-to-one: the peer has cleared its unread count up to this message or later. Receipts do not set it. */
  isPeerRead: boolean;
  needReadReceipt: boolean;
  readReceiptInfo: ReadReceiptInfo;
  /** A receipt of one's own is recorded, or waits in the outbox. Yidu's own. */
  hasSentReceipt: boolean;
  priority: string;
  nick: string;
  avatar: string;
  nameCard: string;
  atUserList: string[];
  cloudCustomData: string;
  isSupportExtension: boolean;
  isBroadcastMessage: boolean;
  hasRiskContent: boolean;
  receiverList: string[];
  /** Position in the conversation; 0 until it is sent. */
  sequence: number;
  clientTime: number;
  random: number;
  /** Every element; a message of one's own may be given further ones before it is sent. Yidu's own. */
  elements: { type: string; payload: unknown }[];
}

/** What everybody may know of a user. */
export interface Profile {
  userID: string;
  nick: string;
  avatar: string;
}

/** A group, in the vendor's form. */
export interface Group {
  groupID: string;
  type: string;
  name: string;
  avatar: string;
  introduction: string;
  notification: string;
  ownerID: string;
  createTime: number;
  memberCount: number;
  maxMemberCount: number;
  muteAllMembers: boolean;
  joinOption: string;
  nextMessageSeq: number;
  /** Messages that ask for receipts can be sent now (semantics.md rule 1). Yidu's own. */
  receiptsWork: boolean;
}

/** A member of a group, in the vendor's form. Times are in seconds. */
export interface GroupMember extends Profile {
  role: string;
  joinTime: number;
  nameCard: string;
  muteUntil: number;
}

/** The newest message of a conversation, as the conversation list shows it. */
export interface LastMessage {
  lastTime: number;
  lastSequence: number;
  fromAccount: string;
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as in Message
  payload: any;
  messageForShow: string;
  isRevoked: boolean;
  isPeerRead: boolean;
  nick: string;
  nameCard: string;
}

/** A conversation, in the vendor's form. */
export interface Conversation {
  conversationID: string;
  type: string;
  unreadCount: number;
  lastMessage: LastMessage | undefined;
  userProfile: Profile | undefined;
  groupProfile: Partial<Group> | undefined;
  /** One-to-one: the peer has cleared its unread count up to this time, in seconds. */
  peerReadTime: number;
  /** For programs that read it; Yidu has none of these. */
  groupAtInfoList: never[];
  isPinned: false;
  remark: '';
}

/** One who has, or has not, read a message. */
export interface ReadMember extends Profile {
  nameCard: string;
  /** When the receipt was recorded, in milliseconds of the server's clock; 0 in the lists of those who have not read. */
  readTime: number;
}

/** Where somebody stands with a message; `left`: has not read it and is no longer in the conversation. */
export type ReaderState = 'read' | 'unread' | 'left' | 'notAsked';

/** One of a page at a version. Yidu's own. */
export interface ListedReader extends ReadMember {
  state: ReaderState;
}

/** Whether a user has read a message. Yidu's own. */
export interface ReadStatus {
  userID: string;
  isRead: boolean;
  /** In milliseconds of the server's clock; 0 while it is not read. */
  readTime: number;
  state: ReaderState;
}
