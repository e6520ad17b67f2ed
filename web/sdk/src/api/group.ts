// Groups and their members.

import type { Core } from '../core.ts';
import { ChatError, invalid } from '../errors.ts';
import type { AddMembersResult } from '../gen/server.ts';
import { groupOf, groupTypeOf, joiningOf, memberOf, roleOf } from '../model/group.ts';
import { type Group, type GroupMember, type Outcome, TYPES } from '../types.ts';
import { ok, portions } from './support.ts';

const MEMBERS_AT_ONCE = 20;
const FAILED = 0;
const ALREADY = 2;

export interface GroupCalls {
  /**
   * Makes a group, oneself its owner. At most 20 first members; who cannot be added comes back in `overLimitUserIDList`.
   * Fails with 10021 or 10025 (the id is taken), 10004, 10019.
   *
   * @example
   * ```ts
   * const { data } = await chat.createGroup({
   *   name: 'Team', type: Chat.TYPES.GRP_WORK, groupID: 'team', memberList: [{ userID: 'bob' }],
   * });
   * ```
   */
  createGroup(options: {
    name: string;
    type?: string;
    groupID?: string;
    introduction?: string;
    notification?: string;
    avatar?: string;
    maxMemberNum?: number;
    joinOption?: string;
    memberList?: { userID: string }[];
  }): Promise<Outcome<{ group: Group; overLimitUserIDList: string[] }>>;
  /**
   * Joins a group. Resolves with `JOIN_STATUS_SUCCESS`, or `JOIN_STATUS_ALREADY_IN_GROUP` when one was in it. Fails with 10007
   * (the group takes no applications), 10014 (full), 10010.
   *
   * @example
   * ```ts
   * const { data } = await chat.joinGroup({ groupID: 'town-hall' });
   * ```
   */
  joinGroup(options: {
    groupID: string;
    type?: string;
    applyMessage?: string;
  }): Promise<Outcome<{ status: string; group: Group | undefined }>>;
  /**
   * Leaves a group. Fails with 10009 for the owner of a group that is not Work.
   *
   * @example
   * ```ts
   * await chat.quitGroup('team');
   * ```
   */
  quitGroup(groupID: string): Promise<Outcome<{ groupID: string }>>;
  /**
   * Ends a group for everybody. Fails with 10007 when one is not the owner, or it is a Work group.
   *
   * @example
   * ```ts
   * await chat.dismissGroup('town-hall');
   * ```
   */
  dismissGroup(groupID: string): Promise<Outcome<{ groupID: string }>>;
  /**
   * The groups that one is in, the first 1,000.
   *
   * @example
   * ```ts
   * const { data: { groupList } } = await chat.getGroupList();
   * ```
   */
  getGroupList(): Promise<Outcome<{ groupList: Group[] }>>;
  /**
   * One group. Fails with 10010, 10007 (a Work group that one is not in).
   *
   * @example
   * ```ts
   * const { data: { group } } = await chat.getGroupProfile({ groupID: 'team' });
   * ```
   */
  getGroupProfile(options: { groupID: string }): Promise<Outcome<{ group: Group }>>;
  /**
   * Changes what is given. Fails with 10007 (owner and admins only; in Work groups any member may), 10004.
   *
   * @example
   * ```ts
   * await chat.updateGroupProfile({ groupID: 'team', name: 'The team' });
   * ```
   */
  updateGroupProfile(options: {
    groupID: string;
    name?: string;
    avatar?: string;
    introduction?: string;
    notification?: string;
    muteAllMembers?: boolean;
    joinOption?: string;
  }): Promise<Outcome<{ group: Group }>>;
  /**
   * A page of at most 100 members by order of joining, of one role where `role` is given. `offset` is `''` or 0 at first, then
   * the one that came back; 0 on the last page.
   *
   * @example
   * ```ts
   * const { data } = await chat.getGroupMemberList({ groupID: 'team', count: 100, offset: 0 });
   * ```
   */
  getGroupMemberList(options: {
    groupID: string;
    count?: number;
    offset?: number | string;
    role?: string;
  }): Promise<Outcome<{ memberList: GroupMember[]; offset: number | string }>>;
  /**
   * Members by their ids, at most 100. Who is no member is left out.
   *
   * @example
   * ```ts
   * const { data } = await chat.getGroupMemberProfile({ groupID: 'team', userIDList: ['bob'] });
   * ```
   */
  getGroupMemberProfile(options: {
    groupID: string;
    userIDList: string[];
  }): Promise<Outcome<{ memberList: GroupMember[] }>>;
  /**
   * Adds members, each judged by itself.
   *
   * @example
   * ```ts
   * const { data } = await chat.addGroupMember({ groupID: 'team', userIDList: ['bob', 'carol'] });
   * ```
   */
  addGroupMember(options: { groupID: string; userIDList: string[] }): Promise<
    Outcome<{
      successUserIDList: string[];
      failureUserIDList: string[];
      existedUserIDList: string[];
      overLimitUserIDList: string[];
      group: Group | undefined;
    }>
  >;
  /**
   * Removes at most 100 members. Who is none counts as removed.
   *
   * @example
   * ```ts
   * await chat.deleteGroupMember({ groupID: 'team', userIDList: ['bob'], reason: 'has left' });
   * ```
   */
  deleteGroupMember(options: {
    groupID: string;
    userIDList: string[];
    reason?: string;
  }): Promise<Outcome<{ userIDList: string[]; group: Group | undefined }>>;
  /**
   * Makes a member an admin, or a plain member again; the owner only.
   *
   * @example
   * ```ts
   * await chat.setGroupMemberRole({ groupID: 'team', userID: 'bob', role: Chat.TYPES.GRP_MBR_ROLE_ADMIN });
   * ```
   */
  setGroupMemberRole(options: {
    groupID: string;
    userID: string;
    role: string;
  }): Promise<Outcome<{ group: Group | undefined }>>;
  /**
   * Makes another member the owner; the old one stays a member.
   *
   * @example
   * ```ts
   * await chat.changeGroupOwner({ groupID: 'team', newOwnerID: 'bob' });
   * ```
   */
  changeGroupOwner(options: {
    groupID: string;
    newOwnerID: string;
  }): Promise<Outcome<{ group: Group | undefined }>>;
}

