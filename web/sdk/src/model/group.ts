// Groups, members and profiles in the vendor's form.

import type { Group as Listed, Profile as ListedProfile, Member } from '../gen/server.ts';
import { type Group, type GroupMember, type Profile, TYPES } from '../types.ts';

const GROUP_TYPES: Record<number, string> = {
  0: TYPES.GRP_PUBLIC,
  1: TYPES.GRP_WORK,
  2: TYPES.GRP_MEETING,
  4: TYPES.GRP_AVCHATROOM,
  5: TYPES.GRP_COMMUNITY,
};
const ROLES: Record<number, string> = {
  200: TYPES.GRP_MBR_ROLE_MEMBER,
  300: TYPES.GRP_MBR_ROLE_ADMIN,
  400: TYPES.GRP_MBR_ROLE_OWNER,
};
const JOINING: Record<number, string> = {
  0: TYPES.JOIN_OPTIONS_DISABLE_APPLY,
  1: TYPES.JOIN_OPTIONS_NEED_PERMISSION,
  2: TYPES.JOIN_OPTIONS_FREE_ACCESS,
};

/** The number of a name; undefined for a name that there is not. */
function numberOf<N extends number>(names: Record<number, string>, name: string | undefined): N | undefined {
  const found = Object.entries(names).find(([, known]) => known === name);
  return found && (Number(found[0]) as N);
}

export const groupTypeOf = (name: string | undefined) => numberOf<0 | 1 | 2 | 4 | 5>(GROUP_TYPES, name);
export const roleOf = (name: string | undefined) => numberOf<200 | 300 | 400>(ROLES, name);
export const joiningOf = (name: string | undefined) => numberOf<0 | 1 | 2>(JOINING, name);

export function groupOf(listed: Listed): Group {
  return {
    groupID: listed.id,
    type: GROUP_TYPES[listed.type] ?? '',
    name: listed.name,
    avatar: listed.avatarUrl,
    introduction: listed.introduction,
    notification: listed.notification,
    ownerID: listed.owner,
    createTime: Math.floor(listed.createdMs / 1000),
    memberCount: listed.memberCount,
    maxMemberCount: listed.maxMembers,
    muteAllMembers: listed.muteAll,
    joinOption: JOINING[listed.addOption] ?? '',
    nextMessageSeq: listed.lastSeq + 1,
    receiptsWork: listed.receiptsWork,
  };
}

export function profileOf(listed: ListedProfile | undefined): Profile {
  return { userID: listed?.userId ?? '', nick: listed?.nick ?? '', avatar: listed?.avatarUrl ?? '' };
}

export function memberOf(listed: Member): GroupMember {
  return {
    ...profileOf(listed.profile),
    role: ROLES[listed.role] ?? '',
    joinTime: Math.floor(listed.joinedMs / 1000),
    nameCard: listed.nameCard,
    muteUntil: Math.floor(listed.mutedUntilMs / 1000),
  };
}
