// Profiles.

import type { Core } from '../core.ts';
import { EVENT } from '../events.ts';
import { profileOf } from '../model/group.ts';
import type { Outcome, Profile } from '../types.ts';
import { ok, portions } from './support.ts';

const PROFILES = 100;

export interface ProfileCalls {
  /**
   * One's own profile.
   *
   * @example
   * ```ts
   * const { data: { nick } } = await chat.getMyProfile();
   * ```
   */
  getMyProfile(): Promise<Outcome<Profile>>;
  /**
   * Changes one's own nick and avatar; what is not given stays. PROFILE_UPDATED is told. Other fields of the vendor's are not
   * in Yidu.
   *
   * @example
   * ```ts
   * await chat.updateMyProfile({ nick: '王芳' });
   * ```
   */
  updateMyProfile(options: { nick?: string; avatar?: string }): Promise<Outcome<Profile>>;
  /**
   * Profiles of users, any number of them. Who has no account is left out.
   *
   * @example
   * ```ts
   * const { data } = await chat.getUserProfile({ userIDList: ['bob', 'carol'] });
   * ```
   */
  getUserProfile(options: { userIDList: string[] }): Promise<Outcome<Profile[]>>;
}

export function profileCalls(core: Core): ProfileCalls {
  const profiles = async (userIds: string[]) => {
    const found: Profile[] = [];
    for (const portion of portions(userIds, PROFILES)) {
      found.push(...(await core.call('getProfiles', { userIds: portion })).profiles.map(profileOf));
    }
    return found;
  };
  return {
    async getMyProfile() {
      const [mine] = await profiles([core.me]);
      return ok(mine ?? profileOf(undefined));
    },
    async updateMyProfile({ nick, avatar }) {
      const { profile } = await core.call('modifyProfile', {
        ...(nick === undefined ? {} : { nick }),
        ...(avatar === undefined ? {} : { avatarUrl: avatar }),
      });
      const mine = profileOf(profile);
      core.events.emit(EVENT.PROFILE_UPDATED, [mine]);
      return ok(mine);
    },
    async getUserProfile({ userIDList }) {
      return ok(await profiles(userIDList));
    },
  };
}