export function groupCalls(core: Core): GroupCalls {
  const fetch = async (groupID: string) => {
    const answer = await core.call('getGroups', { groupIds: [groupID] });
    const result = answer.groups[0];
    if (!result?.group) {
      throw new ChatError(result?.code || 10_010, `the group ${groupID} is not to be had`);
    }
    const group = groupOf(result.group);
    // One may look at a group without being in it.
    if (core.groups.has(groupID)) {
      core.groups.set(groupID, group);
    }
    return group;
  };
  const page = (groupID: string, cursor: string, limit: number, role?: string) => {
    const number = roleOf(role);
    return core.call('listMembers', { groupId: groupID, cursor, limit, roles: number ? [number] : [] });
  };
  const entered = async (groupID: string) => {
    core.fetchConversation(`GROUP${groupID}`);
    const group = await fetch(groupID);
    core.groups.set(groupID, group);
    return group;
  };
  const left = (groupID: string) => {
    core.groups.delete(groupID);
    core.conversations.remove(`GROUP${groupID}`);
    return ok({ groupID });
  };
  return {
    async createGroup({ name, type = TYPES.GRP_WORK, joinOption, memberList = [], ...more }) {
      const number = groupTypeOf(type);
      if (number === undefined) {
        throw invalid(`there is no group type ${type}; use one of TYPES.GRP_…`);
      }
      const members = memberList.map(member => member.userID);
      const addOption = joiningOf(joinOption);
      const { groupId } = await core.call('createGroup', {
        name,
        type: number,
        members: members.slice(0, MEMBERS_AT_ONCE),
        groupId: more.groupID ?? '',
        introduction: more.introduction ?? '',
        notification: more.notification ?? '',
        avatarUrl: more.avatar ?? '',
        maxMembers: more.maxMemberNum ?? 0,
        ...(addOption === undefined ? {} : { addOption }),
      });
      return ok({ group: await entered(groupId), overLimitUserIDList: members.slice(MEMBERS_AT_ONCE) });
    },
    async joinGroup({ groupID, applyMessage = '' }) {
      try {
        await core.call('joinGroup', { groupId: groupID, hello: applyMessage });
      } catch (error) {
        if (error instanceof ChatError && error.code === 10_013) {
          return ok({ status: TYPES.JOIN_STATUS_ALREADY_IN_GROUP, group: core.groups.get(groupID) });
        }
        throw error;
      }
      return ok({ status: TYPES.JOIN_STATUS_SUCCESS, group: await entered(groupID) });
    },
    async quitGroup(groupID) {
      await core.call('quitGroup', { groupId: groupID });
      return left(groupID);
    },
    async dismissGroup(groupID) {
      await core.call('dismissGroup', { groupId: groupID });
      return left(groupID);
    },
    async getGroupList() {
      return ok({ groupList: await core.loadGroups() });
    },
    async getGroupProfile({ groupID }) {
      return ok({ group: await fetch(groupID) });
    },
    async updateGroupProfile({ groupID, joinOption, avatar, muteAllMembers, ...texts }) {
      const addOption = joiningOf(joinOption);
      const answer = await core.call('modifyGroup', {
        groupId: groupID,
        ...texts,
        ...(avatar === undefined ? {} : { avatarUrl: avatar }),
        ...(muteAllMembers === undefined ? {} : { muteAll: muteAllMembers }),
        ...(addOption === undefined ? {} : { addOption }),
      });
      const group = answer.group ? groupOf(answer.group) : await fetch(groupID);
      core.groups.set(groupID, group);
      return ok({ group });
    },
    async getGroupMemberList({ groupID, count = 15, offset = 0, role }) {
      const { members, nextCursor } = await page(groupID, String(offset || 0), Math.min(count, 100), role);
      return ok({ memberList: members.map(memberOf), offset: nextCursor === '0' ? 0 : nextCursor });
    },
    async getGroupMemberProfile({ groupID, userIDList }) {
      const answer = await core.call('listMembers', { groupId: groupID, users: userIDList });
      return ok({ memberList: answer.members.map(memberOf) });
    },
    async addGroupMember({ groupID, userIDList }) {
      const results: AddMembersResult['results'] = [];
      for (const users of portions(userIDList, MEMBERS_AT_ONCE)) {
        results.push(...(await core.call('addMembers', { groupId: groupID, users })).results);
      }
      const of = (wanted: (result: (typeof results)[number]) => boolean) =>
        results.filter(wanted).map(result => result.userId);
      return ok({
        successUserIDList: of(({ outcome }) => outcome !== FAILED && outcome !== ALREADY),
        existedUserIDList: of(({ outcome }) => outcome === ALREADY),
        overLimitUserIDList: of(({ code }) => code === 10_014),
        failureUserIDList: of(({ outcome, code }) => outcome === FAILED && code !== 10_014),
        group: await fetch(groupID),
      });
    },
    async deleteGroupMember({ groupID, userIDList, reason = '' }) {
      await core.call('removeMembers', { groupId: groupID, users: userIDList, reason });
      return ok({ userIDList, group: await fetch(groupID) });
    },
    async setGroupMemberRole({ groupID, userID, role }) {
      const number = roleOf(role);
      if (number === undefined) {
        throw invalid(`there is no role ${role}; use one of TYPES.GRP_MBR_ROLE_…`);
      }
      await core.call('modifyMember', { groupId: groupID, userId: userID, role: number });
      return ok({ group: core.groups.get(groupID) });
    },
    async changeGroupOwner({ groupID, newOwnerID }) {
      await core.call('transferGroup', { groupId: groupID, owner: newOwnerID });
      return ok({ group: await fetch(groupID) });
    },
  };
}
