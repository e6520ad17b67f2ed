// What `/api/v1` answers, as far as the console shows it. `docs/openapi.json` describes it.

export type Role = 'viewer' | 'operator' | 'owner';

export interface Session {
  name: string;
  role: Role;
  csrf: string;
  expires_ms: number;
}

export interface Problem {
  detail: string;
  code: number;
  retry_after_ms?: number;
}

export interface Key {
  fingerprint: string;
  created_ms: number;
  retires_ms?: number;
}

export interface AppInfo {
  app_id: number;
  name: string;
  created_ms: number;
  keys: Key[];
}

export interface AppWithKey {
  app: AppInfo;
  secret_key: string;
}

export const GROUP_TYPES = ['Work', 'Public', 'Meeting', 'Community', 'AVChatRoom'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];
export const VIEWERS = ['sender', 'managers', 'members'] as const;
export type Viewers = (typeof VIEWERS)[number];
export type ReceiptSwitch = 'inherit' | 'on' | 'off';

export interface Webhook {
  url: string;
  token: string;
  commands: string[];
  on_timeout: 'allow' | 'deny';
}

export interface Settings {
  receipt_group_types: GroupType[];
  receipt_viewers: Viewers;
  history_days: number;
  recall_seconds: number;
  multi_device: 'all' | 'one_per_platform' | 'one';
  administrators: string[];
  account_auto_create: boolean;
  group_limits: Record<GroupType, number>;
  webhook?: Webhook | null;
}

export interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

export interface SettingsChanged {
  differences: Difference[];
  dry_run: boolean;
  settings: Settings;
}

export interface Group {
  group_id: string;
  type: GroupType;
  name: string;
  owner: string;
  created_ms: number;
  last_seq: number;
  member_count: number;
  max_members: number;
  receipts: ReceiptSwitch;
  receipts_work: boolean;
}

export interface Profile {
  user_id: string;
  nick: string;
  avatar_url: string;
}

export interface Member extends Profile {
  role: 'none' | 'member' | 'admin' | 'owner';
  joined_ms: number;
  name_card: string;
}

export interface Device {
  device_id: string;
  platform: string;
  since_ms: number;
}

export interface UserItem extends Profile {
  created_ms: number;
  devices: Device[];
  last_online_ms?: number;
  online: boolean;
}

export interface ReceiptState {
  conversation: { type: 'user' | 'group'; id: string };
  seq: number;
  message_id: string;
  audience_count: number;
  read_count: number;
  unread_count: number;
  left_count: number;
  closed: boolean;
  peer_read_time_ms?: number;
}

export interface Message {
  id: string;
  conversation: { type: 'user' | 'group'; id: string };
  seq: number;
  from: string;
  time_ms: number;
  need_receipt: boolean;
  recalled: boolean;
  targeted: boolean;
  elements: number;
  receipt?: ReceiptState;
}

export interface Reader extends Profile {
  name_card: string;
  state: 'read' | 'unread' | 'left';
  read_time_ms?: number;
}

export interface MemberPage {
  members: Reader[];
  total: number;
  version: number;
  offset: number;
  finished: boolean;
  next_cursor: number;
  receipt: ReceiptState;
}

export interface ReceiptOfMember extends Profile {
  state: 'read' | 'unread' | 'left' | 'not_asked';
  member: boolean;
  reason?: string;
  read_time_ms?: number;
  joined_ms?: number;
  last_online_ms?: number;
  online?: boolean;
  cleared_seq?: number;
  newer_read_seq?: number;
}

export interface Timeline {
  first_ms?: number;
  median_ms?: number;
  last_ms?: number;
  buckets: { until_ms: number; count: number }[];
}

export interface AuditEntry {
  number: number;
  time_ms: number;
  by: string;
  what: string;
  whom: string;
  before: unknown;
  after: unknown;
}

export interface DeadLetter {
  number: number;
  command: string;
  time_ms: number;
  given_up_ms: number;
  reason: string;
}

export interface Delivery {
  at_ms: number;
  command: string;
  url: string;
  hooks: number;
  numbers: number[];
  took_ms: number;
  reason?: string;
}

export interface Operator {
  name: string;
  role: Role;
  created_ms: number;
}
